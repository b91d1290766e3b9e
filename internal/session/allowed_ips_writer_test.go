package session_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// acl is stream 7 with its list of allowed IPs.
type acl struct {
	mu   sync.Mutex
	list []string
	// restricted closes the stream if its list is empty.
	restricted bool
	// takes is how long a request takes, before and after it is acted upon.
	takes func() time.Duration
	// shown are the entries that a read showed.
	shown map[string]bool
	// store is what the API makes of a list that is written; nil takes it.
	store func(list []string) []string
	// spoil may answer a write in the place of the API. It is called before
	// and after the list is written.
	spoil func(w http.ResponseWriter, written bool) bool
}

func (a *acl) edit(change func(list []string) []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = change(slices.Clone(a.list))
}

func (a *acl) now() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(slices.Values(a.list))
}

func (a *acl) wait() {
	if a.takes != nil {
		time.Sleep(a.takes())
	}
}

func (a *acl) serve(w http.ResponseWriter, r *http.Request) {
	a.wait()
	if r.Method == http.MethodPatch {
		if a.spoil != nil && a.spoil(w, false) {
			return
		}
		var body map[string]*string
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			panic(err)
		}
		a.edit(func([]string) []string {
			list := []string{}
			if text := body["ipAcl"]; text != nil {
				list = strings.Split(*text, ", ")
			}
			if a.store != nil {
				list = a.store(list)
			}
			return list
		})
		if a.spoil != nil && a.spoil(w, true) {
			return
		}
	}
	list := a.now()
	answer := map[string]any{"id": 7, "name": "News", "type": "marketing", "state": "ready", "ipAcl": nil, "restricted": a.restricted}
	if len(list) > 0 {
		answer["ipAcl"] = strings.Join(list, "; ")
	}
	if r.Method == http.MethodGet {
		a.mu.Lock()
		for _, entry := range list {
			if a.shown == nil {
				a.shown = map[string]bool{}
			}
			a.shown[entry] = true
		}
		a.mu.Unlock()
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	a.wait()
	reply(w, 200, string(encoded))
}

// begin returns a client of the account behind the handler, in virtual time.
// Whatever still works when the test is over comes to its end.
func begin(t *testing.T, handle http.HandlerFunc, change ...func(*commpeak.Config)) (*session.Session, *record) {
	t.Helper()
	return virtual(t, handle, change...)
}

// address is the n-th address of ours.
func address(n int) string { return fmt.Sprintf("203.0.113.%d", n) }

func addresses(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = address(i)
	}
	slices.Sort(list)
	return list
}

const foreign = "198.51.100.1"

// A change that comes alone costs one read, one write and the read back; the whole list
// needs no read before.
func TestAllowedIPsAlone(t *testing.T) {
	t.Parallel()
	const get, patch = "GET /streams/7", "PATCH /streams/7"
	add := func(entry string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, c *session.Session) error { return c.AddAllowedIP(ctx, "7", entry) }
	}
	remove := func(entry string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, c *session.Session) error {
			return c.RemoveAllowedIP(ctx, "7", entry)
		}
	}
	swap := func(entry, successor string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, c *session.Session) error {
			return c.SwapAllowedIP(ctx, "7", entry, successor)
		}
	}
	set := func(entries ...string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, c *session.Session) error { return c.ReplaceAllowedIPs(ctx, "7", entries) }
	}
	for name, test := range map[string]struct {
		before []string
		does   func(context.Context, *session.Session) error
		asked  []string
		sent   string
		want   error
	}{
		"add":                    {[]string{foreign}, add("203.0.113.7"), []string{get, patch, get}, `{"ipAcl": "198.51.100.1, 203.0.113.7"}`, nil},
		"add the first":          {nil, add("203.0.113.7"), []string{get, patch, get}, `{"ipAcl": "203.0.113.7"}`, nil},
		"add, in canonical form": {nil, add("2001:DB8:0::1/128"), []string{get, patch, get}, `{"ipAcl": "2001:db8::1"}`, nil},
		"add to other spellings": {[]string{"10.0.0.1/32", "2001:DB8::/32"}, add("10.0.0.2"), []string{get, patch, get}, `{"ipAcl": "10.0.0.1, 10.0.0.2, 2001:db8::/32"}`, nil},
		"add to a name":          {[]string{"office"}, add("10.0.0.2"), []string{get, patch, get}, `{"ipAcl": "10.0.0.2, office"}`, nil},
		"add a part of a prefix": {[]string{"10.0.0.0/8"}, add("10.0.0.2"), []string{get, patch, get}, `{"ipAcl": "10.0.0.0/8, 10.0.0.2"}`, nil},
		"add what is there":      {[]string{"203.0.113.7/32"}, add("203.0.113.7"), []string{get}, "", session.ErrAlreadyAllowed},
		"remove":                 {[]string{foreign, "203.0.113.7/32"}, remove("203.0.113.7"), []string{get, patch, get}, `{"ipAcl": "198.51.100.1"}`, nil},
		"remove the last":        {[]string{"203.0.113.7"}, remove("203.0.113.7/32"), []string{get}, "", session.ErrLastAllowedIP},
		"swap the last":          {[]string{"203.0.113.7"}, swap("203.0.113.7", "10.0.0.1"), []string{get, patch, get}, `{"ipAcl": "10.0.0.1"}`, nil},
		"swap with itself":       {[]string{"203.0.113.7"}, swap("203.0.113.7", "203.0.113.7/32"), []string{get}, "", nil},
		"swap what is gone":      {nil, swap("203.0.113.7", "10.0.0.1"), []string{get, patch, get}, `{"ipAcl": "10.0.0.1"}`, nil},
		"remove what is gone":    {[]string{foreign}, remove("203.0.113.7"), []string{get}, "", nil},
		"set":                    {[]string{foreign}, set("203.0.113.7/32", "10.0.0.0/8", "203.0.113.7"), []string{patch, get}, `{"ipAcl": "10.0.0.0/8, 203.0.113.7"}`, nil},
		"clear":                  {[]string{foreign}, set(), []string{patch, get}, `{"ipAcl": null}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, asked := begin(t, (&acl{list: test.before}).serve)
				start := time.Now()
				if err := test.does(t.Context(), client); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				if took := time.Since(start); took != 100*time.Millisecond {
					t.Errorf("it took %s, not just the moment for others to join", took)
				}
				equal(t, "requests", asked.lines(), test.asked)
				if test.sent != "" {
					equalJSON(t, asked.of("PATCH")[0].Body, test.sent)
					equal(t, "content type", asked.of("PATCH")[0].Header.Get("Content-Type"), "application/merge-patch+json")
				}
			})
		})
	}
}

// Many that come together are read, written and read back once.
func TestAllowedIPsJoin(t *testing.T) {
	a := &acl{list: []string{foreign}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, a.serve)
		var workers sync.WaitGroup
		for i := range 50 {
			workers.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond / 2)
				if err := client.AddAllowedIP(t.Context(), "7", address(i)); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		equal(t, "requests for 50 additions", asked.lines(), []string{"GET /streams/7", "PATCH /streams/7", "GET /streams/7"})
		equal(t, "the list", a.now(), slices.Concat([]string{foreign}, addresses(50)))
		later, asked := begin(t, a.serve)
		for i := range 50 {
			workers.Go(func() {
				if err := later.RemoveAllowedIP(t.Context(), "7", address(i)); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		equal(t, "requests for 50 removals", asked.count(""), 3)
		equal(t, "the list", a.now(), []string{foreign})
	})
}

// Terraform's workers, each with one change after the other.
func TestAllowedIPsOfTenWorkers(t *testing.T) {
	a := &acl{list: []string{foreign}, takes: func() time.Duration { return rand.N(30 * time.Millisecond) }}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, a.serve)
		const entries = 300
		jobs := make(chan int)
		var workers sync.WaitGroup
		for range 10 {
			workers.Go(func() {
				for n := range jobs {
					if err := client.AddAllowedIP(t.Context(), "7", fmt.Sprintf("10.0.%d.%d", n/256, n%256)); err != nil {
						t.Error(err)
					}
					time.Sleep(rand.N(20 * time.Millisecond))
				}
			})
		}
		for n := range entries {
			jobs <- n
		}
		close(jobs)
		workers.Wait()
		equal(t, "entries", len(a.now()), entries+1)
		if got := asked.count("PATCH"); got > 60 {
			t.Errorf("%d PATCHes for %d entries, more than 60", got, entries)
		}
		if got := asked.count("GET"); got > 2*asked.count("PATCH") {
			t.Errorf("%d reads for %d PATCHes", got, asked.count("PATCH"))
		}
	})
}

// Lists of different streams do not wait for each other.
func TestAllowedIPsOfStreamsSideBySide(t *testing.T) {
	a := &acl{takes: func() time.Duration { return time.Second }}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := begin(t, a.serve)
		start := time.Now()
		var workers sync.WaitGroup
		for i := range 5 {
			workers.Go(func() {
				if err := client.ReplaceAllowedIPs(t.Context(), fmt.Sprint(i+1), addresses(1)); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		equal(t, "time", time.Since(start), 4*time.Second+100*time.Millisecond)
	})
}

// An entry that exists already fails only its caller, and so does the second of two equal entries.
func TestAllowedIPsConflictIsItsCallersOwn(t *testing.T) {
	a := &acl{list: []string{address(1)}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, a.serve)
		errs := make([]error, 5)
		var workers sync.WaitGroup
		for i, entry := range []string{address(0), address(1), address(2), address(2) + "/32", address(3)} {
			workers.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				errs[i] = client.AddAllowedIP(t.Context(), "7", entry)
			})
		}
		workers.Wait()
		for i, err := range errs {
			if conflict := i == 1 || i == 3; errors.Is(err, session.ErrAlreadyAllowed) != conflict || (err != nil) != conflict {
				t.Errorf("addition %d: %v", i, err)
			}
		}
		equal(t, "the list", a.now(), addresses(4))
		equal(t, "PATCHes", asked.count("PATCH"), 1)
	})
}

// Who replaces the whole list gets it, and later additions are added to it. An entry that
// this run added is not removed again.
func TestAllowedIPsWholeListAmongOthers(t *testing.T) {
	a := &acl{list: []string{foreign}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := begin(t, a.serve)
		var workers sync.WaitGroup
		for i, change := range []func() error{
			func() error { return client.AddAllowedIP(t.Context(), "7", address(0)) },
			func() error { return client.ReplaceAllowedIPs(t.Context(), "7", []string{address(1), address(2)}) },
			func() error { return client.RemoveAllowedIP(t.Context(), "7", address(1)) },
			func() error { return client.AddAllowedIP(t.Context(), "7", address(3)) },
		} {
			workers.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				if err := change(); err != nil {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		workers.Wait()
		equal(t, "the list", a.now(), []string{address(1), address(2), address(3)})
	})
}

// A rejected write is repeated for each change alone, so that an invalid entry fails only
// its own caller.
func TestAllowedIPsRejected(t *testing.T) {
	a := &acl{list: []string{foreign}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if strings.Contains(string(body), address(2)) {
				reply(w, 422, `{"detail": "No.", "violations": [{"propertyPath": "ipAcl[1]", "message": "Invalid."}]}`)
				return
			}
			a.serve(w, r)
		})
		var workers sync.WaitGroup
		for i := range 5 {
			workers.Go(func() {
				err := client.AddAllowedIP(t.Context(), "7", address(i))
				if (err != nil) != (i == 2) {
					t.Errorf("addition %d: %v", i, err)
				}
				if i == 2 {
					mentions(t, err, "change the allowed IPs of stream 7", "HTTP 422", "Invalid.")
				}
			})
		}
		workers.Wait()
		equal(t, "the list", a.now(), []string{foreign, address(0), address(1), address(3), address(4)})
		equal(t, "PATCHes", asked.count("PATCH"), 1+5)
	})
}

// A read that fails fails all that it was for.
func TestAllowedIPsUnreadable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, always(403, `{"message": "IP ACL restriction"}`))
		var workers sync.WaitGroup
		for i := range 3 {
			workers.Go(func() {
				if err := client.AddAllowedIP(t.Context(), "7", address(i)); !errors.Is(err, commpeak.ErrForbidden) {
					t.Errorf("got %v", err)
				}
			})
		}
		workers.Wait()
		equal(t, "requests", asked.lines(), []string{"GET /streams/7"})
	})
}

// Whether a write whose answer is lost was carried out is found by reading
// back, and it is made again where it was not.
func TestAllowedIPsLostAnswer(t *testing.T) {
	t.Parallel()
	lost := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	answer := func(status int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { reply(w, status, body) }
	}
	for name, test := range map[string]struct {
		spoils  func(http.ResponseWriter)
		written bool // it is carried out all the same
		times   int
		patches int
		fails   string
	}{
		"lost before":              {lost, false, 1, 1, "unexpected EOF"},
		"lost after":               {lost, true, 1, 1, ""},
		"failed before":            {answer(503, `{}`), false, 2, 1, "HTTP 503"},
		"failed after":             {answer(500, `{}`), true, 1, 1, ""},
		"fails always":             {answer(500, `{"detail": "Down."}`), false, -1, 1, "HTTP 500: Down."},
		"lost always":              {lost, false, -1, 1, "unexpected EOF"},
		"an empty answer":          {answer(200, ``), true, 1, 1, ""},
		"no JSON, and not done":    {answer(200, `<html>`), false, -1, 1, "not the API's"},
		"without the list":         {answer(200, `{"id": 7}`), true, 1, 1, ""},
		"asked to come back later": {answer(429, `{}`), false, 1, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := &acl{list: []string{foreign}}
			left := test.times
			a.spoil = func(w http.ResponseWriter, written bool) bool {
				if written != test.written || left == 0 {
					return false
				}
				left--
				test.spoils(w)
				return true
			}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, asked := begin(t, a.serve)
				err := client.AddAllowedIP(t.Context(), "7", address(0))
				if test.fails == "" && err != nil {
					t.Error(err)
				}
				if test.fails != "" {
					mentions(t, err, test.fails)
				} else {
					equal(t, "the list", a.now(), []string{foreign, address(0)})
				}
				equal(t, "PATCHes", asked.count("PATCH"), test.patches)
			})
		})
	}
}
