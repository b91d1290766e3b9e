// Package commpeak is the client of the CommPeak Streams API. It knows nothing
// of Terraform.
//
// Two credentials exist: the account's API key for the management API, and a
// stream's own token for sending. Both travel raw in the Authorization header.
// What the client relies on, and whether CommPeak documents it, is written down
// in package contract; paths and wire names stand nowhere else but here.
package commpeak

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"
)

// Defaults of a [Config], as documented to users.
const (
	DefaultEndpoint        = "https://gw.commpeak.com/textpeak"
	DefaultStreamsEndpoint = "https://textpeak-streams.commpeak.com"
	DefaultRequestTimeout  = 30 * time.Second
	DefaultMaxRetries      = 4
)

// Config says how to reach an account.
type Config struct {
	// APIKey authorises the management API (console: Settings > API Keys).
	APIKey string
	// Endpoint is the base URL of the management API.
	Endpoint string
	// StreamsEndpoint is the base URL of the run-time API.
	StreamsEndpoint string
	// Roots are the authorities that the service's certificate may come from; nil
	// is those that this machine trusts. See [RootsWith].
	Roots *x509.CertPool
	// RequestTimeout bounds each attempt of a request, its body included. Zero
	// is [DefaultRequestTimeout].
	RequestTimeout time.Duration
	// MaxRetries is how often a failed request is tried again; 0 is never.
	MaxRetries int
	// RequestsPerSecond limits what the client sends; 0 is no limit.
	RequestsPerSecond float64
	// ReadOnly refuses every write before it is sent, with [ErrReadOnly].
	ReadOnly bool
	// SingleReads makes each read of a refresh a request of its own: nothing is
	// shared.
	SingleReads bool
	// UserAgent names the program to the service.
	UserAgent string
	// Log receives one line for each attempt and each wait; nil is silence. No
	// line holds a header, a body or a credential.
	Log func(ctx context.Context, message string, fields map[string]any)
	// AfterWrite is called after each write, with its retries, whatever its outcome.
	// It receives the escaped path of the object, such as "/streams/7", that was
	// written or created; of a send, which names no object, the empty path.
	AfterWrite func(path string)
	// FirstBackoff is the mean wait before the first retry; it grows from
	// there. Zero is half a second.
	FirstBackoff time.Duration
	// Steady leaves chance out of the waits, so that they can be repeated.
	Steady bool
	// Transport makes what carries the requests of the network, or instead of it;
	// nil is the network.
	Transport func(network http.RoundTripper) http.RoundTripper
}

// Client talks to one account. It is safe for concurrent use.
type Client struct {
	config  Config
	unready error
	http    *http.Client
	limiter *rate.Limiter
	pause   pause
	secrets secrets
	// reached: a call of the management API was answered as it should be.
	reached atomic.Bool
	reach   reach
}

// New returns a client for config, whose URLs must be what [ParseEndpoint]
// accepts. It makes no call.
func New(config Config) *Client {
	config.RequestTimeout = cmp.Or(config.RequestTimeout, DefaultRequestTimeout)
	config.FirstBackoff = cmp.Or(config.FirstBackoff, backoff.DefaultInitialInterval)
	c := &Client{config: config}
	c.secrets.add(config.APIKey)
	var transport http.RoundTripper = newTransport(config.Roots)
	if config.Transport != nil {
		transport = config.Transport(transport)
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: checkRedirect}
	c.limiter = rate.NewLimiter(rate.Inf, 0)
	if config.RequestsPerSecond > 0 {
		c.limiter = rate.NewLimiter(rate.Limit(config.RequestsPerSecond), max(1, int(config.RequestsPerSecond)))
	}
	return c
}

// NewUnready returns a client whose every call fails with err before anything
// is sent: the stand-in for an account that is not known yet.
func NewUnready(err error) *Client {
	return &Client{unready: err}
}

// Ready reports whether calls can be made at all.
func (c *Client) Ready() bool { return c.unready == nil }

// ReadOnly reports whether every write will be refused.
func (c *Client) ReadOnly() bool { return c.config.ReadOnly }

// StreamsEndpoint is the base URL of the run-time API, without a closing slash.
func (c *Client) StreamsEndpoint() string { return c.config.StreamsEndpoint }

// ParseEndpoint checks the base URL of an API and returns it without a closing
// slash. Plain http is refused except to this machine itself, since a
// credential travels with every request.
func ParseEndpoint(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("this is not a URL")
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return "", errors.New("an absolute URL is needed, such as " + DefaultEndpoint)
	case u.User != nil:
		return "", errors.New("the URL must not hold a user name or password: the API key is the only credential")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("the URL must not have a query or a fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "", fmt.Errorf("http:// would send the API key to %s in clear text: use https:// (http:// is allowed for this machine's own addresses only)", u.Hostname())
	}
	endpoint := strings.TrimRight(u.String(), "/")
	if _, err := url.Parse(endpoint); err != nil {
		return "", errors.New("this is not a URL") // The zone of an address may be odd enough for that.
	}
	return endpoint, nil
}
