package commpeak

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
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
	// ErrNotFound is an object that the account does not have (any more).
	ErrNotFound = errors.New("not found")
	// ErrNotAuthenticated is a credential that the service does not accept.
	ErrNotAuthenticated = errors.New("not authenticated")
	// ErrForbidden is a call from an address, or to an object, that the
	// credential does not cover.
	ErrForbidden = errors.New("forbidden")
	// ErrReadOnly is a write that this client was told never to send.
	ErrReadOnly = errors.New("the provider is configured with read_only = true")
	// ErrWritesNotOffered is a write that this account's API does not know.
	ErrWritesNotOffered = errors.New("this account's API offers no such write")
	// ErrNotOffered is a read that this account's API does not know.
	ErrNotOffered = errors.New("this account's API offers no such call")
	// ErrNotTheAPI is an answer that cannot have come from the API.
	ErrNotTheAPI = errors.New("the answer is not the API's")
	// ErrRefused is a call that the service answered with a status of the 2xx
	// kind and words that say that it failed, as it does for sends.
	ErrRefused = errors.New("refused")
	// ErrMaybeCreated is a create whose answer was lost and whose outcome could
	// not be told: the error's text names what was found.
	ErrMaybeCreated = errors.New("it is not known whether it was created")
)

// Error is a call that failed.
type Error struct {
	// Operation is what was tried: "read stream 7".
	Operation string
	// Status is the HTTP status of the answer; 0 when none came.
	Status int
	// Detail is the service's own words, without any credential.
	Detail string
	// Violations are the fields that the service refuses.
	Violations []Violation
	// Code is the service's name for what went wrong, such as "0x1", where a
	// send has one.
	Code string
	// Refused are the messages of a send that the service refuses.
	Refused []SentMessage
	// RequestID is the service's name for the request, where it gave one.
	RequestID string
	// RetryAfter is how long the service asks to wait; nil when it does not.
	RetryAfter *time.Duration
	// Sent tells that the request may have reached the service. A write that
	// was sent and got no answer may have been carried out.
	Sent bool
	// RunTime tells that the call went to the run-time API, which is authorised
	// by a stream's token.
	RunTime bool
	// Outcome is what became of a call that changes something.
	Outcome Outcome
	// Interrupted tells that the call would have been tried again, had its user
	// not interrupted it.
	Interrupted bool

	err error
}

// Outcome is what became of a call that failed.
type Outcome int

// The outcomes of a call.
const (
	Irrelevant  Outcome = iota // the call changes nothing in any case, or was never begun
	NothingDone                // the service did nothing
	MaybeDone                  // the service may have carried it out
)

// MaybeCreatedError is a create whose answer was lost and whose outcome could
// not be told. It is an [ErrMaybeCreated].
type MaybeCreatedError struct {
	// Lost is how the create failed.
	Lost error
	// Why its outcome is not known: what was found, or how looking for it failed.
	Why error
}

// Error tells all of it in one line.
func (e *MaybeCreatedError) Error() string {
	return fmt.Sprintf("%s: %s; %s", ErrMaybeCreated, e.Lost, e.Why)
}

// Unwrap returns what the error is made of.
func (e *MaybeCreatedError) Unwrap() []error { return []error{ErrMaybeCreated, e.Lost, e.Why} }

// endedError is an operation that ended before it was done.
type endedError struct{ cause error }

// ended tells why the operation ended.
func ended(operation context.Context) error { return &endedError{context.Cause(operation)} }

// ContextError is an operation that ended with its context before the answer came.
func ContextError(operation context.Context, name string) *Error {
	return &Error{Operation: name, err: fmt.Errorf("the operation ended before the answer came: %w", ended(operation))}
}

func (e *endedError) Error() string {
	switch {
	case errors.Is(e.cause, context.Canceled):
		return "interrupted"
	case errors.Is(e.cause, context.DeadlineExceeded):
		return "its time is over"
	}
	return e.cause.Error()
}

func (e *endedError) Unwrap() error { return e.cause }

// silentError is an attempt that got no answer in time.
type silentError struct{ within time.Duration }

func (e *silentError) Error() string {
	return "no answer within " + e.within.String()
}

func (e *silentError) Unwrap() error { return context.DeadlineExceeded }

// Violation is one field that the service refuses, and why.
type Violation struct {
	// Path is the field in the API's own names, such as "otpSettings.codeTtl". An
	// entry of a list has the name of the list. Empty: the API does not name one.
	Path string
	// Message is the service's own words.
	Message string
}

// String is the field, if the API names one, and the message.
func (v Violation) String() string { return strings.TrimPrefix(v.Path+": "+v.Message, ": ") }

// Error tells all of it in one line.
func (e *Error) Error() string {
	parts := []string{e.Operation}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.err != nil {
		parts = append(parts, e.err.Error())
	}
	if words := e.Words(); words != "" {
		parts = append(parts, words)
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

// Is tells the kind of a refused call by its status.
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

// Cause is what kept an answer from coming, in words; empty when one came.
func (e *Error) Cause() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// Words are the service's own, with codes and refused messages; empty when it
// said nothing.
func (e *Error) Words() string {
	var parts []string
	if words := withCode(e.Detail, e.Code); words != "" {
		parts = append(parts, words)
	}
	for _, message := range e.Refused {
		parts = append(parts, message.Refusal())
	}
	return strings.Join(parts, "; ")
}

// MaybeApplied reports whether a write that failed with this error may
// have been carried out all the same.
func (e *Error) MaybeApplied() bool {
	return e.Sent && (e.Status < 300 || e.Status >= 500 || e.Status == http.StatusRequestTimeout)
}

// retryable reports whether the call may be made again after this failure: a
// read or a delete after any passing fault, any other write only when the
// request surely did nothing.
func (e *Error) retryable(r call) bool {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return true
	case e.lasts():
		return false
	case !e.Sent:
		return true
	case r.writes() && r.method != http.MethodDelete:
		return false
	}
	return e.Status == 0 || e.Status == http.StatusRequestTimeout || e.Status >= 500
}

// lasts reports whether the same would happen again, or must not.
func (e *Error) lasts() bool {
	for _, lasting := range []error{context.Canceled, errNoTime, errUnsendable, ErrNotTheAPI, http.ErrSchemeMismatch} {
		if errors.Is(e.err, lasting) {
			return true
		}
	}
	var (
		unknownHost *net.DNSError
		certificate *tls.CertificateVerificationError
		notTLS      tls.RecordHeaderError
	)
	if errors.As(e.err, &unknownHost) {
		return unknownHost.IsNotFound
	}
	return errors.As(e.err, &certificate) || errors.As(e.err, &notTLS)
}

// refusal turns an answer outside the 2xx kind into an error.
func (c *Client) refusal(r call, got answer) *Error {
	failed := &Error{
		Operation:  r.does,
		Status:     got.status,
		Sent:       true,
		RequestID:  c.requestID(got.header),
		RetryAfter: retryAfter(got.header, time.Now()),
	}
	var body struct {
		wireWords
		Violations []struct {
			PropertyPath words `json:"propertyPath"`
			Message      words `json:"message"`
		} `json:"violations"`
		Details  words           `json:"details"`
		Messages json.RawMessage `json:"messages"`
	}
	// A field of another shape is no obstacle to reading the rest.
	_ = json.Unmarshal(got.body, &body)
	isObject := json.Valid(got.body) && bytes.HasPrefix(bytes.TrimSpace(got.body), []byte("{"))
	switch {
	case got.isRedirect(), !isObject && got.status == http.StatusNotFound:
		// Above all, a wrong endpoint must not make every object look gone.
		failed.err = fmt.Errorf("%w: %s", ErrNotTheAPI, c.describe(got))
	case !isObject:
		failed.Detail = "the answer is " + c.describe(got)
	}
	failed.Detail = cmp.Or(failed.Detail, c.clean(body.first()))
	if body.Details != "" {
		// A send says here why it failed, and in `error` the code of that.
		failed.Detail, failed.Code = c.clean(string(body.Details)), c.clean(string(body.Error))
	}
	failed.Refused = c.refusedOf(body.Messages)
	for _, v := range body.Violations {
		path, _, _ := strings.Cut(string(v.PropertyPath), "[")
		failed.Violations = append(failed.Violations, Violation{Path: c.clean(path), Message: c.clean(string(v.Message))})
	}
	return failed
}

// wireWords are where an answer that refuses says why; which of them is used is
// not documented.
type wireWords struct {
	Message words `json:"message"`
	Detail  words `json:"detail"`
	Error   words `json:"error"`
	Title   words `json:"title"`
}

func (w wireWords) first() string {
	return string(cmp.Or(w.Message, w.Detail, w.Error, w.Title))
}

// words reads text, or the text in an object of the same form; anything else
// says nothing.
type words string

func (w *words) UnmarshalJSON(data []byte) error {
	var inner struct{ Message, Detail, Error, Title string }
	if json.Unmarshal(data, (*string)(w)) != nil {
		_ = json.Unmarshal(data, &inner)
		*w = words(cmp.Or(inner.Message, inner.Detail, inner.Error, inner.Title))
	}
	return nil
}

// requestID finds the service's name for a request. Which header carries it is
// not documented; these are the usual ones.
func (c *Client) requestID(header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := header.Get(name); id != "" {
			return c.clean(id)
		}
	}
	return ""
}

// clean makes a server's words fit for a terminal: without credentials or
// control characters, and short.
func (c *Client) clean(words string) string {
	const most = 600
	words = strings.ToValidUTF8(c.secrets.scrub(words), "?")
	words = strings.Join(strings.FieldsFunc(words, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if runes := []rune(words); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return words
}
