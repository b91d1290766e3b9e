package commpeak

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// maxAnswer bounds what is read of one answer, in bytes. A full page of one
// hundred streams is a few hundred kilobytes at the very most.
const maxAnswer = 16 << 20

const (
	jsonType       = "application/json"
	mergePatchType = "application/merge-patch+json"
)

// call is one request of the API, before it is tied to a host and a key.
type call struct {
	// does names the operation in errors and logs: "read stream 7".
	does   string
	method string
	// path is a template such as "/streams/{id}"; each {} takes one of args.
	path  string
	args  []string
	query url.Values
	body  any
	// token authorises the call instead of the API key.
	token string
}

// writes reports whether the call changes something in the account.
func (r call) writes() bool { return r.method != http.MethodGet }

// escapedPath fills the template with its arguments, each one path segment.
func (r call) escapedPath() string {
	segments := strings.Split(r.path, "/")
	next := 0
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = url.PathEscape(r.args[next])
			next++
		}
	}
	return strings.Join(segments, "/")
}

// answer is a whole response, its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// newTransport returns the transport of a client: TLS 1.2 and up, proxies from
// the environment, and a connection for each of Terraform's parallel workers.
func newTransport() *http.Transport {
	const workers = 32
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2 * workers,
		MaxIdleConnsPerHost:   workers,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// checkRedirect follows a redirect only where the credential may go and the
// method stays what it was.
func checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host:
		return &redirectError{"the service redirects to another host, " + next.URL.Host + "; the API key is not sent there"}
	case next.Method != first.Method:
		return &redirectError{"the service redirects a " + first.Method + " in a way that would turn it into a " + next.Method}
	case len(via) > 4:
		return &redirectError{"the service redirects in a circle"}
	}
	return nil
}

// redirectError is a redirect that was not followed.
type redirectError struct{ reason string }

func (e *redirectError) Error() string { return e.reason }

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// send makes the call, with retries, and decodes the answer into a T. An answer
// that must be empty is decoded by no one: T is struct{}.
func send[T any](ctx context.Context, c *Client, r call) (T, error) {
	var result T
	if c.unready != nil {
		return result, c.unready
	}
	if c.config.ReadOnly && r.writes() {
		return result, &Error{Operation: r.does, err: ErrReadOnly}
	}
	err := c.retry(ctx, r, func() error {
		got, err := c.attempt(ctx, r)
		if err != nil {
			return err
		}
		if _, empty := any(result).(struct{}); empty {
			return nil
		}
		return decode(r, got, &result)
	})
	return result, err
}

// attempt sends the request once and returns an answer of the 2xx kind.
func (c *Client) attempt(ctx context.Context, r call) (answer, error) {
	if err := c.admit(ctx, r); err != nil {
		return answer{}, err
	}
	// A write that is on its way is waited for even when the user interrupts:
	// what it did must become known. The attempt's own timeout bounds the wait.
	if r.writes() {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.RequestTimeout)
	defer cancel()

	connected := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected = true },
	})
	request, err := c.request(ctx, r)
	if err != nil {
		return answer{}, &Error{Operation: r.does, err: err}
	}
	start := time.Now()
	got, err := c.exchange(request)
	c.logAttempt(ctx, r, got, err, time.Since(start))
	switch {
	case err != nil:
		return answer{}, &Error{Operation: r.does, Sent: connected, err: c.explain(err)}
	case got.status < 200 || got.status > 299:
		return answer{}, c.refusal(r, got)
	}
	return got, nil
}

// request builds the HTTP request of a call.
func (c *Client) request(ctx context.Context, r call) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("encoding the request: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	target := c.config.Endpoint + r.escapedPath()
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, errors.New("the endpoint is not a usable URL")
	}
	credential := c.config.APIKey
	if r.token != "" {
		credential = r.token
	}
	request.Header.Set("Authorization", credential)
	request.Header.Set("Accept", jsonType)
	request.Header.Set("User-Agent", c.config.UserAgent)
	if body != nil {
		request.Header.Set("Content-Type", jsonType)
		if r.method == http.MethodPatch {
			request.Header.Set("Content-Type", mergePatchType)
		}
	}
	return request, nil
}

// exchange sends the request and reads the whole answer, up to [maxAnswer].
func (c *Client) exchange(request *http.Request) (answer, error) {
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	c.clock.learn(response.Header)
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	got := answer{status: response.StatusCode, header: response.Header, body: body}
	switch {
	case err != nil:
		return got, fmt.Errorf("the answer (HTTP %d) broke off: %w", response.StatusCode, err)
	case len(body) > maxAnswer:
		return got, fmt.Errorf("the answer (HTTP %d) is larger than %d MiB", response.StatusCode, maxAnswer>>20)
	}
	return got, nil
}

// explain takes the URL, which repeats the operation, out of a transport error.
func (c *Client) explain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %s: %w", c.config.RequestTimeout, context.DeadlineExceeded)
	}
	return err
}

func (c *Client) logAttempt(ctx context.Context, r call, got answer, err error, took time.Duration) {
	fields := map[string]any{"method": r.method, "path": r.path, "duration_ms": took.Milliseconds()}
	if got.status != 0 {
		fields["status"] = got.status
	}
	if err != nil {
		fields["error"] = c.secrets.scrub(c.explain(err).Error())
	}
	c.log(ctx, "CommPeak API request", fields)
}

func (c *Client) log(ctx context.Context, message string, fields map[string]any) {
	if c.config.Log != nil {
		c.config.Log(ctx, message, fields)
	}
}

// decode reads a JSON answer into result. An answer that is no JSON, or JSON
// of another shape, is an error that says what came instead.
func decode(r call, got answer, result any) error {
	if err := json.Unmarshal(got.body, result); err == nil {
		return nil
	}
	return &Error{
		Operation: r.does, Sent: true, Status: got.status, RequestID: requestID(got.header),
		err: fmt.Errorf("%w: %s", ErrNotTheAPI, describe(got)),
	}
}

// describe tells what kind of answer came, without quoting it.
func describe(got answer) string {
	kind, _, _ := mime.ParseMediaType(got.header.Get("Content-Type"))
	switch {
	case len(got.body) == 0:
		return "an empty body"
	case kind == "":
		kind = "an unnamed type"
	case strings.HasSuffix(kind, "json") && !json.Valid(got.body):
		return fmt.Sprintf("%d bytes of broken JSON", len(got.body))
	case strings.HasSuffix(kind, "json"):
		return "JSON of another shape than expected"
	}
	return fmt.Sprintf("%d bytes of %s instead of JSON", len(got.body), kind)
}
