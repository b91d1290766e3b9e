package commpeak_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// acl is stream 7 with its list of allowed IPs.
type acl struct {
	mu   sync.Mutex
	list []string
	// takes is how long a request takes, before and after it is acted upon.
	takes func() time.Duration
	// shown are the entries that a read showed.
	shown map[string]bool
	// store is what the service makes of a list that is written; nil takes it.
	store func(list []string) []string
	// spoil may answer a write in the place of the service. It is called before
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
	answer := map[string]any{"id": 7, "name": "News", "type": "marketing", "state": "ready", "ipAcl": nil}
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
func begin(t *testing.T, handle http.HandlerFunc, change ...func(*commpeak.Config)) (*commpeak.Client, *record) {
	t.Helper()
	t.Cleanup(func() { time.Sleep(time.Hour) })
	return virtual(handle, change...)
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

// A change that comes alone costs one read and one write; the whole list one
// write.
func TestAllowedIPsAlone(t *testing.T) {
	t.Parallel()
	const get, patch = "GET /streams/7", "PATCH /streams/7"
	add := func(entry string) func(context.Context, *commpeak.Client) error {
		return func(ctx context.Context, c *commpeak.Client) error { return c.AddAllowedIP(ctx, "7", entry) }
	}
	remove := func(entry string) func(context.Context, *commpeak.Client) error {
		return func(ctx context.Context, c *commpeak.Client) error { return c.RemoveAllowedIP(ctx, "7", entry) }
	}
	set := func(entries ...string) func(context.Context, *commpeak.Client) error {
		return func(ctx context.Context, c *commpeak.Client) error { return c.SetAllowedIPs(ctx, "7", entries) }
	}
	for name, test := range map[string]struct {
		before []string
		does   func(context.Context, *commpeak.Client) error
		asked  []string
		sent   string
		want   error
	}{
		"add":                        {[]string{foreign}, add("203.0.113.7"), []string{get, patch}, `{"ipAcl": "198.51.100.1, 203.0.113.7"}`, nil},
		"add the first":              {nil, add("203.0.113.7"), []string{get, patch}, `{"ipAcl": "203.0.113.7"}`, nil},
		"add, in canonical form":     {nil, add("2001:DB8:0::1/128"), []string{get, patch}, `{"ipAcl": "2001:db8::1"}`, nil},
		"add beside other spellings": {[]string{"10.0.0.1/32", "2001:DB8::/32"}, add("10.0.0.2"), []string{get, patch}, `{"ipAcl": "10.0.0.1, 10.0.0.2, 2001:db8::/32"}`, nil},
		"add beside a name":          {[]string{"office"}, add("10.0.0.2"), []string{get, patch}, `{"ipAcl": "10.0.0.2, office"}`, nil},
		"add a part of a prefix":     {[]string{"10.0.0.0/8"}, add("10.0.0.2"), []string{get, patch}, `{"ipAcl": "10.0.0.0/8, 10.0.0.2"}`, nil},
		"add what is there":          {[]string{"203.0.113.7/32"}, add("203.0.113.7"), []string{get}, "", commpeak.ErrAlreadyAllowed},
		"remove":                     {[]string{foreign, "203.0.113.7/32"}, remove("203.0.113.7"), []string{get, patch}, `{"ipAcl": "198.51.100.1"}`, nil},
		"remove the last":            {[]string{"203.0.113.7"}, remove("203.0.113.7/32"), []string{get, patch}, `{"ipAcl": null}`, nil},
		"remove what is gone":        {[]string{foreign}, remove("203.0.113.7"), []string{get}, "", nil},
		"set":                        {[]string{foreign}, set("203.0.113.7/32", "10.0.0.0/8", "203.0.113.7"), []string{patch}, `{"ipAcl": "10.0.0.0/8, 203.0.113.7"}`, nil},
		"clear":                      {[]string{foreign}, set(), []string{patch}, `{"ipAcl": null}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, asked := begin(t, (&acl{list: test.before}).serve)
				start := time.Now()
				if err := test.does(t.Context(), client); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				if took := time.Since(start); took != 50*time.Millisecond {
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
		for i := range 50 {
			workers.Go(func() {
				if err := client.RemoveAllowedIP(t.Context(), "7", address(i)); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		equal(t, "requests for 50 removals", asked.count("")-3, 3)
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

// However steadily others come, nobody waits for them for long.
func TestAllowedIPsLingerHasAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, (&acl{}).serve)
		var workers sync.WaitGroup
		for i := range 200 {
			workers.Go(func() {
				time.Sleep(time.Duration(i) * 10 * time.Millisecond)
				start := time.Now()
				if err := client.AddAllowedIP(t.Context(), "7", address(i)); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took > 200*time.Millisecond {
					t.Errorf("addition %d took %s", i, took)
				}
			})
		}
		workers.Wait()
		equal(t, "PATCHes in two seconds", asked.count("PATCH"), 10)
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
				if err := client.SetAllowedIPs(t.Context(), fmt.Sprint(i+1), addresses(1)); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		equal(t, "time", time.Since(start), 2*time.Second+50*time.Millisecond)
	})
}

// The entry that is there already fails its caller and nobody else; so does the
// second of two of the same kind.
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
			if conflict := i == 1 || i == 3; errors.Is(err, commpeak.ErrAlreadyAllowed) != conflict || (err != nil) != conflict {
				t.Errorf("addition %d: %v", i, err)
			}
		}
		equal(t, "the list", a.now(), addresses(4))
		equal(t, "PATCHes", asked.count("PATCH"), 1)
	})
}

// Whoever asks for the whole list gets it, and who comes later comes on top.
func TestAllowedIPsWholeListAmongOthers(t *testing.T) {
	a := &acl{list: []string{foreign}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := begin(t, a.serve)
		var workers sync.WaitGroup
		for i, change := range []func() error{
			func() error { return client.AddAllowedIP(t.Context(), "7", address(0)) },
			func() error { return client.SetAllowedIPs(t.Context(), "7", []string{address(1), address(2)}) },
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
		equal(t, "the list", a.now(), []string{address(2), address(3)})
	})
}

// A refused write fails all that it was for, with one and the same error, and
// is not repeated.
func TestAllowedIPsRefused(t *testing.T) {
	a := &acl{}
	a.spoil = func(w http.ResponseWriter, written bool) bool {
		reply(w, 422, `{"detail": "No.", "violations": [{"propertyPath": "ipAcl[1]", "message": "Too many."}]}`)
		return !written
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, a.serve)
		var workers sync.WaitGroup
		for i := range 5 {
			workers.Go(func() {
				err := client.AddAllowedIP(t.Context(), "7", address(i))
				mentions(t, err, "change the allowed IPs of stream 7", "HTTP 422", "ipAcl: Too many.")
			})
		}
		workers.Wait()
		equal(t, "requests", asked.lines(), []string{"GET /streams/7", "PATCH /streams/7"})
		mentions(t, client.SetAllowedIPs(t.Context(), "7", addresses(1)), "ipAcl: Too many.")
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
		"lost before":              {lost, false, 1, 2, ""},
		"lost after":               {lost, true, 1, 1, ""},
		"failed before":            {answer(503, `{}`), false, 2, 3, ""},
		"failed after":             {answer(500, `{}`), true, 1, 1, ""},
		"fails always":             {answer(500, `{"detail": "Down."}`), false, -1, 3, "HTTP 500: Down."},
		"lost always":              {lost, false, -1, 3, "unexpected EOF"},
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

// Another program overwrites what was just written with a list that it had read
// before. The answer to the PATCH shows that, and both have their entries.
func TestAllowedIPsOverwritten(t *testing.T) {
	a := &acl{list: []string{foreign}}
	overwrite := true
	a.spoil = func(_ http.ResponseWriter, written bool) bool {
		if written && overwrite {
			overwrite = false
			go a.edit(func([]string) []string { return []string{foreign, "198.51.100.2"} })
			synctest.Wait()
		}
		return false
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, a.serve)
		var workers sync.WaitGroup
		for i := range 3 {
			workers.Go(func() {
				if err := client.AddAllowedIP(t.Context(), "7", address(i)); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		equal(t, "the list", a.now(), slices.Concat([]string{foreign, "198.51.100.2"}, addresses(3)))
		equal(t, "PATCHes", asked.count("PATCH"), 2)
	})
}

// What another program took off the list behind our back is written again with
// the next change; what we took off ourselves is not.
func TestAllowedIPsLostBetweenChanges(t *testing.T) {
	a := &acl{list: []string{foreign}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := begin(t, a.serve)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
		}
		must(client.AddAllowedIP(t.Context(), "7", address(0)))
		must(client.AddAllowedIP(t.Context(), "7", address(1)))
		must(client.RemoveAllowedIP(t.Context(), "7", address(1)))
		a.edit(func([]string) []string { return []string{foreign, "198.51.100.2"} })
		must(client.AddAllowedIP(t.Context(), "7", address(2)))
		equal(t, "the list", a.now(), []string{foreign, "198.51.100.2", address(0), address(2)})
		must(client.SetAllowedIPs(t.Context(), "7", []string{address(3)}))
		must(client.AddAllowedIP(t.Context(), "7", address(4)))
		equal(t, "the list", a.now(), []string{address(3), address(4)})
	})
}

// An entry that the service never keeps fails the one who wants it.
func TestAllowedIPsNotKept(t *testing.T) {
	a := &acl{store: func(list []string) []string {
		return slices.DeleteFunc(list, func(entry string) bool { return entry == address(1) })
	}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, a.serve)
		var workers sync.WaitGroup
		for i := range 3 {
			workers.Go(func() {
				err := client.AddAllowedIP(t.Context(), "7", address(i))
				if errors.Is(err, commpeak.ErrNotKept) != (i == 1) || (err != nil) != (i == 1) {
					t.Errorf("addition %d: %v", i, err)
				}
			})
		}
		workers.Wait()
		equal(t, "PATCHes", asked.count("PATCH"), 3)
		// It is not tried again and again with the changes of others.
		if err := client.AddAllowedIP(t.Context(), "7", address(5)); err != nil {
			t.Error(err)
		}
		equal(t, "PATCHes", asked.count("PATCH"), 4)
	})
}

func TestAllowedIPsOfAStreamThatIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := begin(t, always(404, `{"title": "Not Found"}`))
		var workers sync.WaitGroup
		for i, want := range []error{commpeak.ErrNotFound, nil, commpeak.ErrNotFound} {
			workers.Go(func() {
				err := []func() error{
					func() error { return client.AddAllowedIP(t.Context(), "7", address(0)) },
					func() error { return client.RemoveAllowedIP(t.Context(), "7", address(1)) },
					func() error { return client.SetAllowedIPs(t.Context(), "8", addresses(1)) },
				}[i]()
				if !errors.Is(err, want) {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		workers.Wait()
	})
}

// A service that says once of a stream that it is not there is not believed: the
// entry would stay on the list.
func TestRemoveAllowedIPOfAStreamThatIsDeniedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, denied := &acl{list: addresses(2)}, false
		client, _ := begin(t, func(w http.ResponseWriter, r *http.Request) {
			if denied {
				a.serve(w, r)
				return
			}
			denied = true
			reply(w, 404, `{"title": "Not Found"}`)
		})
		if err := client.RemoveAllowedIP(t.Context(), "7", address(1)); err != nil {
			t.Error(err)
		}
		equal(t, "the list", strings.Join(a.now(), " "), address(0))
	})
}

func TestAllowedIPsWithoutWrites(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 405} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			a := &acl{}
			a.spoil = func(w http.ResponseWriter, _ bool) bool {
				reply(w, status, `{"title": "No"}`)
				return true
			}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := begin(t, a.serve)
				for _, err := range []error{
					client.AddAllowedIP(t.Context(), "7", address(0)),
					client.SetAllowedIPs(t.Context(), "7", nil),
				} {
					if !errors.Is(err, commpeak.ErrWritesNotOffered) {
						t.Errorf("got %v", err)
					}
				}
			})
		})
	}
}

func TestAllowedIPsReadOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := begin(t, (&acl{}).serve, func(c *commpeak.Config) { c.ReadOnly = true })
		if err := client.AddAllowedIP(t.Context(), "7", address(0)); !errors.Is(err, commpeak.ErrReadOnly) {
			t.Errorf("got %v", err)
		}
		equal(t, "requests", asked.count(""), 0)
	})
}

func TestAllowedIPsNotReady(t *testing.T) {
	t.Parallel()
	unready := errors.New("not yet")
	if err := commpeak.NewUnready(unready).AddAllowedIP(t.Context(), "7", address(0)); !errors.Is(err, unready) {
		t.Errorf("got %v", err)
	}
}

// A caller leaves when its context ends, at whatever moment: at once as long as
// its change is not on its way, else with the outcome. Nobody else notices.
func TestAllowedIPsCallerLeaves(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after  time.Duration
		stays  time.Duration
		errors bool
	}{
		// Joining takes 50 ms, the read and the write 1 s each.
		"before it begins":        {0, 0, true},
		"while others join":       {20 * time.Millisecond, 20 * time.Millisecond, true},
		"while the list is read":  {500 * time.Millisecond, 500 * time.Millisecond, true},
		"while the list is sent":  {1500 * time.Millisecond, 3050 * time.Millisecond, false},
		"while it is read back":   {2500 * time.Millisecond, 3050 * time.Millisecond, false},
		"while it is of no avail": {time.Minute, 3050 * time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := &acl{list: []string{foreign}, takes: func() time.Duration { return time.Second / 2 }}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := begin(t, a.serve)
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), test.after)
				defer cancel()
				var workers sync.WaitGroup
				workers.Go(func() {
					err := client.AddAllowedIP(ctx, "7", address(0))
					if (err != nil) != test.errors || err != nil && !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("got %v", err)
					}
					equal(t, "time until the caller left", time.Since(start), test.stays)
				})
				for i := 1; i < 4; i++ {
					workers.Go(func() {
						if err := client.AddAllowedIP(t.Context(), "7", address(i)); err != nil {
							t.Error(err)
						}
						equal(t, "time until another was done", time.Since(start), 3050*time.Millisecond)
					})
				}
				workers.Wait()
				want := slices.Concat([]string{foreign}, addresses(4))
				if test.errors {
					want = slices.DeleteFunc(want, func(entry string) bool { return entry == address(0) })
				}
				equal(t, "the list", a.now(), want)
			})
		})
	}
}

// When all have left, nothing more is asked; a write that is on its way is
// still waited for.
func TestAllowedIPsAllLeave(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after time.Duration
		asked int
		fails bool
	}{
		"while others join":      {20 * time.Millisecond, 0, true},
		"while the list is read": {500 * time.Millisecond, 1, true},
		"while the list is sent": {1500 * time.Millisecond, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := &acl{takes: func() time.Duration { return time.Second / 2 }}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, asked := begin(t, a.serve)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(test.after, cancel)
				var workers sync.WaitGroup
				for i := range 3 {
					workers.Go(func() {
						err := client.AddAllowedIP(ctx, "7", address(i))
						if (err != nil) != test.fails || test.fails && !errors.Is(err, context.Canceled) {
							t.Errorf("got %v", err)
						}
					})
				}
				workers.Wait()
				time.Sleep(time.Minute)
				equal(t, "requests", asked.count(""), test.asked)
			})
		})
	}
}

// A write that hangs holds nobody longer than an attempt may take.
func TestAllowedIPsHangingWrite(t *testing.T) {
	a := &acl{}
	a.spoil = func(http.ResponseWriter, bool) bool { time.Sleep(time.Hour); return true }
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := begin(t, a.serve)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := client.AddAllowedIP(ctx, "7", address(0))
		var failed *commpeak.Error
		if !errors.As(err, &failed) || !failed.Sent {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took > 41*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// Random additions, removals, departures and latencies, beside another writer:
// whoever was told of success has it, whoever left before his turn left
// nothing, and what others had on the list when it was read is still there.
func TestAllowedIPsRandomly(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := &lockedRand{rand: rand.New(rand.NewPCG(seed, 0))}
			a := &acl{list: []string{foreign}, takes: func() time.Duration { return random.upTo(100 * time.Millisecond) }}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, asked := begin(t, a.serve)
				testAllowedIPsRandomly(t, random, a, client, asked)
			})
		})
	}
}

func testAllowedIPsRandomly(t *testing.T, random *lockedRand, a *acl, client *commpeak.Client, asked *record) {
	t.Helper()
	var (
		workers sync.WaitGroup
		mu      sync.Mutex
		there   = map[string]bool{} // what must, or must not, be there in the end
	)
	settle := func(entry string, is bool) {
		mu.Lock()
		defer mu.Unlock()
		there[entry] = is
	}
	for i := range 40 {
		workers.Go(func() {
			time.Sleep(random.upTo(time.Second))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if random.upTo(4) == 0 {
				time.AfterFunc(random.upTo(300*time.Millisecond), cancel)
			}
			var failed *commpeak.Error
			switch err := client.AddAllowedIP(ctx, "7", address(i)); {
			case err == nil:
				settle(address(i), true)
			case errors.As(err, &failed) && errors.Is(err, context.Canceled):
				if !failed.Sent {
					settle(address(i), false)
				}
				return
			default:
				t.Error(err)
			}
			if random.upTo(3) == 0 {
				if err := client.RemoveAllowedIP(t.Context(), "7", address(i)); err != nil {
					t.Error(err)
				}
				settle(address(i), false)
			}
		})
	}
	// The other writer works on the list as it is, and takes off what it put on.
	theirs := map[string]bool{}
	workers.Go(func() {
		for i := range 20 {
			time.Sleep(random.upTo(100 * time.Millisecond))
			entry := fmt.Sprintf("198.51.100.%d", i+10)
			a.edit(func(list []string) []string { return append(list, entry) })
			theirs[entry] = true
			if random.upTo(3) == 0 {
				delete(theirs, entry)
				a.edit(func(list []string) []string {
					return slices.DeleteFunc(list, func(e string) bool { return e == entry })
				})
			}
		}
	})
	workers.Wait()
	list := a.now()
	for entry, is := range there {
		if slices.Contains(list, entry) != is {
			t.Errorf("%s is on the list: %t, not %t", entry, !is, is)
		}
	}
	for entry := range theirs {
		if a.shown[entry] && !slices.Contains(list, entry) {
			t.Errorf("%s of another writer was read, and then lost", entry)
		}
	}
	if !slices.Contains(list, foreign) {
		t.Error("an entry of somebody else was lost")
	}
	if got := asked.count("PATCH"); got > 40 {
		t.Errorf("%d PATCHes", got)
	}
}

// lockedRand is a source of chance for many goroutines.
type lockedRand struct {
	mu   sync.Mutex
	rand *rand.Rand
}

func (r *lockedRand) upTo(most time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Duration(r.rand.Int64N(int64(most)))
}

func TestKeep(t *testing.T) {
	t.Parallel()
	client, other := newClient("http://localhost"), newClient("http://localhost")
	first := client.Keep("a", func() any { return new(int) })
	if again := client.Keep("a", func() any { return new(int) }); again != first {
		t.Error("the second to ask gets another value")
	}
	if client.Keep("b", func() any { return new(int) }) == first || other.Keep("a", func() any { return new(int) }) == first {
		t.Error("keys or clients share a value")
	}
}
