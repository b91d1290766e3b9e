package commpeak

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
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
	// ErrNotTheAPI is an answer that cannot have come from the API.
	ErrNotTheAPI = errors.New("the answer is not the API's")
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
	// RequestID is the service's name for the request, where it gave one.
	RequestID string
	// RetryAfter is how long the service asks to wait; nil when it does not.
	RetryAfter *time.Duration
	// Sent tells that the request may have reached the service. A write that
	// was sent and got no answer may have been carried out.
	Sent bool

	err error
}

// Violation is one field that the service refuses, and why.
type Violation struct {
	// Field is this package's name of the field, such as "otp.code_length";
	// empty for a field that it does not know.
	Field string
	// Message is the service's own words.
	Message string
}

// Error tells all of it in one line.
func (e *Error) Error() string {
	parts := []string{e.Operation}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.err != nil {
		parts = append(parts, e.err.Error())
	}
	if e.Detail != "" {
		parts = append(parts, e.Detail)
	}
	for _, v := range e.Violations {
		parts = append(parts, strings.TrimPrefix(v.Field+": "+v.Message, ": "))
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
		return e.Status == http.StatusNotFound
	case ErrNotAuthenticated:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
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

// mayHaveHappened reports whether a write that failed with this error may
// have been carried out all the same.
func (e *Error) mayHaveHappened() bool {
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
	var (
		redirect    *redirectError
		unknownHost *net.DNSError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		notTLS      tls.RecordHeaderError
	)
	switch err := e.err; {
	case errors.Is(err, context.Canceled), errors.Is(err, errNoTime), errors.Is(err, ErrNotTheAPI):
		return true
	case errors.As(err, &unknownHost):
		return unknownHost.IsNotFound
	}
	return errors.As(e.err, &redirect) || errors.As(e.err, &certificate) ||
		errors.As(e.err, &authority) || errors.As(e.err, &notTLS)
}

// refusal turns an answer outside the 2xx kind into an error.
func (c *Client) refusal(r call, got answer) *Error {
	failed := &Error{
		Operation:  r.does,
		Status:     got.status,
		Sent:       true,
		RequestID:  requestID(got.header),
		RetryAfter: retryAfter(got.header, time.Now()),
	}
	var body struct {
		Message    text        `json:"message"`
		Error      text        `json:"error"`
		Detail     text        `json:"detail"`
		Title      text        `json:"title"`
		Violations []violation `json:"violations"`
	}
	if json.Unmarshal(got.body, &body) != nil {
		failed.Detail = "the answer is " + describe(got)
		return failed
	}
	for _, words := range []text{body.Message, body.Detail, body.Error, body.Title} {
		if words != "" {
			failed.Detail = c.secrets.scrub(shorten(string(words)))
			break
		}
	}
	for _, v := range body.Violations {
		failed.Violations = append(failed.Violations, c.violation(v))
	}
	return failed
}

type violation struct {
	PropertyPath string `json:"propertyPath"`
	Message      string `json:"message"`
}

func (c *Client) violation(wire violation) Violation {
	message := c.secrets.scrub(shorten(wire.Message))
	field := fieldName(wire.PropertyPath)
	if field == "" && wire.PropertyPath != "" {
		message = shorten(wire.PropertyPath) + ": " + message
	}
	return Violation{Field: field, Message: message}
}

// requestID finds the service's name for a request. Which header carries it is
// not documented; these are the usual ones.
func requestID(header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := header.Get(name); id != "" {
			return shorten(id)
		}
	}
	return ""
}

// shorten keeps a server's words fit for a terminal.
func shorten(words string) string {
	const most = 600
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return words
}
