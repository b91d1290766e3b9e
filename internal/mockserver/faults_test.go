package mockserver

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaultAnswers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fault  Fault
		status int
		body   string // exactly
		header string // "Name: value"
	}{
		{"401", Fault{Status: 401}, 401, `{"message":"Not Authenticated: invalid token"}`, "Content-Type: application/json"},
		{"403", Fault{Status: 403}, 403, `{"message":"IP ACL restriction"}`, "Content-Type: application/json"},
		{"409", Fault{Status: 409}, 409, `{"detail":"Injected fault.","title":"Conflict"}`, "Content-Type: application/problem+json"},
		{"422", Fault{Status: 422}, 422, `{"detail":"This value is not valid.","title":"An error occurred","violations":[{"propertyPath":"","message":"This value is not valid.","code":"INVALID"}]}`, ""},
		{"429", Fault{Status: 429}, 429, `{"detail":"Too many requests.","title":"Too Many Requests"}`, "Retry-After: 1"},
		{"429 at a date", Fault{Status: 429, Header: map[string]string{"Retry-After": "Sun, 01 Mar 2026 12:00:05 GMT"}}, 429, `{"detail":"Too many requests.","title":"Too Many Requests"}`, "Retry-After: Sun, 01 Mar 2026 12:00:05 GMT"},
		{"429 without a word", Fault{Status: 429, Header: map[string]string{"Retry-After": ""}}, 429, `{"detail":"Too many requests.","title":"Too Many Requests"}`, "Retry-After: "},
		{"204", Fault{Status: 204}, 204, "", ""},
		{"a proxy's page", Fault{Status: 502, Body: "<html>", Header: map[string]string{"Content-Type": "text/html"}}, 502, "<html>", "Content-Type: text/html"},
		{"nonsense", Fault{Body: "nonsense"}, 200, "nonsense", ""},
		{"nonsense after", Fault{Body: "nonsense", Stage: After}, 200, "nonsense", ""},
		{"a header", Fault{Header: map[string]string{"X-Extra": "1"}}, 200, `[]`, "X-Extra: 1"},
		{"a delay", Fault{Delay: time.Millisecond}, 200, `[]`, ""},
		{"a delay after", Fault{Delay: time.Millisecond, Stage: After}, 200, `[]`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, Options{})
			r.Inject(tt.fault)
			equal(t, "pending", r.PendingFaults(), 1)
			p := r.do("GET /streams", nil)
			equal(t, "status", p.status, tt.status)
			equal(t, "body", string(p.body), tt.body)
			if name, value, set := strings.Cut(tt.header, ": "); set {
				equal(t, name, p.header.Get(name), value)
			}
			equal(t, "marked", p.header.Get("X-Mock-Fault"), "1")
			equal(t, "traceable", p.header.Get("X-Request-Id"), "mock-000001")
			equal(t, "logged", []any{r.Requests()[0].Faulted, r.Requests()[0].Status}, []any{true, tt.status})
			equal(t, "pending", r.PendingFaults(), 0)

			p = r.do("GET /streams", nil).want(200)
			equal(t, "marked", p.header.Get("X-Mock-Fault"), "")
		})
	}
}

func TestFaultDelaysTakeTime(t *testing.T) {
	for _, stage := range []Stage{Before, After} {
		r := newRig(t, Options{})
		r.Inject(Fault{Delay: 30 * time.Millisecond, Stage: stage})
		r.do("POST /streams", map[string]any{"name": "a", "type": "otp"}).want(201)
		if took := r.Requests()[0].Took; took < 30*time.Millisecond {
			t.Errorf("stage %q: took %v", stage, took)
		}
	}
}

func TestFaultStages(t *testing.T) {
	create := map[string]any{"name": "a", "type": "otp"}
	r := newRig(t, Options{})
	r.Inject(Fault{Status: 500}, Fault{Status: 500, Stage: After})
	r.do("POST /streams", create).want(500)
	equal(t, "streams", len(r.Streams()), 0)
	r.do("POST /streams", create).want(500)
	equal(t, "streams", len(r.Streams()), 1)
}

// post sends a create on a connection of its own, so that the transport never tries again by itself.
func (r *rig) post() (*http.Response, error) {
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+ManagementPath+"/streams", strings.NewReader(`{"name":"a","type":"otp"}`))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Authorization", r.APIKey())
	req.Header.Set("Content-Type", plainJSON)
	return http.DefaultClient.Do(req)
}

func TestDrop(t *testing.T) {
	for stage, streams := range map[Stage]int{Before: 0, After: 1} {
		r := newRig(t, Options{})
		r.Inject(Fault{Drop: true, Stage: stage})
		if resp, err := r.post(); err == nil {
			resp.Body.Close()
			t.Errorf("stage %q: answered %d", stage, resp.StatusCode)
		}
		equal(t, "streams", len(r.Streams()), streams)
		entry := r.Requests()[0]
		equal(t, "logged", []any{entry.Dropped, entry.Faulted, entry.Status}, []any{true, true, 0})
	}
}

func TestTruncate(t *testing.T) {
	r := newRig(t, Options{})
	r.Inject(Fault{Truncate: true, Stage: After}, Fault{Truncate: true, Body: "0123456789"})
	for _, length := range []int{-1, 5} {
		resp, err := r.post()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err == nil {
			t.Errorf("the whole body came: %s", text)
		}
		if length >= 0 {
			equal(t, "half", len(text), length)
		} else if len(text) == 0 || !strings.HasPrefix(string(text), `{"id":101`) {
			t.Errorf("half of the real answer is %q", text)
		}
	}
	equal(t, "streams", len(r.Streams()), 1)
}

func TestFaultMatching(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{})
	r.AddStream(Stream{})
	r.Inject(
		Fault{Pattern: "GET /streams/{id}", Skip: 1, Times: 2, Status: 500},
		Fault{Method: "GET", Path: "/textpeak/streams/102", Times: -1, Status: 501},
		Fault{Match: func(q Request) bool { return q.Query.Get("_page") == "2" }, Status: 502},
		Fault{Path: "/textpeak/nothing", Status: 503},
	)
	for i, tt := range []struct {
		call   string
		status int
	}{
		{"GET /streams/101", 200}, // skipped
		{"GET /streams/101", 500},
		{"GET /streams/102", 500}, // the one injected first
		{"GET /streams/101", 200}, // used up
		{"GET /streams/102", 501},
		{"GET /streams/102", 501},
		{"GET /streams?_page=1", 200},
		{"GET /streams?_page=2", 502},
		{"GET /streams?_page=2", 200},
		{"GET /nothing", 503},
		{"DELETE /streams/102", 204},
	} {
		if got := r.do(tt.call, nil).status; got != tt.status {
			t.Errorf("%d: %s: %d, want %d", i, tt.call, got, tt.status)
		}
	}
	equal(t, "pending", r.PendingFaults(), 1)
	r.ClearFaults()
	equal(t, "pending", r.PendingFaults(), 0)
	r.do("GET /streams/102", nil).want(404)
}

func TestRequests(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{})
	r.do("PATCH /streams/101?a=1&a=2", `{"name":"b"}`)
	r.do("GET /nothing", nil)
	requests := r.Requests()
	first := requests[0]
	equal(t, "first", []any{first.Method, first.Path, first.Pattern, first.Query["a"], string(first.Body), first.Status, first.ContentType, first.Time, first.RequestID},
		[]any{"PATCH", "/textpeak/streams/101", "PATCH /streams/{id}", []string{"1", "2"}, `{"name":"b"}`, 200, mergePatch, r.clock.Now(), "mock-000001"})
	equal(t, "second", []any{requests[1].Pattern, requests[1].Status}, []any{"", 404})

	first.Body[0], first.Query["a"][0] = 'x', "x"
	again := r.Requests()[0]
	equal(t, "untouched", []any{again.Body[0], again.Query["a"][0]}, []any{byte('{'), "1"})

	equal(t, "counts", []int{r.Count(""), r.Count("PATCH /streams/{id}"), r.Count("GET /streams")}, []int{2, 1, 0})
	r.ResetRequests()
	equal(t, "counts", []int{r.Count(""), len(r.Requests())}, []int{0, 0})
}
