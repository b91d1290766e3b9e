package contract

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
)

// recorder keeps an answer for validation and holds its body back until then. The other things that a handler may do
// (flush, hijack, deadlines) still work.
type recorder struct {
	http.ResponseWriter

	status   int         // 0 until written
	header   http.Header // as it was when the status was written
	body     bytes.Buffer
	sent     int // bytes of body that were passed on
	hijacked bool
}

// WriteHeader passes the status on at once, so that the server sees the headers as they are now.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK { // 1xx only announce the answer
		r.status, r.header = status, r.Header().Clone()
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.hijacked {
		return 0, http.ErrHijacked
	}
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	n, _ := r.body.Write(p) // a bytes.Buffer never fails
	return n, nil
}

// Flush is for handlers that ask for an http.Flusher.
func (r *recorder) Flush() { _ = r.FlushError() }

// FlushError sends what was written so far.
func (r *recorder) FlushError() error {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	r.forward()
	if err := http.NewResponseController(r.ResponseWriter).Flush(); err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	return nil
}

// Hijack hands the connection to the handler, as http.Hijacker does.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.forward()
	conn, buffered, err := http.NewResponseController(r.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("hijack: %w", err)
	}
	r.hijacked = true
	return conn, buffered, nil
}

// Unwrap lets http.ResponseController find what is not here.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// forward passes on what is held back. A client that has gone is no error of the contract.
func (r *recorder) forward() {
	if held := r.body.Bytes()[r.sent:]; len(held) > 0 && !r.hijacked {
		n, _ := r.ResponseWriter.Write(held)
		r.sent += n
	}
}

// result returns what the client gets: net/http answers 200 for a handler that says nothing.
func (r *recorder) result() (int, http.Header) {
	if r.status == 0 {
		return http.StatusOK, r.Header()
	}
	return r.status, r.header
}

func (r *recorder) exempt() bool {
	if r.hijacked {
		return true
	}
	_, header := r.result()
	return header.Values(FaultHeader) != nil
}
