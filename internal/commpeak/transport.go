package commpeak

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
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
	"strconv"
	"strings"
	"sync/atomic"
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
	// token is a stream's: the call goes to the run-time API. Empty: to the
	// management API, with the account's key.
	token string
	// asks tells that the call only asks, whatever its method.
	asks bool
}

// writes reports whether the call changes something in the account.
func (r call) writes() bool { return r.method != http.MethodGet && !r.asks }

// escapedPath fills the template with its arguments, each one path segment.
// What would name another path than that is an error.
func (r call) escapedPath() (string, error) {
	segments := strings.Split(r.path, "/")
	args := r.args
	for i, segment := range segments {
		if !strings.HasPrefix(segment, "{") {
			continue
		}
		if args[0] == "" || args[0] == "." || args[0] == ".." {
			return "", fmt.Errorf("%q is not an id", args[0])
		}
		segments[i], args = url.PathEscape(args[0]), args[1:]
	}
	return strings.Join(segments, "/"), nil
}

// written is the path of what the call writes. What a create makes has its path
// from the answer alone: see [Client.created]. A send writes to some stream, of
// which its token alone is known: to any.
func (r call) written() (path string, writes bool) {
	if r.token != "" {
		return "", r.writes()
	}
	path, err := r.escapedPath()
	return path, err == nil && r.writes() && r.method != http.MethodPost
}

// created notes that the object, which the call reads, was made. Others may have
// been told of it while it was.
func (c *Client) created(object call) {
	if path, err := object.escapedPath(); err == nil {
		c.endWrite(path)
	}
}

// endWrite notes that a write of what the path names has ended, whatever its outcome.
func (c *Client) endWrite(path string) {
	if c.config.AfterWrite != nil {
		c.config.AfterWrite(path)
	}
}

// answer is a whole response, its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) isRedirect() bool { return a.status >= 300 && a.status < 400 }

// failed reports whether the body says that the call failed, in spite of a
// status of the 2xx kind.
func (a answer) failed() bool {
	var body struct {
		Status *bool `json:"status"`
	}
	return json.Unmarshal(a.body, &body) == nil && body.Status != nil && !*body.Status
}

// newTransport returns the transport of a client: TLS 1.2 and up, proxies from
// the environment, and a connection for each of Terraform's parallel workers.
func newTransport(roots *x509.CertPool) *http.Transport {
	const workers = 32
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2 * workers,
		MaxIdleConnsPerHost:   workers,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// checkRedirect follows a redirect, a few in a row, only where the credential
// may go and the method stays what it was. One that is not followed is the
// answer.
func checkRedirect(next *http.Request, via []*http.Request) error {
	const most = 5
	first := via[0]
	if next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host || next.Method != first.Method || len(via) > most {
		return http.ErrUseLastResponse
	}
	return nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// nothing is what an answer says that need not say anything, and may be empty.
type nothing struct{}

func (*nothing) UnmarshalJSON([]byte) error { return nil }

// send makes the call, with retries, and decodes the answer into a T.
func send[T any](ctx context.Context, c *Client, r call) (T, error) {
	var result T
	if c.unready != nil {
		return result, c.unready
	}
	if c.config.ReadOnly && r.writes() {
		return result, &Error{Operation: r.does, RunTime: r.token != "", err: ErrReadOnly}
	}
	if path, writes := r.written(); writes {
		defer c.endWrite(path)
	}
	outcome := Irrelevant
	if r.writes() {
		outcome = NothingDone
	}
	err := c.retry(ctx, r, func() error {
		got, err := c.attempt(ctx, r)
		if err == nil {
			err = c.decode(r, got, &result)
		}
		if failed, is := errors.AsType[*Error](err); is && r.writes() && failed.MaybeApplied() {
			outcome = MaybeDone
		}
		return err
	})
	err = c.noteReach(ctx, r, err)
	if failed, is := errors.AsType[*Error](err); is {
		failed.RunTime, failed.Outcome = r.token != "", outcome
	}
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
	operation := ctx
	ctx, cancel := context.WithTimeout(operation, c.config.RequestTimeout)
	defer cancel()

	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	request, err := c.request(ctx, r)
	if err != nil {
		return answer{}, &Error{Operation: r.does, err: fmt.Errorf("%w: %w", errUnsendable, err)}
	}
	start := time.Now()
	got, err := c.exchange(request)
	if err != nil {
		err = c.explain(operation, err)
	}
	c.logAttempt(ctx, r, got, err, time.Since(start))
	switch {
	case err != nil:
		return answer{}, &Error{Operation: r.does, Sent: connected.Load(), err: err}
	case got.status < 200 || got.status > 299 || got.failed():
		return answer{}, c.refusal(r, got)
	}
	return got, nil
}

// errUnsendable is a call that cannot be made into a request.
var errUnsendable = errors.New("the request cannot be sent")

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
	path, err := r.escapedPath()
	if err != nil {
		return nil, err
	}
	endpoint, credential := c.config.Endpoint, c.config.APIKey
	if r.token != "" {
		endpoint, credential = c.config.StreamsEndpoint, r.token
	}
	target := endpoint + path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, errors.New("the endpoint is not a usable URL")
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
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	got := answer{status: response.StatusCode, header: response.Header, body: body}
	switch {
	case err != nil:
		return got, fmt.Errorf("the answer (HTTP %d) broke off after %d bytes: %w", response.StatusCode, len(body), err)
	case len(body) > maxAnswer:
		return got, fmt.Errorf("%w: HTTP %d with more than %d MiB", ErrNotTheAPI, response.StatusCode, maxAnswer>>20)
	}
	return got, nil
}

// explain makes a transport error fit to be read: without the URL, which
// repeats the operation, and without what a server may have echoed.
func (c *Client) explain(operation context.Context, err error) error {
	if wrapped, is := errors.AsType[*url.Error](err); is {
		err = wrapped.Err
	}
	words := c.secrets.scrub(err.Error())
	switch {
	case operation.Err() != nil:
		return fmt.Errorf("the operation ended before the answer came: %w", ended(operation))
	case errors.Is(err, context.DeadlineExceeded):
		return &silentError{c.config.RequestTimeout}
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the connection was closed before the answer came (%w)", io.EOF)
	case words != err.Error():
		return errors.New(words)
	}
	return err
}

func (c *Client) logAttempt(ctx context.Context, r call, got answer, err error, took time.Duration) {
	fields := map[string]any{"method": r.method, "path": r.path, "duration_ms": took.Milliseconds()}
	if got.status != 0 {
		fields["status"] = got.status
	}
	if err != nil {
		fields["error"] = err.Error()
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
func (c *Client) decode(r call, got answer, result any) error {
	if _, none := result.(*nothing); none && len(got.body) == 0 {
		return nil
	}
	// No call has null for an answer, and null would pass for an empty list.
	if json.Unmarshal(got.body, result) == nil && string(bytes.TrimSpace(got.body)) != "null" {
		return nil
	}
	return &Error{
		Operation: r.does, Sent: true, Status: got.status, RequestID: c.requestID(got.header),
		err: fmt.Errorf("%w: %s", ErrNotTheAPI, c.describe(got)),
	}
}

// describe tells what kind of answer came, without quoting it.
func (c *Client) describe(got answer) string {
	// Parsing makes letters small: what was no credential may be one then.
	kind, _, _ := mime.ParseMediaType(c.clean(got.header.Get("Content-Type")))
	kind = c.clean(kind)
	switch {
	case got.isRedirect():
		return "a redirect to " + strconv.Quote(c.clean(got.header.Get("Location"))) +
			", which is not followed: requests go to the endpoint's own host, and stay what they are"
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
