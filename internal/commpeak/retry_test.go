package commpeak_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// calls are one call for each method.
var calls = map[string]func(context.Context, *commpeak.Client) error{
	"GET":    func(ctx context.Context, c *commpeak.Client) error { _, err := c.Stream(ctx, "7"); return err },
	"DELETE": func(ctx context.Context, c *commpeak.Client) error { return c.DeleteStream(ctx, "7") },
	"POST": func(ctx context.Context, c *commpeak.Client) error {
		_, err := c.ResetStreamToken(ctx, "7")
		return err
	},
	"PATCH": func(ctx context.Context, c *commpeak.Client) error {
		_, _, err := c.UpdateStream(ctx, "7", commpeak.StreamSpec{}, news)
		return err
	},
}

// Which failures are tried again.
const (
	never    = iota
	harmless // by reads and deletes, which may happen twice
	everyone // nothing can have happened
)

func wantAttempts(t *testing.T, retried int, method string, retries int) int {
	t.Helper()
	if retried == everyone || retried == harmless && method != "POST" {
		return retries + 1
	}
	return 1
}

func TestRetriedStatuses(t *testing.T) {
	t.Parallel()
	for status, retried := range map[int]int{
		400: never, 401: never, 403: never, 405: never, 407: never, 409: never, 422: never, 501: never, 505: never, 511: never,
		408: harmless, 500: harmless, 502: harmless, 503: harmless, 504: harmless,
		421: everyone, 425: everyone, 429: everyone,
	} {
		for method, call := range calls {
			for _, retries := range []int{0, 2} {
				synctest.Test(t, func(t *testing.T) {
					client, asked := virtual(always(status, `{"title": "no"}`), maxRetries(retries))
					err := call(t.Context(), client)
					mentions(t, err, fmt.Sprint("HTTP ", status))
					what := fmt.Sprintf("%s of HTTP %d with %d retries", method, status, retries)
					equal(t, what, asked.count(method), wantAttempts(t, retried, method, retries))
				})
			}
		}
	}
}

func TestRetriedFaults(t *testing.T) {
	t.Parallel()
	hijacked := func(w http.ResponseWriter, then func(*net.TCPConn)) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		then(conn.(*net.TCPConn))
		_ = conn.Close()
	}
	faults := map[string]http.HandlerFunc{
		"reset":  func(w http.ResponseWriter, _ *http.Request) { hijacked(w, func(c *net.TCPConn) { _ = c.SetLinger(0) }) },
		"closed": func(w http.ResponseWriter, _ *http.Request) { hijacked(w, func(*net.TCPConn) {}) },
		"half a header": func(w http.ResponseWriter, _ *http.Request) {
			hijacked(w, func(c *net.TCPConn) { fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-") })
		},
		"truncated": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"id": 7`)
			panic(http.ErrAbortHandler)
		},
	}
	for name, fault := range faults {
		for method, call := range calls {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				s := serve(t, fault)
				err := call(t.Context(), newClient(s.URL))
				var failed *commpeak.Error
				if !errors.As(err, &failed) || failed.Status != 0 || !failed.Sent {
					t.Errorf("got %#v", err)
				}
				equal(t, "attempts", s.count(method), wantAttempts(t, harmless, method, 2))
			})
		}
	}
}

func TestRefusedConnectionsAreRetried(t *testing.T) {
	t.Parallel()
	for method, call := range calls {
		var log []string
		client := newClient("http://localhost", logInto(&log))
		client.Transport().DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		}
		err := call(t.Context(), client)
		var failed *commpeak.Error
		if !errors.As(err, &failed) || failed.Sent || failed.Status != 0 {
			t.Errorf("%s: got %#v", method, err)
		}
		mentions(t, err, "connection refused")
		equal(t, method, attempts(log), 3)
	}
}

func TestUnknownHostIsNotRetried(t *testing.T) {
	t.Parallel()
	for method, call := range calls {
		var tries atomic.Int64
		client := newClient("http://localhost")
		client.SetTransport(roundTrip(func(*http.Request) (*http.Response, error) {
			tries.Add(1)
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "api.example", IsNotFound: true}}
		}))
		mentions(t, call(t.Context(), client), "no such host")
		equal(t, method, tries.Load(), 1)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestTimeouts: each attempt has its own; what it did is not known.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	for method, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(hang, func(c *commpeak.Config) { c.RequestTimeout = 3 * time.Second })
			begin := time.Now()
			err := call(t.Context(), client)
			mentions(t, err, "no answer within 3s")
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: got %v", method, err)
			}
			want := wantAttempts(t, harmless, method, 2)
			equal(t, method, asked.count(method), want)
			if took := time.Since(begin); took < time.Duration(want)*3*time.Second {
				t.Errorf("%s took %s", method, took)
			}
		})
	}
}

func TestRetrySucceeds(t *testing.T) {
	t.Parallel()
	var tries atomic.Int64
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) < 3 {
			reply(w, 503, ``)
			return
		}
		reply(w, 200, streamSeven)
	})
	stream, err := newClient(s.URL).Stream(t.Context(), "7")
	if err != nil || stream.ID != "7" {
		t.Errorf("got %+v, %v", stream, err)
	}
	equal(t, "attempts", s.count("GET"), 3)
}

// refusing answers the first request with a refusal, and the others well.
func refusing(status int, retryAfter func() string) http.HandlerFunc {
	var asked atomic.Bool
	return func(w http.ResponseWriter, _ *http.Request) {
		if asked.Swap(true) {
			reply(w, 200, streamSeven)
			return
		}
		w.Header().Set("Retry-After", retryAfter())
		reply(w, status, `{"message": "slow down"}`)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	text := func(s string) func() string { return func() string { return s } }
	date := func(d time.Duration) func() string {
		return func() string { return time.Now().UTC().Add(d).Format(http.TimeFormat) }
	}
	// The client's own first wait: half a second on average.
	const ownLeast, ownMost = 200 * time.Millisecond, 800 * time.Millisecond
	for _, c := range []struct {
		name        string
		retryAfter  func() string
		least, most time.Duration
	}{
		{"seconds", text("7"), 7 * time.Second, 8 * time.Second},
		{"date", date(90 * time.Second), 90 * time.Second, 100 * time.Second},
		{"zero", text("0"), ownLeast, ownMost},
		{"past", date(-time.Hour), ownLeast, ownMost},
		{"garbage", text("soon"), ownLeast, ownMost},
		{"negative", text("-5"), ownLeast, ownMost},
		{"empty", text(""), ownLeast, ownMost},
		{"too many digits", text("99999999999999999999"), ownLeast, ownMost},
		{"more than fits a duration", text("9999999999"), ownLeast, ownMost},
		{"years", text("99999999"), 24 * time.Hour, 27 * time.Hour},
	} {
		for _, status := range []int{429, 503} {
			synctest.Test(t, func(t *testing.T) {
				client, asked := virtual(refusing(status, c.retryAfter))
				begin := time.Now()
				if _, err := client.Stream(t.Context(), "7"); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
				if took := time.Since(begin); took < c.least || took > c.most {
					t.Errorf("HTTP %d, %s: waited %s, want %s to %s", status, c.name, took, c.least, c.most)
				}
				equal(t, c.name, asked.count("GET"), 2)
			})
		}
	}
}

// TestNoWaitBeyondTheDeadline: there is no use in waiting for a time that the
// operation does not have.
func TestNoWaitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	for method, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(refusing(429, func() string { return "60" }))
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			begin := time.Now()
			err := call(ctx, client)
			var failed *commpeak.Error
			if !errors.As(err, &failed) || failed.Status != 429 || failed.RetryAfter == nil || *failed.RetryAfter != time.Minute {
				t.Errorf("%s: got %v", method, err)
			}
			// Another caller gets the error at once too, and sends nothing.
			err = call(ctx, client)
			mentions(t, err, "asks all callers to pause", "no time left")
			equal(t, method+" took", time.Since(begin), 0)
			equal(t, method, asked.count(""), 1)
		})
	}
}

func TestWaitsGrowAndVary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		firstWaits := map[time.Duration]bool{}
		for range 20 {
			client, asked := virtual(always(503, ``), maxRetries(4))
			_, err := client.Stream(t.Context(), "7")
			mentions(t, err, "HTTP 503")
			requests := asked.of("GET")
			mean := 500 * time.Millisecond
			for i := 1; i < len(requests); i++ {
				if wait := requests[i].At.Sub(requests[i-1].At); wait < mean/2 || wait > mean*3/2 {
					t.Errorf("wait %d is %s, want about %s", i, wait, mean)
				}
				mean *= 2
			}
			equal(t, "attempts", len(requests), 5)
			firstWaits[requests[1].At.Sub(requests[0].At)] = true
		}
		if len(firstWaits) < 10 {
			t.Errorf("twenty first waits have only %d lengths", len(firstWaits))
		}
	})
}

// TestOnePauseForAll: after a Retry-After for one worker, no worker sends a request before the
// time is over, and then not all at the same moment.
func TestOnePauseForAll(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{0, 1} {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(refusing(429, func() string { return "60" }), func(c *commpeak.Config) { c.RequestsPerSecond = perSecond })
			begin := time.Now()
			var workers sync.WaitGroup
			start := func() {
				workers.Go(func() {
					if _, err := client.Stream(t.Context(), "7"); err != nil {
						t.Error(err)
					}
				})
			}
			start()
			synctest.Wait()
			equal(t, "refused", asked.count(""), 1)
			for range 10 {
				if perSecond == 0 {
					time.Sleep(time.Second)
				}
				start()
			}
			workers.Wait()
			moments := map[time.Time]bool{}
			for _, one := range asked.of("")[1:] {
				if after := one.At.Sub(begin); after < time.Minute {
					t.Errorf("sent %s into the pause", after)
				}
				moments[one.At] = true
			}
			equal(t, "requests", asked.count(""), 12)
			if len(moments) < 5 {
				t.Errorf("11 workers came back in %d moments", len(moments))
			}
		})
	}
}

// TestPauseBeginsWhileAWorkerWaitsForItsTurn under requests_per_second.
func TestPauseBeginsWhileAWorkerWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refuse := refusing(429, func() string { return "60" })
		client, asked := virtual(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(500 * time.Millisecond)
			refuse(w, r)
		}, func(c *commpeak.Config) { c.RequestsPerSecond = 1 })
		begin := time.Now()
		var workers sync.WaitGroup
		for range 2 {
			workers.Go(func() {
				if _, err := client.Stream(t.Context(), "7"); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		for _, one := range asked.of("")[1:] {
			if after := one.At.Sub(begin); after < 60*time.Second+500*time.Millisecond {
				t.Errorf("sent %s after the begin", after)
			}
		}
	})
}

func TestRequestsPerSecond(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		perSecond float64
		requests  int
		took      time.Duration
	}{{0, 100, 0}, {2, 10, 4500 * time.Millisecond}, {0.5, 3, 4 * time.Second}, {10, 30, 2900 * time.Millisecond}} {
		synctest.Test(t, func(t *testing.T) {
			client, _ := virtual(always(200, streamSeven), func(config *commpeak.Config) { config.RequestsPerSecond = c.perSecond })
			begin := time.Now()
			var workers sync.WaitGroup
			for range c.requests {
				workers.Go(func() {
					if _, err := client.Stream(t.Context(), "7"); err != nil {
						t.Error(err)
					}
				})
			}
			workers.Wait()
			took := time.Since(begin).Round(time.Millisecond)
			equal(t, fmt.Sprintf("%d requests, %g a second", c.requests, c.perSecond), took, c.took)
		})
	}
}

func TestNoTurnBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := virtual(always(200, streamSeven), func(c *commpeak.Config) { c.RequestsPerSecond = 0.01 })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := client.Stream(ctx, "7"); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		_, err := client.Stream(ctx, "7")
		mentions(t, err, "the rate limit of the client")
		equal(t, "took", time.Since(begin), 0)
		equal(t, "requests", asked.count(""), 1)
	})
}

func TestCancellationDuringAWait(t *testing.T) {
	t.Parallel()
	for method, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(refusing(429, func() string { return "60" }), func(c *commpeak.Config) { c.RequestsPerSecond = 0.01 })
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			begin := time.Now()
			var workers sync.WaitGroup
			// One waits to try again, one for the pause or its turn.
			for range 2 {
				workers.Go(func() {
					if call(ctx, client) == nil {
						t.Errorf("%s: no error", method)
					}
				})
			}
			workers.Wait()
			equal(t, method+" took", time.Since(begin), time.Second)
			equal(t, method, asked.count(""), 1)
		})
	}
}

// TestCancellationInFlight: a read is given up at once; a write is waited for,
// since what it did must become known.
func TestCancellationInFlight(t *testing.T) {
	t.Parallel()
	for method, call := range calls {
		for _, end := range []string{"cancelled", "out of time"} {
			synctest.Test(t, func(t *testing.T) {
				client, asked := virtual(func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-time.After(5 * time.Second):
						reply(w, 200, `{"id": 7, "token": "t"}`)
					case <-r.Context().Done():
					}
				})
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				cause := context.Canceled
				if end == "out of time" {
					ctx, cancel = context.WithTimeout(t.Context(), time.Second)
					cause = context.DeadlineExceeded
				}
				defer cancel()
				begin := time.Now()
				err := call(ctx, client)
				took := time.Since(begin)
				if method == "GET" {
					if !errors.Is(err, cause) {
						t.Errorf("%s, %s: got %v", method, end, err)
					}
					mentions(t, err, "the operation ended")
					equal(t, method+" took", took, time.Second)
				} else {
					if err != nil {
						t.Errorf("%s, %s: the answer is lost: %v", method, end, err)
					}
					equal(t, method+" took", took, 5*time.Second)
				}
				equal(t, method, asked.count(method), 1)
			})
		}
	}
}

// TestCancelledWriteIsNotWaitedForForever, nor tried again.
func TestCancelledWriteIsNotWaitedForForever(t *testing.T) {
	t.Parallel()
	for method, call := range calls {
		if method == "GET" {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(hang)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			begin := time.Now()
			err := call(ctx, client)
			mentions(t, err, "no answer within 30s")
			equal(t, method+" took", time.Since(begin), commpeak.DefaultRequestTimeout)
			equal(t, method, asked.count(""), 1)
		})
	}
}
