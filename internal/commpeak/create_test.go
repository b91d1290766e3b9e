package commpeak_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestCreateSendsWhatIsNotTheDefault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		spec commpeak.StreamSpec
		body string
	}{
		{"least", commpeak.StreamSpec{Name: "News", Type: commpeak.Marketing, Enabled: true}, `{"name": "News", "type": "marketing"}`},
		{"no tags", commpeak.StreamSpec{Name: "News", Type: commpeak.TwoWay, Enabled: true, Tags: []string{}}, `{"name": "News", "type": "two_way"}`},
		{"disabled", commpeak.StreamSpec{Name: "News", Type: commpeak.Marketing}, `{"name": "News", "type": "marketing", "state": "disabled"}`},
		{"full", fullSpec(), `{"name": "News", "type": "otp", "description": "for all", "streamTags": [{"value": "a"}, {"value": "b"}],
			"defaultSender": "ACME", "demo": true, "restricted": true, "whatsApp": {"businessId": "1234"},
			"otpSettings": {"codeGeneration": "commpeak", "codeLength": 5, "codeTtl": 300, "maxFailures": 3, "sendingLimit": {"messages": 5, "periodSeconds": 60}}}`},
		{
			"access token",
			commpeak.StreamSpec{Name: "Chat", Type: commpeak.WhatsApp, Enabled: true, WhatsApp: &commpeak.WhatsAppSettings{BusinessID: "1", AccessToken: "secret"}},
			`{"name": "Chat", "type": "whatsapp", "whatsApp": {"businessId": "1", "accessToken": "secret"}}`,
		},
	} {
		s := serve(t, always(201, streamSeven))
		stream, err := newClient(s.URL).CreateStream(t.Context(), c.spec)
		if err != nil || stream.ID != "7" {
			t.Errorf("%s: got %+v, %v", c.name, stream, err)
		}
		equal(t, c.name, s.lines(), []string{"POST /streams"})
		equalJSON(t, s.of("POST")[0].Body, c.body)
	}
}

// account keeps streams as the service does. Each POST meets the fault of its
// number, counted from one.
type account struct {
	mu      sync.Mutex
	streams []map[string]any
	posts   int
	faults  map[int]fault
	list    http.HandlerFunc // instead of the list
	ahead   time.Duration    // how far its clock is ahead
	silent  bool             // it does not tell when a stream was created
}

// fault is what happens to a POST before and after the stream is made; either
// may answer in its own way, or panic to lose the answer.
type fault struct{ before, after http.HandlerFunc }

func lose(http.ResponseWriter, *http.Request) { panic("the answer is lost") }

var (
	lostBefore = fault{before: lose}
	lostAfter  = fault{after: lose}
)

// add makes a stream and returns its JSON.
func (a *account) add(stream map[string]any) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	stream["id"] = 100 + len(a.streams)
	stream["state"] = "ready"
	if !a.silent {
		stream["createdAt"] = time.Now().UTC().Add(a.ahead).Format(time.DateTime)
	}
	a.streams = append(a.streams, stream)
	body, _ := json.Marshal(stream)
	return string(body)
}

func (a *account) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", time.Now().UTC().Add(a.ahead).Format(http.TimeFormat))
	switch {
	case r.Method == http.MethodPost:
		a.create(w, r)
	case a.list != nil:
		a.list(w, r)
	default:
		a.mu.Lock()
		defer a.mu.Unlock()
		body, _ := json.Marshal(append([]map[string]any{}, a.streams...))
		reply(w, 200, string(body))
	}
}

func (a *account) create(w http.ResponseWriter, r *http.Request) {
	stream := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&stream); err != nil {
		reply(w, 400, `{"message": "no JSON"}`)
		return
	}
	a.mu.Lock()
	a.posts++
	planned := a.faults[a.posts]
	a.mu.Unlock()
	if planned.before != nil {
		planned.before(w, r)
		return
	}
	body := a.add(stream)
	if planned.after != nil {
		planned.after(w, r)
		return
	}
	reply(w, 201, body)
}

// news is what the tests create.
var news = commpeak.StreamSpec{Name: "News", Type: commpeak.Marketing, Enabled: true, Tags: []string{"a"}}

// twin is a stream like it.
func twin() map[string]any { return similar("News", "marketing") }

func similar(name, kind string) map[string]any {
	return map[string]any{"name": name, "type": kind, "streamTags": []any{map[string]any{"value": "a"}}}
}

func TestCreateAtAWrongEndpoint(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "404 page not found", http.StatusNotFound) })
	_, err := newClient(s.URL).CreateStream(t.Context(), news)
	if !errors.Is(err, commpeak.ErrNotTheAPI) || errors.Is(err, commpeak.ErrWritesNotOffered) {
		t.Errorf("got %v", err)
	}
}
