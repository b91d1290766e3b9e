package commpeak

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Kinds of failure, for errors.Is.
var (
	// ErrNotFound is an object that the account does not have.
	ErrNotFound = errors.New("not found")
	// ErrNotAuthenticated is a credential that the API does not accept.
	ErrNotAuthenticated = errors.New("not authenticated")
	// ErrForbidden is a call that the credential or the address does not allow.
	ErrForbidden = errors.New("forbidden")
	// ErrReadOnly is a write through a client that sends none.
	ErrReadOnly = errors.New("the client is read-only")
	// ErrWritesNotOffered is a write that this account's API does not have.
	ErrWritesNotOffered = errors.New("this account's API offers no such write")
	// ErrNotOffered is a read that this account's API does not have.
	ErrNotOffered = errors.New("this account's API offers no such call")
	// ErrNotTheAPI is an answer that cannot have come from the API.
	ErrNotTheAPI = errors.New("the answer is not the API's")
	// ErrRefused is a call that failed with a status in the 2xx range, as sends do.
	ErrRefused = errors.New("refused")
	// ErrMaybeCreated is a create whose answer was lost and whose outcome is not
	// known. The text names what was found.
	ErrMaybeCreated = errors.New("it is not known whether it was created")
)

// Error is a call that failed.
type Error struct {
	// Operation is what was tried: "read stream 7".
	Operation string
	// Method and Path name the request, for example PATCH and "/streams/7". Both are
	// empty if the operation ended before there was one.
	Method, Path string
	// Endpoint is the base URL that the request went to.
	Endpoint string
	// Documented is set if CommPeak documents the call.
	Documented bool
	// Status is the HTTP status of the answer; 0 when none came.
	Status int
	// Detail is the API's own text, without credentials.
	Detail string
	// Violations are the fields that the API refuses.
	Violations []Violation
	// Code is the API's code of a failed send, for example "0x1".
	Code string
	// Refused are the messages of a send that the API refuses.
	Refused []SentMessage
	// RequestID is the API's name of the request, if it returned one.
	RequestID string
	// RetryAfter is the wait that the API asks for; nil if it does not.
	RetryAfter *time.Duration
	// Sent is set if the request may have reached the API. A write that was sent
	// and got no answer may have had an effect.
	Sent bool
	// Messaging is set if the call went to the messaging API, with a stream's token.
	Messaging bool
	// Outcome is the effect of a write.
	Outcome Outcome
	// Interrupted is set if the user interrupted the call before it was repeated.
	Interrupted bool

	err error
}

// Outcome is the effect of a call that failed.
type Outcome int

// The outcomes of a call.
const (
	OutcomeNone  Outcome = iota // A read, or a write that was not begun.
	NotApplied                  // The write had no effect.
	MaybeApplied                // The write may have had an effect.
)

// MaybeCreatedError is an [ErrMaybeCreated] with its causes.
type MaybeCreatedError struct {
	// Lost is how the create failed.
	Lost error
	// Why its outcome is not known: what was found, or how looking for it failed.
	Why error
}

// Error returns the whole error in one line.
func (e *MaybeCreatedError) Error() string {
	return fmt.Sprintf("%s: %s; %s", ErrMaybeCreated, e.Lost, e.Why)
}

// Unwrap returns what the error is made of.
func (e *MaybeCreatedError) Unwrap() []error { return []error{ErrMaybeCreated, e.Lost, e.Why} }

// canceledError is an operation that ended before it was done.
type canceledError struct{ cause error }

// contextError returns why the operation ended.
func contextError(operation context.Context) error { return &canceledError{context.Cause(operation)} }

// ContextError is an operation that ended before the answer came.
func ContextError(operation context.Context, name string) *Error {
	return &Error{Operation: name, err: fmt.Errorf("the operation ended before the answer came: %w", contextError(operation))}
}

func (e *canceledError) Error() string {
	switch {
	case errors.Is(e.cause, context.Canceled):
		return "interrupted"
	case errors.Is(e.cause, context.DeadlineExceeded):
		return "its time is over"
	}
	return e.cause.Error()
}

func (e *canceledError) Unwrap() error { return e.cause }

// timeoutError is an attempt that got no answer in time.
type timeoutError struct{ within time.Duration }

func (e *timeoutError) Error() string {
	return "no answer within " + e.within.String()
}

func (e *timeoutError) Unwrap() error { return context.DeadlineExceeded }

// Violation is one field that the API refuses, and why.
type Violation struct {
	// Path is the field in the API's own names, such as "otpSettings.codeTtl". An
	// entry of a list has the path of the list.
	Path string
	// Message is the API's own text.
	Message string
}

// String is the field, if the API names one, and the message.
func (v Violation) String() string { return strings.TrimPrefix(v.Path+": "+v.Message, ": ") }

// Error returns the whole error in one line.
func (e *Error) Error() string {
	parts := []string{e.Operation}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.err != nil {
		parts = append(parts, e.err.Error())
	}
	if text := e.Message(); text != "" {
		parts = append(parts, text)
	}
	for _, v := range e.Violations {
		parts = append(parts, v.String())
	}
	text := strings.Join(parts, ": ")
	if e.RequestID != "" {
		text += " (request id " + e.RequestID + ")"
	}
	return text
}

// Unwrap returns what the failure is made of, for errors.Is.
func (e *Error) Unwrap() error { return e.err }

// Is returns the kind of a refused call by its status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Status == http.StatusNotFound && e.err == nil // an err is another reason for the 404.
	case ErrNotAuthenticated:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrRefused:
		return e.Status >= 200 && e.Status < 300 && e.err == nil
	}
	return false
}

// Cause is why there was no answer from the API; empty if there was one.
func (e *Error) Cause() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// Message returns the API's own text, with codes and refused messages; it may be empty.
func (e *Error) Message() string {
	var parts []string
	if text := withCode(e.Detail, e.Code); text != "" {
		parts = append(parts, text)
	}
	for _, message := range e.Refused {
		parts = append(parts, message.Refusal())
	}
	return strings.Join(parts, "; ")
}

// MaybeApplied reports whether a write that failed with this error may have had an
// effect all the same.
func (e *Error) MaybeApplied() bool {
	return e.Sent && (e.Status < 300 || e.isServerFailure() || e.Status == http.StatusRequestTimeout)
}

// isServerFailure reports whether a server failed while it worked on the request. The three statuses below are from
// one that did not begin.
func (e *Error) isServerFailure() bool {
	switch e.Status {
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusNetworkAuthenticationRequired:
		return false
	}
	return e.Status >= 500
}

// retryable reports whether the call may be sent again after this failure: one that
// has the same effect twice after any failure that may pass, any other only if the
// request certainly had no effect.
func (e *Error) retryable(r call) bool {
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusMisdirectedRequest, http.StatusTooEarly:
		return true
	}
	switch {
	case e.permanent():
		return false
	case !e.Sent:
		return true
	case !r.isRepeatable():
		return false
	}
	return e.Status == 0 || e.Status == http.StatusRequestTimeout || e.isServerFailure()
}

// permanent reports whether the same failure would follow, or no retry may.
func (e *Error) permanent() bool {
	for _, lasting := range []error{
		context.Canceled, errNoTime, errUnsendable, ErrNotTheAPI, ErrNotTLS, ErrTLS,
		ErrProxyRefused, ErrClientCertificate, ErrTLSVersion, ErrCertificateExpired, ErrCertificateName, ErrCertificateUntrusted,
	} {
		if errors.Is(e.err, lasting) {
			return true
		}
	}
	var unknownHost *net.DNSError
	return errors.As(e.err, &unknownHost) && unknownHost.IsNotFound
}

// errorFromResponse makes an error of an answer outside the 2xx range.
func (c *Client) errorFromResponse(r call, got response) *Error {
	failed := &Error{
		Operation:  r.describe(),
		Status:     got.status,
		Sent:       true,
		RequestID:  c.requestID(got.header),
		RetryAfter: retryAfter(got.header, time.Now()),
	}
	var body errorBody
	isObject := json.Valid(got.body) && bytes.HasPrefix(bytes.TrimSpace(got.body), []byte("{"))
	if isObject {
		_, _ = decodeFields(got.body, &body)
	}
	switch {
	case got.isRedirect(), !isObject && got.status == http.StatusNotFound:
		// Above all, a wrong endpoint must not make every object look gone.
		failed.err = fmt.Errorf("%w: %s", ErrNotTheAPI, c.describe(got))
	case !isObject:
		failed.Detail = "the answer is " + c.describe(got)
	}
	failed.Detail = cmp.Or(failed.Detail, c.clean(string(cmp.Or(body.Message, body.Detail, body.Error, body.Title))))
	if body.Details != "" {
		// A send explains the failure here, and has its code in `error`.
		failed.Detail, failed.Code = c.clean(string(body.Details)), c.clean(string(body.Error))
	}
	failed.Refused = c.refusedMessages(body.Messages)
	for _, v := range body.Violations {
		path, _, _ := strings.Cut(string(v.PropertyPath), "[")
		failed.Violations = append(failed.Violations, Violation{Path: c.clean(path), Message: c.clean(string(v.Message))})
	}
	return failed
}

// errorBody is the API's form of a failure. Which of the first four fields has the
// text is not documented.
type errorBody struct {
	Message    errorText `json:"message"`
	Detail     errorText `json:"detail"`
	Error      errorText `json:"error"`
	Title      errorText `json:"title"`
	Details    errorText `json:"details"`
	Violations flexList[struct {
		PropertyPath errorText `json:"propertyPath"`
		Message      errorText `json:"message"`
	}] `json:"violations"`
	Messages flexList[wireSent] `json:"messages"`
}

// errorText reads text, or the text of an object with the same fields; anything
// else is no text.
type errorText string

func (t *errorText) UnmarshalJSON(data []byte) error {
	var inner struct{ Message, Detail, Error, Title string }
	if json.Unmarshal(data, (*string)(t)) != nil {
		_ = json.Unmarshal(data, &inner)
		*t = errorText(cmp.Or(inner.Message, inner.Detail, inner.Error, inner.Title))
	}
	return nil
}

// requestID finds the API's name of a request. Which header contains it is not
// documented; these are the usual ones.
func (c *Client) requestID(header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := header.Get(name); id != "" {
			return c.clean(id)
		}
	}
	return ""
}

// clean makes a server's text fit for a terminal: without credentials and control
// characters, and short.
func (c *Client) clean(text string) string {
	const (
		maxRead  = 16 << 10 // bytes
		maxShown = 600      // characters
	)
	text = c.secrets.redact(text[:min(len(text), maxRead)])
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if runes := []rune(text); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return text
}
