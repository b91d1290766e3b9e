package session_test

import (
	"context"
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
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// Another program overwrites what was just written with a list that it had
// read before: reading back finds it, and both have their entries.
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

// An entry that the API never keeps fails the one who wants it.
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
				if errors.Is(err, session.ErrNotKept) != (i == 1) || (err != nil) != (i == 1) {
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
		client, _ := begin(t, reachable(always(404, `{"title": "Not Found"}`)))
		var workers sync.WaitGroup
		for i, want := range []error{commpeak.ErrNotFound, nil, commpeak.ErrNotFound} {
			workers.Go(func() {
				err := []func() error{
					func() error { return client.AddAllowedIP(t.Context(), "7", address(0)) },
					func() error { return client.RemoveAllowedIP(t.Context(), "7", address(1)) },
					func() error { return client.ReplaceAllowedIPs(t.Context(), "8", addresses(1)) },
				}[i]()
				if !errors.Is(err, want) {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		workers.Wait()
	})
}

// An API that says once of a stream that it is not there is not believed: the
// entry would stay on the list.
func TestRemoveAllowedIPOfAStreamThatIsDeniedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, denied := &acl{list: addresses(2)}, false
		client, _ := begin(t, reachable(func(w http.ResponseWriter, r *http.Request) {
			if denied {
				a.serve(w, r)
				return
			}
			denied = true
			reply(w, 404, `{"title": "Not Found"}`)
		}))
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
					client.ReplaceAllowedIPs(t.Context(), "7", nil),
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
	if err := session.NewUnconfigured(unready).AddAllowedIP(t.Context(), "7", address(0)); !errors.Is(err, unready) {
		t.Errorf("got %v", err)
	}
}

// A caller whose context ends leaves at once while its change waits, and else with the
// outcome. The others do not notice.
func TestAllowedIPsCallerLeaves(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after  time.Duration
		stays  time.Duration
		errors bool
	}{
		// Joining takes 100 ms, the read and the write 1 s each.
		"before it begins":        {0, 0, true},
		"while others join":       {20 * time.Millisecond, 20 * time.Millisecond, true},
		"while the list is read":  {500 * time.Millisecond, 3100 * time.Millisecond, false},
		"while the list is sent":  {1500 * time.Millisecond, 3100 * time.Millisecond, false},
		"while it is read back":   {2500 * time.Millisecond, 3100 * time.Millisecond, false},
		"while it is of no avail": {time.Minute, 3100 * time.Millisecond, false},
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
						equal(t, "time until another was done", time.Since(start), 3100*time.Millisecond)
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

// When all have left, changes that are on their way are still made.
func TestAllowedIPsAllLeave(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after time.Duration
		asked int
		fails bool
	}{
		"while others join":      {20 * time.Millisecond, 0, true},
		"while the list is read": {500 * time.Millisecond, 3, false},
		"while the list is sent": {1500 * time.Millisecond, 3, false},
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

// A write that hangs blocks other writers for one attempt at most.
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

// Random additions, removals by another process, departures and latencies, with a program
// that edits the list at the same time: a change that succeeded is kept, a caller that left
// before its turn changed nothing, and entries of others that a read returned are kept.
func TestAllowedIPsRandomly(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := &lockedRand{rand: rand.New(rand.NewPCG(seed, 0))}
			a := &acl{list: []string{foreign}, takes: func() time.Duration { return random.upTo(100 * time.Millisecond) }}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, asked := begin(t, a.serve)
				other, otherAsked := begin(t, a.serve)
				dir := t.TempDir()
				session.SetLockDir(client, dir)
				session.SetLockDir(other, dir)
				testAllowedIPsRandomly(t, random, a, client, other)
				if got := asked.count("PATCH") + otherAsked.count("PATCH"); got > 80 {
					t.Errorf("%d PATCHes", got)
				}
			})
		})
	}
}

func testAllowedIPsRandomly(t *testing.T, random *lockedRand, a *acl, client, other *session.Session) {
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
				if err := other.RemoveAllowedIP(t.Context(), "7", address(i)); err != nil {
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
		t.Error("an entry of another program was lost")
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

// An entry that a person removed during the run is not added again.
func TestAllowedIPsRemovedByAPerson(t *testing.T) {
	a := &acl{list: []string{foreign}}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := begin(t, a.serve)
		equal(t, "error", client.AddAllowedIP(t.Context(), "7", address(0)), nil)
		equal(t, "error", client.AddAllowedIP(t.Context(), "7", address(1)), nil)
		a.edit(func([]string) []string { return []string{foreign, address(1)} })
		equal(t, "error", client.AddAllowedIP(t.Context(), "7", address(2)), nil)
		equal(t, "the list", a.now(), []string{foreign, address(1), address(2)})
	})
}

// The deletion of an entry and the creation of its successor, in both orders, in two writes and
// joined in one: the list is never empty, and the successor does not find its own entry.
func TestAllowedIPsReplaced(t *testing.T) {
	t.Parallel()
	add := func(entry string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, s *session.Session) error { return s.AddAllowedIP(ctx, "7", entry) }
	}
	remove := func(entry string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, s *session.Session) error { return s.RemoveAllowedIP(ctx, "7", entry) }
	}
	swap := func(entry, successor string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, s *session.Session) error {
			return s.SwapAllowedIP(ctx, "7", entry, successor)
		}
	}
	set := func(entries ...string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, s *session.Session) error { return s.ReplaceAllowedIPs(ctx, "7", entries) }
	}
	one, two, three := address(1), address(2), address(3)
	last, existing := session.ErrLastAllowedIP, session.ErrAlreadyAllowed
	type changes = []func(context.Context, *session.Session) error
	for name, test := range map[string]struct {
		before  []string
		changes changes
		errors  []error
		after   []string
	}{
		"the same, deleted first":           {[]string{one}, changes{remove(one), add(one)}, []error{last, nil}, []string{one}},
		"the same, created first":           {[]string{one}, changes{add(one), remove(one)}, []error{existing, nil}, []string{one}},
		"different, deleted first":          {[]string{one}, changes{remove(one), add(two)}, []error{last, nil}, []string{two}},
		"different, created first":          {[]string{one}, changes{add(two), remove(one)}, []error{nil, nil}, []string{two}},
		"both of two":                       {[]string{one, two}, changes{remove(one), remove(two)}, []error{nil, last}, []string{two}},
		"both of two, and a new one":        {[]string{one, two}, changes{remove(one), remove(two), add(three)}, []error{nil, last, nil}, []string{three}},
		"swapped":                           {[]string{one}, changes{swap(one, two), add(two)}, []error{nil, nil}, []string{two}},
		"swapped with itself":               {[]string{one}, changes{swap(one, one), add(one)}, []error{nil, nil}, []string{one}},
		"swapped with an existing entry":    {[]string{one, two}, changes{swap(one, two), add(two)}, []error{nil, existing}, []string{two}},
		"an entry declared twice":           {nil, changes{add(one), add(one)}, []error{nil, existing}, []string{one}},
		"an entry by a list":                {[]string{one}, changes{remove(one), set(one, two)}, []error{last, nil}, []string{one, two}},
		"an entry by a list, written first": {[]string{one}, changes{set(one, two), remove(one)}, []error{nil, nil}, []string{one, two}},
		"an entry by an empty list":         {[]string{one}, changes{remove(one), set()}, []error{last, nil}, nil},
	} {
		for _, isJoined := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", joined: ", isJoined), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					a := &acl{list: test.before}
					client, asked := begin(t, a.serve)
					var workers sync.WaitGroup
					for i, change := range test.changes {
						wanted := test.errors[i]
						if isJoined && errors.Is(wanted, last) && i < len(test.changes)-1 {
							wanted = nil // The next change of the same write makes the deletion possible.
						}
						workers.Go(func() {
							if err := change(t.Context(), client); !errors.Is(err, wanted) {
								t.Errorf("change %d: got %v, want %v", i, err, wanted)
							}
						})
						synctest.Wait()
						if !isJoined {
							workers.Wait()
						}
					}
					workers.Wait()
					equal(t, "the list", a.now(), test.after)
					for _, request := range asked.of("PATCH") {
						if len(test.after) > 0 && strings.Contains(request.Body, "null") {
							t.Errorf("the list was emptied: %s", request.Body)
						}
					}
				})
			})
		}
	}
}

// An empty list closes a restricted stream.
func TestRemoveAllowedIPOfARestrictedStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &acl{list: addresses(1), restricted: true}
		client, _ := begin(t, a.serve)
		equal(t, "error", client.RemoveAllowedIP(t.Context(), "7", address(0)), nil)
		equal(t, "the list", a.now(), nil)
	})
}

// Two processes change one list over a slow network. Nothing is lost.
func TestAllowedIPsOfTwoProcesses(t *testing.T) {
	t.Parallel()
	account := mockserver.New(mockserver.Options{Latency: 20 * time.Millisecond})
	s := serve(t, account.ServeHTTP)
	dir := t.TempDir()
	process := func() *session.Session {
		run := newSession(s.URL+mockserver.ManagementPath, func(c *commpeak.Config) { c.APIKey = account.APIKey() })
		session.SetLockDir(run, dir)
		return run
	}
	stream, err := process().CreateStream(t.Context(), commpeak.StreamSpec{Name: "News", Type: commpeak.Marketing, Enabled: true})
	equal(t, "error", err, nil)
	before := addresses(10)
	equal(t, "error", process().ReplaceAllowedIPs(t.Context(), stream.ID, before), nil)
	var workers sync.WaitGroup
	want := []string{}
	for i := range 2 {
		run := process()
		for j := range 5 {
			entry := fmt.Sprintf("10.0.%d.%d", i, j)
			want = append(want, entry)
			workers.Go(func() {
				if err := run.AddAllowedIP(t.Context(), stream.ID, entry); err != nil {
					t.Error(err)
				}
				if err := run.RemoveAllowedIP(t.Context(), stream.ID, before[5*i+j]); err != nil {
					t.Error(err)
				}
			})
		}
	}
	workers.Wait()
	now, err := process().Stream(t.Context(), stream.ID)
	equal(t, "error", err, nil)
	equal(t, "the list", now.AllowedIPs, want)
}

// A directory that cannot be made keeps no list from being written.
func TestAllowedIPsWithoutALockFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &acl{}
		client, _ := begin(t, a.serve)
		session.SetLockDir(client, "/dev/null/locks")
		equal(t, "error", client.AddAllowedIP(t.Context(), "7", address(0)), nil)
		equal(t, "the list", a.now(), addresses(1))
	})
}

// A process that holds the lock for too long is not waited for any longer.
func TestAllowedIPsLockIsHeld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		slow, quick := &acl{takes: func() time.Duration { return time.Minute }}, &acl{}
		holder, _ := begin(t, slow.serve, func(c *commpeak.Config) { c.RequestTimeout = time.Hour })
		client, _ := begin(t, quick.serve)
		session.SetLockDir(holder, dir)
		session.SetLockDir(client, dir)
		go func() { _ = holder.ReplaceAllowedIPs(t.Context(), "7", addresses(1)) }()
		time.Sleep(time.Second)
		start := time.Now()
		equal(t, "error", client.AddAllowedIP(t.Context(), "7", address(0)), nil)
		if took := time.Since(start); took < 20*time.Second || took > 31*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
