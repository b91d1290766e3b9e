package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// account keeps streams as the API does. Each POST meets the fault of its
// number, counted from one.
type account struct {
	mu      sync.Mutex
	streams []map[string]any
	posts   int
	faults  map[int]fault
	list    http.HandlerFunc // instead of the list after the first POST
	ahead   time.Duration    // how far createdAt is ahead of UTC
	silent  bool             // it does not return createdAt
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
	a.mu.Lock()
	isOwnList := a.list == nil || a.posts == 0
	a.mu.Unlock()
	switch {
	case r.Method == http.MethodPost:
		a.create(w, r)
	case !isOwnList:
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
		older   []map[string]any // there before
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
			name: "clock ahead, nothing made", account: &account{faults: map[int]fault{1: lostBefore}, ahead: 3 * time.Hour}, older: []map[string]any{twin()},
			id: "101", posts: 2, lists: 1, streams: 2,
		},
		{
			name: "clock behind, and made", account: &account{faults: map[int]fault{1: lostAfter}, ahead: -5 * time.Hour}, older: []map[string]any{twin()},
			id: "101", posts: 1, lists: 1, streams: 2,
		},
		{
			name: "twin of unknown age", account: &account{faults: map[int]fault{1: lostBefore}, silent: true}, older: []map[string]any{twin()},
			id: "101", posts: 2, lists: 1, streams: 2,
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
			// It may be this one, in the API's own spelling.
			name: "almost like it at the same time", account: &account{faults: map[int]fault{1: lostAfter}, list: always(200,
				`[{"id": 8, "name": "News", "type": "marketing", "streamTags": ["A"], "state": "ready", "createdAt": "2100-01-01 00:00:00"}]`)},
			err: commpeak.ErrMaybeCreated, says: []string{"stream 8"}, posts: 1, lists: 1, streams: 1,
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
				client, asked := virtual(t, c.account.serve)
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
				equal(t, "lists after the first", asked.count("GET")-1, c.lists)
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
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				reply(w, 200, `[]`)
				return
			}
			reply(w, status, `{"title": "no"}`)
		})
		_, err := newSession(s.URL).CreateStream(t.Context(), news)
		mentions(t, err, fmt.Sprint("HTTP ", status), "no")
		if want != nil && !errors.Is(err, want) || errors.Is(err, commpeak.ErrNotFound) || errors.Is(err, commpeak.ErrMaybeCreated) {
			t.Errorf("HTTP %d: got %v, want %v", status, err, want)
		}
		equal(t, fmt.Sprint("HTTP ", status), s.lines()[1:], []string{"POST /streams"})
	}
}

func TestCreateAtAWrongEndpoint(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "404 page not found", http.StatusNotFound) })
	_, err := newSession(s.URL).CreateStream(t.Context(), news)
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
				client, _ := virtual(t, func(w http.ResponseWriter, r *http.Request) {
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
		account := &account{}
		client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			account.serve(w, r)
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
		equal(t, "took", time.Since(begin), 2*time.Second)
		equal(t, "lists", asked.count("GET"), 1)
	})
}

// TestCancelledLostCreate is not repeated, nor called a failure.
func TestCancelledLostCreate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				reply(w, 200, `[]`)
				return
			}
			cancel()
			panic("the answer is lost")
		})
		_, err := client.CreateStream(ctx, news)
		if !errors.Is(err, commpeak.ErrMaybeCreated) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		equal(t, "creates", asked.count("POST"), 1)
		equal(t, "requests", asked.count(""), 2)
	})
}

// TestLostCreateHeedsRetryAfter: the look-up comes no sooner than the API
// asks, and not at all when there is no time for that.
func TestLostCreateHeedsRetryAfter(t *testing.T) {
	t.Parallel()
	for timeout, wait := range map[time.Duration]time.Duration{time.Hour: 20 * time.Second, 10 * time.Second: 0} {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
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

// Twenty creates, six of whose answers are lost, end in exactly twenty streams, whatever
// the API returns as the time of creation.
func TestLostCreatesOfTwentyStreams(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		account *account
		name    func(i int) string
	}{
		"five hours behind":               {&account{ahead: -5 * time.Hour}, strconv.Itoa},
		"three hours ahead":               {&account{ahead: 3 * time.Hour}, strconv.Itoa},
		"missing":                         {&account{silent: true}, strconv.Itoa},
		"missing, all of the same name":   {&account{silent: true}, func(int) string { return "News" }},
		"behind, all of the same name":    {&account{ahead: -5 * time.Hour}, func(int) string { return "News" }},
		"missing, three of the same name": {&account{silent: true}, func(i int) string { return strconv.Itoa(i / 3) }},
		"ahead, those of the same name":   {&account{ahead: 3 * time.Hour}, func(i int) string { return strconv.Itoa(i / 10) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				account := test.account
				account.faults = map[int]fault{2: lostAfter, 5: lostBefore, 6: lostAfter, 11: lostAfter, 12: lostBefore, 17: lostAfter}
				for i := range 30 {
					account.add(similar(test.name(i), "marketing"))
				}
				client, _ := virtual(t, func(w http.ResponseWriter, r *http.Request) {
					time.Sleep(latency)
					account.serve(w, r)
				}, maxRetries(4))
				ids := make([]string, 20)
				indexes := make([]int, 20)
				for i := range indexes {
					indexes[i] = i
				}
				inParallel(indexes, func(i int) {
					spec := news
					spec.Name = test.name(i)
					stream, err := client.CreateStream(t.Context(), spec)
					if err != nil {
						t.Error(err)
					}
					ids[i] = stream.ID
				})
				slices.Sort(ids)
				equal(t, "streams", len(account.streams), 30+20)
				equal(t, "IDs", len(slices.Compact(ids)), 20)
			})
		})
	}
}

// An older webhook with the same settings is not adopted, whether or not this run has seen it.
func TestLostWebhookBesideAnOlderOne(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]mockserver.Stage{"created": mockserver.After, "not created": mockserver.Before} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, run := mockAccount(t)
			stream, err := run().CreateStream(t.Context(), commpeak.StreamSpec{Name: "News", Type: commpeak.TwoWay, Enabled: true})
			equal(t, "error", err, nil)
			spec := commpeak.WebhookSpec{URL: "https://example.com/hook", Method: "POST", Enabled: true}
			older, err := run().CreateWebhook(t.Context(), stream.ID, spec)
			equal(t, "error", err, nil)
			account.Inject(mockserver.Fault{Pattern: "POST /streams/{id}/webhooks", Drop: true, Stage: lost})
			created, err := run().CreateWebhook(t.Context(), stream.ID, spec)
			equal(t, "error", err, nil)
			if created.ID == older.ID || created.ID == "" {
				t.Errorf("webhook %q is adopted, which was there before", created.ID)
			}
			count := 0
			for _, err := range run().Webhooks(t.Context(), stream.ID) {
				equal(t, "error", err, nil)
				count++
			}
			equal(t, "webhooks", count, 2)
		})
	}
}

// An event whose answer was lost is recognized by its key.
func TestLostEvent(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]mockserver.Stage{"created": mockserver.After, "not created": mockserver.Before} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, run := mockAccount(t)
			stream, err := run().CreateStream(t.Context(), commpeak.StreamSpec{Name: "News", Type: commpeak.Transactional, Enabled: true})
			equal(t, "error", err, nil)
			account.Inject(mockserver.Fault{Pattern: "POST /streams/{id}/events", Drop: true, Stage: lost})
			spec := commpeak.EventSpec{Name: "Code", Key: "code", Template: "x"}
			event, err := run().CreateEvent(t.Context(), stream.ID, spec)
			equal(t, "error", err, nil)
			equal(t, "event", event.EventSpec, spec)
			// An event that was there before is not adopted: its key is taken.
			account.Inject(mockserver.Fault{Pattern: "POST /streams/{id}/events", Drop: true, Stage: lost})
			_, err = run().CreateEvent(t.Context(), stream.ID, spec)
			mentions(t, err, "HTTP 422")
		})
	}
}

// A list that cannot be read before the first create fails the create, and nothing is created.
func TestCreateWithoutAList(t *testing.T) {
	t.Parallel()
	s := serve(t, always(401, `{"message": "Not Authenticated: invalid token"}`))
	_, err := newSession(s.URL).CreateStream(t.Context(), news)
	if !errors.Is(err, commpeak.ErrNotAuthenticated) {
		t.Errorf("got %v", err)
	}
	equal(t, "creates", s.count("POST"), 0)
}

// One list per run and collection; none in a stream that this run created.
func TestCreatesListOnce(t *testing.T) {
	t.Parallel()
	account, run := mockAccount(t)
	s := run()
	stream, err := s.CreateStream(t.Context(), commpeak.StreamSpec{Name: "News", Type: commpeak.TwoWay, Enabled: true})
	equal(t, "error", err, nil)
	_, err = s.CreateStream(t.Context(), commpeak.StreamSpec{Name: "More", Type: commpeak.TwoWay, Enabled: true})
	equal(t, "error", err, nil)
	for i := range 3 {
		_, err := s.CreateWebhook(t.Context(), stream.ID, commpeak.WebhookSpec{URL: fmt.Sprint("https://example.com/", i), Method: "POST", Enabled: true})
		equal(t, "error", err, nil)
	}
	later := run()
	for i := range 3 {
		ids, err := later.WebhooksWithURL(t.Context(), stream.ID, fmt.Sprint("https://example.com/", i))
		equal(t, "error", err, nil)
		equal(t, "webhooks of that URL", len(ids), 1)
		_, err = later.CreateWebhook(t.Context(), stream.ID, commpeak.WebhookSpec{URL: fmt.Sprint("https://example.com/", i), Method: "POST", Enabled: true})
		equal(t, "error", err, nil)
	}
	lists := map[string]int{}
	for _, request := range account.Requests() {
		if request.Method == http.MethodGet {
			lists[request.Pattern]++
		}
	}
	equal(t, "lists", lists, map[string]int{"GET /streams": 1, "GET /streams/{id}/webhooks": 1})
}

// An object that this run created is asked for again while the API does not return it.
func TestNewObjectIsMissingAtFirst(t *testing.T) {
	t.Parallel()
	for _, missing := range []time.Duration{0, 3 * time.Second, 9 * time.Second, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			var created time.Time
			client, _ := virtual(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/streams" && r.Method == http.MethodPost:
					created = time.Now()
					reply(w, 201, streamSeven)
				case r.URL.Path == "/streams":
					reply(w, 200, `[]`)
				case time.Since(created) < missing:
					reply(w, 404, `{"title": "Not Found"}`)
				case r.Method == http.MethodPost:
					reply(w, 201, object(8))
				default:
					reply(w, 200, streamSeven)
				}
			})
			_, err := client.CreateStream(t.Context(), news)
			equal(t, "error", err, nil)
			_, eventErr := client.CreateEvent(t.Context(), "7", commpeak.EventSpec{Key: "k8"})
			_, readErr := client.Stream(t.Context(), "7")
			if isLate := missing > visibleWithin; (eventErr != nil) != isLate || (readErr != nil) != isLate {
				t.Errorf("missing for %s: %v, %v", missing, eventErr, readErr)
			}
			if took := time.Since(created); took < min(missing, visibleWithin) || took > 4*visibleWithin {
				t.Errorf("missing for %s: it took %s", missing, took)
			}
		})
	}
	// Another object is not waited for.
	s := serve(t, always(404, `{"title": "Not Found"}`))
	begin := time.Now()
	_, err := newSession(s.URL).Stream(t.Context(), "8")
	if err == nil || time.Since(begin) > 5*time.Second {
		t.Errorf("got %v after %s", err, time.Since(begin))
	}
}

const visibleWithin = 10 * time.Second

// mockAccount returns an account and what makes runs on it.
func mockAccount(t *testing.T) (*mockserver.Server, func() *session.Session) {
	t.Helper()
	account := mockserver.New(mockserver.Options{})
	s := serve(t, account.ServeHTTP)
	return account, func() *session.Session {
		return newSession(s.URL+mockserver.ManagementPath, func(c *commpeak.Config) { c.APIKey = account.APIKey() })
	}
}
