package mockserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that tests advance.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is a server under test, listening, with a clock at rest.
type rig struct {
	*Server
	t     *testing.T
	clock *clock
	url   string
}

func newRig(t *testing.T, opts Options) *rig {
	t.Helper()
	clock := newClock()
	if opts.Now == nil {
		opts.Now = clock.Now
	}
	server := New(opts)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	return &rig{server, t, clock, listening.URL}
}

// reply is an answer that was read.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// do sends a management call like "PATCH /streams/7"; the body's media type is the one that the call takes.
func (r *rig) do(call string, body any) reply {
	r.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	return r.send(method, ManagementPath+path, r.APIKey(), body)
}

// send sends a request. A body is JSON text or anything that makes some.
func (r *rig) send(method, path, auth string, body any) reply {
	r.t.Helper()
	var reader io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(body)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			r.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, reader)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", auth)
	if body != nil {
		req.Header.Set("Content-Type", plainJSON)
		if method == http.MethodPatch {
			req.Header.Set("Content-Type", mergePatch)
		}
	}
	return r.exchange(req)
}

func (r *rig) exchange(req *http.Request) reply {
	r.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{r.t, resp.StatusCode, resp.Header, text}
}

// want stops the test unless the reply has the status.
func (p reply) want(status int) reply {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("status %d, want %d: %s", p.status, status, p.body)
	}
	return p
}

// object returns the reply's body, which must be an object.
func (p reply) object() map[string]any {
	p.t.Helper()
	return decodeAs[map[string]any](p)
}

// list returns the reply's body, which must be a list of objects.
func (p reply) list() []map[string]any {
	p.t.Helper()
	return decodeAs[[]map[string]any](p)
}

func decodeAs[T any](p reply) T {
	p.t.Helper()
	var v T
	if err := json.Unmarshal(p.body, &v); err != nil {
		p.t.Fatalf("%v: %s", err, p.body)
	}
	return v
}

// violations returns "path CODE" for each violation of a 422.
func (p reply) violations() []string {
	p.t.Helper()
	p.want(http.StatusUnprocessableEntity)
	body := decodeAs[struct {
		Title, Detail string
		Violations    []violation
	}](p)
	if body.Title == "" || body.Detail == "" {
		p.t.Errorf("a problem without title or detail: %s", p.body)
	}
	var list []string
	for _, v := range body.Violations {
		if v.Message == "" || !strings.Contains(body.Detail, v.Message) {
			p.t.Errorf("the detail does not tell %+v", v)
		}
		list = append(list, v.PropertyPath+" "+v.Code)
	}
	return list
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func TestEveryAnswerIsTraceable(t *testing.T) {
	r := newRig(t, Options{})
	seen := map[string]bool{}
	for call, mediaType := range map[string]string{
		"GET /streams":   plainJSON,
		"GET /streams/7": problemJSON,
		"GET /nothing":   problemJSON,
		"PUT /streams":   problemJSON,
	} {
		p := r.do(call, nil)
		equal(t, call+" content type", p.header.Get("Content-Type"), mediaType)
		equal(t, call+" date", p.header.Get("Date"), "Sun, 01 Mar 2026 12:00:00 GMT")
		id := p.header.Get("X-Request-Id")
		if id == "" || seen[id] {
			t.Errorf("%s: request id %q is missing or used twice", call, id)
		}
		seen[id] = true
	}
}

func TestRefusals(t *testing.T) {
	r := newRig(t, Options{APIKey: "the-key"})
	r.AddStream(Stream{})
	for _, tt := range []struct {
		call, auth string
		status     int
		body       string
	}{
		{"GET /streams", "", 401, `{"message":"Not Authenticated: invalid token"}`},
		{"GET /streams", "another-key", 401, `{"message":"Not Authenticated: invalid token"}`},
		{"GET /streams", "Bearer the-key", 401, `{"message":"Not Authenticated: invalid token"}`},
		{"GET /streams", r.Token(101), 401, `{"message":"Not Authenticated: invalid token"}`},
		{"GET /streams/7", "the-key", 404, `{"detail":"No such stream.","title":"Not Found"}`},
		{"GET /streams/seven", "the-key", 404, `{"detail":"No such stream.","title":"Not Found"}`},
		{"DELETE /streams/7", "the-key", 404, `{"detail":"No such stream.","title":"Not Found"}`},
		{"POST /streams/7/token", "the-key", 404, `{"detail":"No such stream.","title":"Not Found"}`},
		{"GET /nothing", "the-key", 404, `{"detail":"No route found for \"GET /textpeak/nothing\".","title":"Not Found"}`},
		{"GET //streams", "the-key", 404, `{"detail":"No route found for \"GET /textpeak//streams\".","title":"Not Found"}`},
		{"PUT /streams/101", "the-key", 405, `{"detail":"Allowed here: GET, PATCH, DELETE.","title":"Method Not Allowed"}`},
		{"DELETE /domains", "the-key", 405, `{"detail":"Allowed here: GET.","title":"Method Not Allowed"}`},
		{"DELETE /senders", "the-key", 405, `{"detail":"Allowed here: GET.","title":"Method Not Allowed"}`},
	} {
		method, path, _ := strings.Cut(tt.call, " ")
		p := r.send(method, ManagementPath+path, tt.auth, nil)
		equal(t, tt.call+" status", p.status, tt.status)
		equal(t, tt.call+" body", string(p.body), tt.body)
	}
	equal(t, "Allow", r.do("PUT /streams/101", nil).header.Get("Allow"), "GET, PATCH, DELETE")
}

func TestBodiesOfTheWrongKind(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{})
	for _, tt := range []struct {
		call, contentType, body string
		status                  int
	}{
		{"POST /streams", plainJSON, `{"name": "a", "type": "otp"}`, 201},
		{"POST /streams", "application/json; charset=utf-8", `{"name": "a", "type": "otp"}`, 201},
		{"POST /streams", "", `{"name": "a", "type": "otp"}`, 415},
		{"POST /streams", "text/plain", `{"name": "a", "type": "otp"}`, 415},
		{"POST /streams", plainJSON, `{"name": "a", "type": "otp"`, 400},
		{"POST /streams", plainJSON, `null`, 400},
		{"POST /streams", plainJSON, `[]`, 400},
		{"POST /streams", plainJSON, ``, 400},
		{"POST /streams", plainJSON, `{"name": "` + strings.Repeat("a", maxBody) + `"}`, 413},
		{"PATCH /streams/101", mergePatch, `{}`, 200},
		{"PATCH /streams/101", plainJSON, `{}`, 415},
	} {
		method, path, _ := strings.Cut(tt.call, " ")
		req, err := http.NewRequestWithContext(t.Context(), method, r.url+ManagementPath+path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", r.APIKey())
		req.Header.Set("Content-Type", tt.contentType)
		equal(t, fmt.Sprintf("%s %s %.40s", tt.call, tt.contentType, tt.body), r.exchange(req).status, tt.status)
	}
}

func TestWritePolicies(t *testing.T) {
	writes := []string{"POST /streams", "PATCH /streams/101", "DELETE /streams/101", "POST /streams/101/token"}
	for _, tt := range []struct {
		name   string
		opts   Options
		status int
	}{
		{"405", Options{Writes: WritesNotAllowed}, 405},
		{"404", Options{Writes: WritesNotFound}, 404},
		{"documented only", Options{DocumentedOnly: true}, 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, tt.opts)
			before := r.AddStream(Stream{Name: "Kept"})
			token := r.Token(101)
			for _, call := range writes {
				equal(t, call, r.do(call, map[string]any{"name": "Changed", "type": "otp"}).status, tt.status)
				equal(t, call+" is logged", r.Count(strings.Replace(call, "101", "{id}", 1)), 1)
			}
			r.do("GET /streams/101", nil).want(200)
			r.do("GET /streams/101/token", nil).want(200)
			equal(t, "streams", r.Streams(), []Stream{before})
			equal(t, "token", r.Token(101), token)
		})
	}
}

func TestRateLimit(t *testing.T) {
	r := newRig(t, Options{RateLimit: 0.5})
	r.do("GET /streams", nil).want(200)
	p := r.do("GET /streams", nil).want(429)
	equal(t, "Retry-After", p.header.Get("Retry-After"), "2")
	r.clock.Advance(time.Second)
	equal(t, "Retry-After", r.do("GET /streams", nil).want(429).header.Get("Retry-After"), "1")
	r.clock.Advance(time.Second)
	r.do("GET /streams", nil).want(200)
	r.clock.Advance(time.Hour) // A burst is one second's worth, and one at least.
	r.do("GET /streams", nil).want(200)
	r.do("GET /streams", nil).want(429)
}

func TestLatencyEndsWithTheClient(t *testing.T) {
	finished := make(chan Request, 1)
	r := newRig(t, Options{Latency: time.Hour, OnRequest: func(r Request) { finished <- r }})
	ctx, leave := context.WithCancel(t.Context())
	r.Inject(Fault{Match: func(Request) bool { leave(); return false }}) // The client leaves once its request has arrived.
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/textpeak/streams", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
		t.Fatal("answered in spite of the latency")
	}
	if done := <-finished; !done.Dropped || done.Status != 0 {
		t.Errorf("logged as %+v", done)
	}
}

func TestOnChangeAndOnRequest(t *testing.T) {
	var r *rig
	changes, requests := 0, []string{}
	r = newRig(t, Options{
		OnChange:  func() { changes++; r.Streams() },
		OnRequest: func(q Request) { requests = append(requests, fmt.Sprint(q.Pattern, " ", q.Status)); r.Streams() },
	})
	step := func(what string, want int) {
		t.Helper()
		equal(t, "changes after "+what, changes, want)
	}
	r.AddStream(Stream{})
	step("AddStream", 1)
	r.do("GET /streams", nil)
	r.do("POST /streams", map[string]any{})
	step("what changes nothing", 1)
	r.do("POST /streams/101/token", nil)
	step("a reset", 2)
	r.send("PATCH", "/_mock/streams/101", "", map[string]any{"name": "By hand"})
	step("a hook", 3)
	equal(t, "requests", requests, []string{"GET /streams 200", "POST /streams 422", "POST /streams/{id}/token 200"})
}

func TestConcurrency(t *testing.T) {
	r := newRig(t, Options{Now: time.Now, RateLimit: 1e6})
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			id := int(r.do("POST /streams", map[string]any{"name": "s", "type": "otp"}).want(201).object()["id"].(float64))
			path := fmt.Sprintf("/streams/%d", id)
			r.do("PATCH "+path, map[string]any{"streamTags": []any{map[string]any{"value": fmt.Sprint(i % 3)}}}).want(200)
			r.EditStream(id, func(s *Stream) { s.Demo = true })
			r.do("POST "+path+"/token", nil).want(200)
			r.do("GET /streams", nil).want(200)
			if _, err := r.Snapshot(); err != nil {
				t.Error(err)
			}
			r.Requests()
			if i%2 == 0 {
				r.do("DELETE "+path, nil).want(204)
			}
		})
	}
	group.Wait()
	equal(t, "streams", len(r.Streams()), 10)
	equal(t, "requests", r.Count(""), 90)
	equal(t, "secrets", len(r.Secrets()), 41)
}

// What an Allow header names is offered.
func TestAllowedMethods(t *testing.T) {
	for _, tt := range []struct {
		options Options
		path    string
		status  int
		allow   string
	}{
		{Options{}, "/streams/101", 405, "GET, PATCH, DELETE"},
		{Options{Writes: WritesNotAllowed}, "/streams/101", 405, "GET"},
		{Options{Writes: WritesNotFound}, "/streams/101/events", 405, "GET"},
		{Options{DocumentedOnly: true}, "/streams", 405, "GET"},
		{Options{DocumentedOnly: true}, "/streams/101/events", 404, ""},
	} {
		r := newRig(t, tt.options)
		r.AddStream(Stream{})
		p := r.do("OPTIONS "+tt.path, nil)
		equal(t, "status", p.status, tt.status)
		equal(t, "Allow", p.header.Get("Allow"), tt.allow)
	}
}
