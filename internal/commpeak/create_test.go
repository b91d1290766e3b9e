package commpeak_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
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

func TestLostCreate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		account *account
		older   []map[string]any // there a minute before
		id      string           // adopted or made; empty: an error
		err     error
		says    []string
		posts   int
		lists   int
		streams int
	}{
		{name: "before it was done", account: &account{faults: map[int]fault{1: lostBefore}}, id: "100", posts: 2, lists: 1, streams: 1},
		{name: "after it was done", account: &account{faults: map[int]fault{1: lostAfter}}, id: "100", posts: 1, lists: 1, streams: 1},
		{name: "twice", account: &account{faults: map[int]fault{1: lostBefore, 2: lostAfter}}, id: "100", posts: 2, lists: 2, streams: 1},
		{
			name: "always", account: &account{faults: map[int]fault{1: lostBefore, 2: lostBefore, 3: lostBefore}},
			err: &commpeak.Error{}, says: []string{`create stream "News"`, "EOF"}, posts: 3, lists: 3,
		},
		{
			name: "server error before", account: &account{faults: map[int]fault{1: {before: always(502, "")}}},
			id: "100", posts: 2, lists: 1, streams: 1,
		},
		{
			name: "server error after", account: &account{faults: map[int]fault{1: {after: always(504, "")}}},
			id: "100", posts: 1, lists: 1, streams: 1,
		},
		{
			name: "malformed answer", account: &account{faults: map[int]fault{1: {after: always(201, "<html>")}}},
			id: "100", posts: 1, lists: 1, streams: 1,
		},
		{
			name: "malformed answer, nothing made", account: &account{faults: map[int]fault{1: {before: always(201, "<html>")}}},
			err: commpeak.ErrNotTheAPI, posts: 1, lists: 1,
		},
		{
			name: "too many requests", account: &account{faults: map[int]fault{1: {before: always(429, `{"message": "slow"}`)}}},
			id: "100", posts: 2, streams: 1,
		},
		{
			name: "older twin, nothing made", account: &account{faults: map[int]fault{1: lostBefore}}, older: []map[string]any{twin()},
			id: "101", posts: 2, lists: 1, streams: 2,
		},
		{
			name: "older twin, and made", account: &account{faults: map[int]fault{1: lostAfter}}, older: []map[string]any{twin()},
			id: "101", posts: 1, lists: 1, streams: 2,
		},
		{
			name: "clock ahead, nothing made", account: &account{faults: map[int]fault{1: lostBefore}, ahead: 7 * time.Minute}, older: []map[string]any{twin()},
			id: "101", posts: 2, lists: 1, streams: 2,
		},
		{
			name: "clock behind, and made", account: &account{faults: map[int]fault{1: lostAfter}, ahead: -7 * time.Minute}, older: []map[string]any{twin()},
			id: "101", posts: 1, lists: 1, streams: 2,
		},
		{
			name: "twin of unknown age", account: &account{faults: map[int]fault{1: lostBefore}, silent: true}, older: []map[string]any{twin()},
			err: commpeak.ErrMaybeCreated, says: []string{"stream 100,"}, posts: 1, lists: 1, streams: 1,
		},
		{
			name: "others of unknown age", account: &account{faults: map[int]fault{1: lostBefore}, silent: true},
			older: []map[string]any{similar("Old", "marketing"), similar("News", "otp")}, id: "102", posts: 2, lists: 1, streams: 3,
		},
		{
			name: "another like it at the same time", account: &account{faults: map[int]fault{1: lostAfter}, list: always(200,
				`[{"id": 8, "name": "News", "type": "marketing", "streamTags": ["a"], "state": "ready", "createdAt": "2100-01-01 00:00:00"},
				{"id": 9, "name": "News", "type": "marketing", "streamTags": ["a"], "state": "ready", "createdAt": "2100-01-01 00:00:00"}]`)},
			err: commpeak.ErrMaybeCreated, says: []string{"8 or 9", "EOF"}, posts: 1, lists: 1, streams: 1,
		},
		{
			// It may be this one, in the service's own spelling.
			name: "almost like it at the same time", account: &account{faults: map[int]fault{1: lostAfter}, list: always(200,
				`[{"id": 8, "name": "News", "type": "marketing", "streamTags": ["A"], "state": "ready", "createdAt": "2100-01-01 00:00:00"}]`)},
			err: commpeak.ErrMaybeCreated, says: []string{"stream 8,"}, posts: 1, lists: 1, streams: 1,
		},
		{
			name: "listing is refused", account: &account{faults: map[int]fault{1: lostAfter}, list: always(403, `{"message": "IP ACL restriction"}`)},
			err: commpeak.ErrMaybeCreated, says: []string{"EOF", "IP ACL restriction"}, posts: 1, lists: 1, streams: 1,
		},
		{
			name: "listing is no list", account: &account{faults: map[int]fault{1: lostBefore}, list: always(200, `null`)},
			err: commpeak.ErrMaybeCreated, posts: 1, lists: 1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for _, stream := range c.older {
					c.account.add(stream)
				}
				time.Sleep(time.Minute)
				client, asked := virtual(c.account.serve)
				stream, err := client.CreateStream(t.Context(), news)
				switch {
				case c.err == nil && err != nil:
					t.Error(err)
				case c.err != nil:
					mentions(t, err, c.says...)
					var anyError *commpeak.Error
					if !errors.As(err, &anyError) || !errors.As(c.err, &anyError) && !errors.Is(err, c.err) {
						t.Errorf("got %v, want %v", err, c.err)
					}
					equal(t, "unknown whether it was created", errors.Is(err, commpeak.ErrMaybeCreated), errors.Is(c.err, commpeak.ErrMaybeCreated))
				}
				equal(t, "id", stream.ID, c.id)
				equal(t, "creates", asked.count("POST"), c.posts)
				equal(t, "lists", asked.count("GET"), c.lists)
				equal(t, "streams", len(c.account.streams), c.streams)
			})
		})
	}
}

// TestRefusedCreateIsNotLookedFor: a refusal says that nothing was made.
func TestRefusedCreateIsNotLookedFor(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		400: nil, 401: commpeak.ErrNotAuthenticated, 403: commpeak.ErrForbidden, 409: nil, 422: nil,
		404: commpeak.ErrWritesNotOffered, 405: commpeak.ErrWritesNotOffered,
	} {
		s := serve(t, always(status, `{"title": "no"}`))
		_, err := newClient(s.URL).CreateStream(t.Context(), news)
		mentions(t, err, fmt.Sprint("HTTP ", status), "no")
		if want != nil && !errors.Is(err, want) || errors.Is(err, commpeak.ErrNotFound) || errors.Is(err, commpeak.ErrMaybeCreated) {
			t.Errorf("HTTP %d: got %v, want %v", status, err, want)
		}
		equal(t, fmt.Sprint("HTTP ", status), s.lines(), []string{"POST /streams"})
	}
}

func TestCreateAtAWrongEndpoint(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "404 page not found", http.StatusNotFound) })
	_, err := newClient(s.URL).CreateStream(t.Context(), news)
	if !errors.Is(err, commpeak.ErrNotTheAPI) || errors.Is(err, commpeak.ErrWritesNotOffered) {
		t.Errorf("got %v", err)
	}
}

// TestCreatesOfOneNameAtATime: whatever happens to the answers, each create
// gets a stream of its own, and no more are made than asked for.
func TestCreatesOfOneNameAtATime(t *testing.T) {
	t.Parallel()
	slow := func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(10 * time.Second)
		lose(w, r)
	}
	for name, faults := range map[string]map[int]fault{
		"all lost after":       {1: lostAfter, 2: lostAfter, 3: lostAfter},
		"all lost before":      {1: lostBefore, 2: lostBefore, 3: lostBefore},
		"one lost before":      {1: lostBefore},
		"one lost after":       {2: lostAfter},
		"slowly lost":          {1: {before: slow}, 2: {after: slow}},
		"slowly lost, swapped": {1: {after: slow}, 2: {before: slow}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				account := &account{faults: faults}
				// Not one after the other: the account answers side by side.
				client, _ := virtual(func(w http.ResponseWriter, r *http.Request) {
					time.Sleep(100 * time.Millisecond)
					account.serve(w, r)
					time.Sleep(5 * time.Second)
				}, maxRetries(4))
				ids := make([]string, 3)
				var workers sync.WaitGroup
				for i := range ids {
					workers.Go(func() {
						stream, err := client.CreateStream(t.Context(), news)
						if err != nil {
							t.Error(err)
						}
						ids[i] = stream.ID
					})
				}
				workers.Wait()
				slices.Sort(ids)
				equal(t, "ids", ids, []string{"100", "101", "102"})
				equal(t, "streams", len(account.streams), 3)
			})
		})
	}
}

func TestCreatesOfOtherNamesDoNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := virtual(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Second)
			reply(w, 201, streamSeven)
		})
		begin := time.Now()
		var workers sync.WaitGroup
		for i := range 10 {
			workers.Go(func() {
				if _, err := client.CreateStream(t.Context(), commpeak.StreamSpec{Name: fmt.Sprint(i), Type: commpeak.OTP}); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		equal(t, "took", time.Since(begin), time.Second)
	})
}

// TestCancelledLostCreate is not repeated, nor called a failure.
func TestCancelledLostCreate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client, asked := virtual(func(http.ResponseWriter, *http.Request) {
			cancel()
			panic("the answer is lost")
		})
		_, err := client.CreateStream(ctx, news)
		if !errors.Is(err, commpeak.ErrMaybeCreated) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		equal(t, "requests", asked.lines(), []string{"POST /streams"})
	})
}

// TestLostCreateHeedsRetryAfter: the look-up comes no sooner than the service
// asks, and not at all when there is no time for that.
func TestLostCreateHeedsRetryAfter(t *testing.T) {
	t.Parallel()
	for timeout, wait := range map[time.Duration]time.Duration{time.Hour: 20 * time.Second, 10 * time.Second: 0} {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					w.Header().Set("Retry-After", "20")
					reply(w, 503, `{"message": "maintenance"}`)
					return
				}
				reply(w, 200, `[]`)
			}, maxRetries(0))
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			begin := time.Now()
			_, err := client.CreateStream(ctx, news)
			mentions(t, err, "maintenance")
			equal(t, "took", time.Since(begin), wait)
			equal(t, "unknown whether it was created", errors.Is(err, commpeak.ErrMaybeCreated), wait == 0)
			equal(t, "creates", asked.count("POST"), 1)
		})
	}
}
