package commpeak_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	stdlog "log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

const apiKey = "key-0123456789abcdef"

// request is what a test's server was asked.
type request struct {
	Method string
	// Target is the path as it came, still escaped, and the query.
	Target string
	Header http.Header
	Body   string
	At     time.Time
}

// record keeps the requests that a handler was asked.
type record struct {
	mu   sync.Mutex
	list []request
}

// of returns the requests of a method, all of them for none.
func (r *record) of(method string) []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []request
	for _, one := range r.list {
		if method == "" || one.Method == method {
			found = append(found, one)
		}
	}
	return found
}

func (r *record) count(method string) int { return len(r.of(method)) }

// lines are the requests as "GET /streams/7".
func (r *record) lines() []string {
	lines := []string{}
	for _, one := range r.of("") {
		lines = append(lines, one.Method+" "+one.Target)
	}
	return lines
}

func (r *record) before(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		var body []byte
		if req.Body != nil {
			body, _ = io.ReadAll(req.Body)
		}
		r.mu.Lock()
		r.list = append(r.list, request{req.Method, req.URL.RequestURI(), req.Header.Clone(), string(body), time.Now()})
		r.mu.Unlock()
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		handle(w, req)
	}
}

// server is a real one, on a port of its own.
type server struct {
	*httptest.Server
	record
}

func serve(t *testing.T, handle http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(s.before(handle))
	t.Cleanup(s.Close)
	return s
}

// newClient retries twice, hurrying. It has reached the API before: a 404 is
// about the object.
func newClient(endpoint string, change ...func(*commpeak.Config)) *commpeak.Client {
	client := newcomer(endpoint, change...)
	client.SetReached()
	return client
}

// newcomer is a client that has not reached the API yet.
func newcomer(endpoint string, change ...func(*commpeak.Config)) *commpeak.Client {
	config := commpeak.Config{APIKey: apiKey, Endpoint: endpoint, MaxRetries: 2, InitialBackoff: time.Millisecond, UserAgent: "test/1"}
	for _, c := range change {
		c(&config)
	}
	return commpeak.New(config)
}

// virtual returns a client whose requests are answered in memory, so that time
// can be that of package synctest. Its waits are those of a user.
func virtual(handle http.HandlerFunc, change ...func(*commpeak.Config)) (*commpeak.Client, *record) {
	var asked record
	client := newClient("http://localhost", append([]func(*commpeak.Config){
		func(c *commpeak.Config) { c.InitialBackoff = 0 },
	}, change...)...)
	client.SetTransport(inMemory(asked.before(handle)))
	return client, &asked
}

// inMemory is a transport that asks a handler. A handler that panics loses its
// answer.
type inMemory http.HandlerFunc

func (handle inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
	recorder := httptest.NewRecorder()
	lost := make(chan bool, 1)
	go func() {
		defer func() { lost <- recover() != nil }()
		handle(recorder, r)
	}()
	select {
	case isLost := <-lost:
		if isLost {
			return nil, io.ErrUnexpectedEOF
		}
		return recorder.Result(), nil
	case <-r.Context().Done():
		return nil, context.Cause(r.Context())
	}
}

func maxRetries(n int) func(*commpeak.Config) {
	return func(c *commpeak.Config) { c.MaxRetries = n }
}

// logInto collects the lines of a client's log.
func logInto(lines *[]string) func(*commpeak.Config) {
	var mu sync.Mutex
	return func(c *commpeak.Config) {
		c.Log = func(_ context.Context, message string, fields map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			*lines = append(*lines, fmt.Sprint(message, fields))
		}
	}
}

// attempts counts the requests in a client's log.
func attempts(log []string) int {
	n := 0
	for _, line := range log {
		if strings.Contains(line, "duration_ms") {
			n++
		}
	}
	return n
}

var discard = stdlog.New(io.Discard, "", 0)

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

// always is a handler with one answer.
func always(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { reply(w, status, body) }
}

// hang never answers.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

const streamSeven = `{"id": 7, "name": "News", "type": "marketing", "state": "ready"}`

// equalJSON fails the test unless two documents say the same.
func equalJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%q is not JSON: %v", got, err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%q is not JSON: %v", want, err)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// equal compares two values; it ignores the set of fields that an answer contained.
func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if object, is := any(got).(interface{ WithoutFields() T }); is {
		got = object.WithoutFields()
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", what, got, want)
	}
}

// mentions fails the test unless the error's text holds all the words.
func mentions(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
}

var news = commpeak.StreamSpec{Name: "News", Type: commpeak.Marketing, Enabled: true}
