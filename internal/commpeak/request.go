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

// response is an HTTP response with its body.
type response struct {
	status int
	header http.Header
	body   []byte
}

func (r response) isRedirect() bool { return r.status >= 300 && r.status < 400 }

// failed reports whether the body contains a failure in spite of a status in the
// 2xx range.
func (r response) failed() bool {
	var body struct {
		Status *bool `json:"status"`
	}
	return json.Unmarshal(r.body, &body) == nil && body.Status != nil && !*body.Status
}

// newTransport returns the transport of a client: TLS 1.2 and up, proxies from
// the environment, and a connection for each of Terraform's parallel workers.
func newTransport(roots *x509.CertPool) *http.Transport {
	const workers = 32
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: checkProxy,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           2 * workers,
		MaxIdleConnsPerHost:    workers,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
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

// noContent is the answer to a call whose success is its status alone.
type noContent struct{}

// errNoBody is a write that succeeded without returning the object.
var errNoBody = errors.New("the answer has no body")

// send makes the call, with retries, and decodes the answer into a T.
func send[T any](ctx context.Context, c *Client, r call) (T, error) {
	result, err := sendPlain[T](ctx, c, r)
	return result, c.explainNotFound(ctx, r, err)
}

// sendPlain is [send] without the reads that explain a 404.
func sendPlain[T any](ctx context.Context, c *Client, r call) (T, error) {
	var result T
	if c.unconfigured != nil {
		return result, c.unconfigured
	}
	if c.config.ReadOnly && r.isWrite() {
		failed := &Error{Operation: r.describe(), err: ErrReadOnly}
		c.describeCall(failed, r)
		return result, failed
	}
	outcome := OutcomeNone
	if r.isWrite() {
		outcome = NotApplied
	}
	err := c.retry(ctx, r, func() error {
		got, err := c.attempt(ctx, r)
		if err == nil {
			err = c.decode(r, got, &result)
		}
		if failed, is := errors.AsType[*Error](err); is && r.isWrite() && failed.MaybeApplied() {
			outcome = MaybeApplied
		}
		return err
	})
	c.afterWrite(r)
	if failed, is := errors.AsType[*Error](err); is {
		failed.Outcome = outcome
		c.describeCall(failed, r)
	}
	return result, err
}

// describeCall adds to an error which request failed.
func (c *Client) describeCall(failed *Error, r call) {
	failed.Method, failed.Documented, failed.Messaging = r.method, r.evidence == documented, r.token != ""
	failed.Path, _ = r.escapedPath() // An ID without a path is in the error itself.
	failed.Endpoint = c.config.Endpoint
	if failed.Messaging {
		failed.Endpoint = c.config.MessagingEndpoint
	}
}

// sendOrRead is [send] for a write that may be answered without the object: read
// returns it then.
func sendOrRead[T any](ctx context.Context, c *Client, r call, read func(context.Context) (T, error)) (T, error) {
	result, err := send[T](ctx, c, r)
	if !errors.Is(err, errNoBody) {
		return result, err
	}
	result, err = read(ctx)
	if failed, is := errors.AsType[*Error](err); is {
		failed.Outcome = MaybeApplied
	}
	return result, err
}

// afterWrite passes what the call may have changed to the config's hook. A created
// object has its path from the answer only: see [Client.created]. A send changes
// some stream, of which only the token is known.
func (c *Client) afterWrite(r call) {
	path, err := r.escapedPath()
	switch {
	case !r.isWrite() || err != nil || r.token == "" && r.method == http.MethodPost:
		return
	case r.token != "":
		path = ""
	}
	c.hookWrite(path)
}

// created passes the object that the operation reads to the hook.
func (c *Client) created(read call) {
	if path, err := read.escapedPath(); err == nil {
		c.hookWrite(path)
	}
}

func (c *Client) hookWrite(path string) {
	if c.config.AfterWrite != nil {
		c.config.AfterWrite(path)
	}
}

// attempt sends the request once and returns an answer in the 2xx range.
func (c *Client) attempt(ctx context.Context, r call) (response, error) {
	if err := c.waitForSlot(ctx, r); err != nil {
		return response{}, err
	}
	// A write that is on its way is waited for even if the user interrupts, because
	// its effect must become known. The timeout of the attempt bounds the wait.
	if r.isWrite() {
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
		return response{}, &Error{Operation: r.describe(), err: fmt.Errorf("%w: %w", errUnsendable, err)}
	}
	start := time.Now()
	got, err := c.do(request)
	if err != nil {
		err = c.wrapTransportError(operation, err)
	}
	c.logAttempt(ctx, r, got, err, time.Since(start))
	switch {
	case err != nil:
		// A server reads no request before the handshake is over.
		sent := connected.Load() && connectionKind(err) == nil
		return response{}, &Error{Operation: r.describe(), Sent: sent, err: err}
	case got.status < 200 || got.status > 299 || got.failed():
		return response{}, c.errorFromResponse(r, got)
	}
	return got, nil
}

// errUnsendable is a call that cannot be made into a request.
var errUnsendable = errors.New("the request cannot be sent")

// request makes the HTTP request of a call.
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
		endpoint, credential = c.config.MessagingEndpoint, r.token
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

// do sends the request and reads the whole answer, up to [maxAnswer].
func (c *Client) do(request *http.Request) (response, error) {
	answer, err := c.http.Do(request)
	if err != nil {
		return response{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	got := response{status: answer.StatusCode, header: answer.Header, body: body}
	switch {
	case err != nil:
		return got, fmt.Errorf("the answer (HTTP %d) broke off after %d bytes: %w", answer.StatusCode, len(body), err)
	case len(body) > maxAnswer:
		return got, fmt.Errorf("%w: HTTP %d with more than %d MiB", ErrNotTheAPI, answer.StatusCode, maxAnswer>>20)
	}
	return got, nil
}

// wrapTransportError makes a transport error readable: without the URL, which
// repeats the operation, and without secrets that a server may have repeated.
func (c *Client) wrapTransportError(operation context.Context, err error) error {
	if wrapped, is := errors.AsType[*url.Error](err); is {
		err = wrapped.Err
	}
	switch {
	case operation.Err() != nil:
		return fmt.Errorf("the operation ended before the answer came: %w", contextError(operation))
	case errors.Is(err, context.DeadlineExceeded):
		return &timeoutError{c.config.RequestTimeout}
	case strings.HasPrefix(err.Error(), "failed to parse Location header"): // Package http has no type for it.
		return fmt.Errorf("%w: a redirect to a Location that is not a URL", ErrNotTheAPI)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the connection was closed before the answer came (%w)", io.EOF)
	}
	causes := []error{err}
	if kind := connectionKind(err); kind != nil {
		causes = append(causes, kind)
	}
	text := c.secrets.redact(err.Error())
	if text != err.Error() {
		causes = causes[1:] // The original error would repeat the secret.
	} else if len(causes) == 1 {
		return err
	}
	return &transportError{text, causes}
}

// transportError is a request that got no answer, with its causes for errors.Is.
type transportError struct {
	text   string
	causes []error
}

func (e *transportError) Error() string { return e.text }

func (e *transportError) Unwrap() []error { return e.causes }

func (c *Client) logAttempt(ctx context.Context, r call, got response, err error, took time.Duration) {
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

// decode reads a JSON answer into result. An answer that is not JSON, or JSON of a
// different shape, is an error that names what came instead.
func (c *Client) decode(r call, got response, result any) error {
	body := bytes.TrimSpace(got.body)
	if _, none := result.(*noContent); none && !bytes.HasPrefix(body, []byte("<")) {
		return nil // A page of HTML, such as a login page, is not from the API.
	}
	failed := &Error{Operation: r.describe(), Sent: true, Status: got.status, RequestID: c.requestID(got.header)}
	switch {
	case got.status == http.StatusPartialContent:
		failed.err = fmt.Errorf("%w: HTTP 206, only a part of the answer", ErrNotTheAPI)
	case len(body) == 0 && r.isWrite():
		failed.err = fmt.Errorf("%w: %w", ErrNotTheAPI, errNoBody)
	// No call has null for an answer, and null would pass for an empty list.
	case json.Unmarshal(body, result) != nil || string(body) == "null":
		failed.err = fmt.Errorf("%w: %s", ErrNotTheAPI, c.describe(got))
	default:
		return nil
	}
	return failed
}

// describe returns the kind of an answer, without quoting it.
func (c *Client) describe(got response) string {
	// Parsing makes letters small: what was no credential may be one then.
	kind, _, _ := mime.ParseMediaType(c.clean(got.header.Get("Content-Type")))
	kind = c.clean(kind)
	switch {
	case got.isRedirect():
		if got.header.Get("Location") == "" {
			return fmt.Sprintf("HTTP %d without a Location", got.status)
		}
		return "a redirect to " + strconv.Quote(c.clean(got.header.Get("Location"))) +
			", which is not followed because it leads to a different host or changes the method"
	case got.header.Get("Content-Encoding") != "":
		return fmt.Sprintf("%d bytes compressed with %s, which was not asked for", len(got.body), c.clean(got.header.Get("Content-Encoding")))
	case len(got.body) == 0:
		return "an empty body"
	case kind == "":
		kind = "an unnamed type"
	case strings.HasSuffix(kind, "json") && !json.Valid(got.body):
		return fmt.Sprintf("%d bytes of broken JSON", len(got.body))
	case strings.HasSuffix(kind, "json"):
		return "JSON of a different shape than expected"
	}
	return fmt.Sprintf("%d bytes of %s instead of JSON", len(got.body), kind)
}
