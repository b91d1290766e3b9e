// Package commpeak is the client of the CommPeak Streams API. It does not depend on
// Terraform.
//
// There are two credentials: the account's API key for the management API, and a
// stream's own token for sending. Both are sent raw in the Authorization header.
// Package contract describes what the client relies on, and whether CommPeak
// documents it.
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
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"
)

// Defaults of a [Config], as documented to users.
const (
	DefaultEndpoint          = "https://gw.commpeak.com/textpeak"
	DefaultMessagingEndpoint = "https://textpeak-streams.commpeak.com"
	DefaultRequestTimeout    = 30 * time.Second
	DefaultMaxRetries        = 4
)

// Config is how to reach an account.
type Config struct {
	// APIKey authorises the management API (console: Settings > API Keys).
	APIKey string
	// Endpoint is the base URL of the management API.
	Endpoint string
	// MessagingEndpoint is the base URL of the messaging API.
	MessagingEndpoint string
	// RootCAs are the trusted authorities, or nil for those of this machine. See [ReadRootCAs].
	RootCAs *x509.CertPool
	// RequestTimeout bounds each attempt of a request. Default: [DefaultRequestTimeout].
	RequestTimeout time.Duration
	// MaxRetries is how often a failed request is repeated; 0 is never.
	MaxRetries int
	// RequestsPerSecond limits what the client sends; 0 is no limit.
	RequestsPerSecond float64
	// ReadOnly refuses every write before it is sent, with [ErrReadOnly].
	ReadOnly bool
	// DisableReadCache makes each read of a refresh a request of its own: nothing is
	// shared.
	DisableReadCache bool
	// UserAgent names the program in its requests.
	UserAgent string
	// Log, if set, receives one line for each attempt and each wait. No line contains
	// a header, a body or a credential.
	Log func(ctx context.Context, message string, fields map[string]any)
	// AfterWrite, if set, is called after each write and its retries, whatever the
	// outcome. It receives the escaped path of the object, for example "/streams/7", or
	// the empty path for a send, which names only a token.
	AfterWrite func(path string)
	// InitialBackoff is the mean wait before the first retry. Default: half a second.
	InitialBackoff time.Duration
	// Deterministic makes the waits the same in each run, for tests. Processes do not wait for each other.
	Deterministic bool
	// Transport, if set, wraps or replaces the network.
	Transport func(network http.RoundTripper) http.RoundTripper
}

// Client is the API client of one account. It is safe for concurrent use.
type Client struct {
	config       Config
	unconfigured error
	http         *http.Client
	limiter      *rate.Limiter
	pause        pause
	secrets      *secrets
	endpoint     endpointCheck
}

// New returns a client for config, whose URLs must be what [ParseEndpoint]
// accepts. It makes no call.
func New(config Config) *Client {
	config.RequestTimeout = cmp.Or(config.RequestTimeout, DefaultRequestTimeout)
	config.InitialBackoff = cmp.Or(config.InitialBackoff, backoff.DefaultInitialInterval)
	c := &Client{config: config, secrets: newSecrets(config.APIKey)}
	var transport http.RoundTripper = newTransport(config.RootCAs)
	if config.Transport != nil {
		transport = config.Transport(transport)
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: checkRedirect}
	c.limiter = rate.NewLimiter(rate.Inf, 0)
	if config.RequestsPerSecond > 0 {
		c.limiter = rate.NewLimiter(rate.Limit(config.RequestsPerSecond), 1)
	}
	return c
}

// NewUnconfigured returns a client whose every call fails with err before anything is
// sent, for an account that is not known yet.
func NewUnconfigured(err error) *Client {
	return &Client{unconfigured: err, secrets: newSecrets("")}
}

// IsConfigured reports whether calls can be made at all.
func (c *Client) IsConfigured() bool { return c.unconfigured == nil }

// ReadOnly reports whether every write will be refused.
func (c *Client) ReadOnly() bool { return c.config.ReadOnly }

// MessagingEndpoint is the base URL of the messaging API, without a closing slash.
func (c *Client) MessagingEndpoint() string { return c.config.MessagingEndpoint }

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
		return "", fmt.Errorf("http:// would send the API key to %s in clear text: use https:// "+
			"(http:// is allowed for this machine's own addresses only)", u.Hostname())
	}
	endpoint := strings.TrimRight(u.String(), "/")
	if _, err := url.Parse(endpoint); err != nil {
		return "", errors.New("this is not a URL") // The zone of an address may be odd enough for that.
	}
	return endpoint, nil
}
