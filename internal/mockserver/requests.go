package mockserver

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Request is what the server remembers of a request and its answer.
type Request struct {
	Method      string
	Path        string        // with ManagementPath, where it has it
	Pattern     string        // as in the contract, such as "PATCH /streams/{id}"; empty: no such call
	Query       url.Values    //
	ContentType string        // of the request
	UserAgent   string        //
	Body        []byte        // of the request; it may hold secrets
	RequestID   string        // of the answer
	Status      int           // of the answer; 0: none yet, or none at all
	Dropped     bool          // there was no answer
	Faulted     bool          // an injected fault hit it
	Time        time.Time     // of its arrival, by the server's clock
	Took        time.Duration // real time until the answer was ready
	started     time.Time
}

func (r *Request) copy() Request {
	c := *r
	c.Query = maps.Clone(r.Query)
	for name, values := range c.Query {
		c.Query[name] = slices.Clone(values)
	}
	c.Body = slices.Clone(r.Body)
	return c
}

// Requests returns the requests since the start or the last ResetRequests, in the order of their arrival. One that the
// client has an answer to is always among them.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.entries))
	for i, entry := range s.entries {
		requests[i] = entry.copy()
	}
	return requests
}

// Count returns how many of the Requests have the pattern, such as "GET /streams/{id}"; any, if it is empty.
func (s *Server) Count(pattern string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, entry := range s.entries {
		if pattern == "" || entry.Pattern == pattern {
			n++
		}
	}
	return n
}

// ResetRequests forgets the requests so far.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = nil
}

// begin logs the arrival of a request.
func (s *Server) begin(r *http.Request, pattern string, body []byte) *Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	entry := &Request{
		Method: r.Method, Path: r.URL.Path, Pattern: pattern, Query: r.URL.Query(), Body: body,
		ContentType: r.Header.Get("Content-Type"), UserAgent: r.UserAgent(),
		RequestID: fmt.Sprintf("mock-%06d", s.serial), Time: s.now(), started: time.Now(),
	}
	s.entries = append(s.entries, entry)
	return entry
}

// finish logs what became of a request.
func (s *Server) finish(entry *Request, ans *answer, faulted, dropped bool) {
	s.mu.Lock()
	if ans != nil {
		entry.Status = ans.status
	}
	entry.Faulted, entry.Dropped = faulted, dropped
	entry.Took = time.Since(entry.started)
	done := entry.copy()
	s.mu.Unlock()
	if s.opts.OnRequest != nil {
		s.opts.OnRequest(done)
	}
}
