package session_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// latency is how long the services of these tests take to answer.
const latency = 50 * time.Millisecond

// object is a stream, an event and a webhook in one, with every field that any
// of them may have.
func object[T int | string](id T) string {
	return fmt.Sprintf(`{"id": %v, "streamUid": "u", "name": "n%[1]v", "description": null, "type": "marketing", "state": "ready",
		"streamTags": [], "ipAcl": "203.0.113.7", "defaultSender": null, "demo": false, "restricted": false, "otpSettings": null,
		"whatsApp": null, "createdAt": null, "lastActivityAt": null, "key": "k%[1]v", "template": "x", "url": "https://example.com",
		"method": "POST", "headers": [], "enabled": true}`, id)
}

// pageOf is the number of the page that a request asks for; 0: it asks for one
// object, whose id is the end of its path.
func pageOf(r *http.Request) (page int, id string) {
	page, _ = strconv.Atoi(r.URL.Query().Get("_page"))
	return page, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
}

func replyPage(w http.ResponseWriter, ids []int, page int) {
	var items []string
	for _, id := range ids[min((page-1)*100, len(ids)):min(page*100, len(ids))] {
		items = append(items, object(id))
	}
	reply(w, 200, "["+strings.Join(items, ",")+"]")
}

// listing is a service that lists objects of these IDs, in this order.
func listing(ids []int) http.HandlerFunc {
	known := map[string]bool{}
	for _, id := range ids {
		known[strconv.Itoa(id)] = true
	}
	return func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		page, id := pageOf(r)
		switch {
		case page > 0:
			replyPage(w, ids, page)
		case known[id]:
			reply(w, 200, object(id))
		default:
			reply(w, 404, `{"title": "Not Found"}`)
		}
	}
}

// ascending are n IDs in ascending order, the next at most gap above the last one,
// and so on for further pairs of n and gap.
func ascending(n, gap int, more ...int) []int {
	ids, last := []int{}, 100
	for pairs := append([]int{n, gap}, more...); len(pairs) > 0; pairs = pairs[2:] {
		for range pairs[0] {
			last += 1 + rand.IntN(pairs[1])
			ids = append(ids, last)
		}
	}
	return ids
}

func backwards(ids []int) []int {
	ids = slices.Clone(ids)
	slices.Reverse(ids)
	return ids
}

// some are n of the IDs, in any order.
func some(ids []int, n int) []int {
	ids = slices.Clone(ids)
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:n]
}

// inParallel calls do for each item, as many at a time as Terraform does.
func inParallel[T any](items []T, do func(T)) {
	next := make(chan T)
	var workers sync.WaitGroup
	for range 10 {
		workers.Go(func() {
			for item := range next {
				do(item)
			}
		})
	}
	for _, item := range items {
		next <- item
	}
	close(next)
	workers.Wait()
}

// refreshStreams reads the streams and demands them.
func refreshStreams(t *testing.T, client *session.Session, ids []int) {
	t.Helper()
	inParallel(ids, func(id int) {
		stream, err := client.GetStream(t.Context(), strconv.Itoa(id))
		if err != nil || stream.ID != strconv.Itoa(id) || stream.Name != "n"+stream.ID || !slices.Equal(stream.AllowedIPs, []string{"203.0.113.7"}) {
			t.Errorf("stream %d: %+v, %v", id, stream, err)
		}
	})
}

// What a refresh costs: requests, and round trips that the readers wait for.
func TestRefreshCost(t *testing.T) {
	t.Parallel()
	thousand, long, gaps := ascending(1000, 1), ascending(5000, 1), ascending(5000, 50)
	all := func(ids []int) []int { return some(ids, len(ids)) }
	for name, test := range map[string]struct {
		listed, read []int
		requests     int
		trips        int
	}{
		"1 stream":                  {thousand[:1], thousand[:1], 1, 1},
		"10 streams":                {thousand[:10], all(thousand[:10]), 1, 1},
		"99 streams":                {thousand[:99], all(thousand[:99]), 1, 1},
		"100 streams":               {thousand[:100], all(thousand[:100]), 1, 1},
		"101 streams":               {thousand[:101], all(thousand[:101]), 2 + 4, 2},
		"1,000 streams":             {thousand, all(thousand), 15, 3},
		"2,000 streams":             {long[:2000], all(long[:2000]), 20 + 12, 6},
		"2,000 with gaps":           {gaps[:2000], all(gaps[:2000]), 20 + 12, 6},
		"101, one far off":          {ascending(100, 1, 1, 9999), nil, 2 + 4, 3},
		"1,000, latest first":       {backwards(thousand), nil, 15, 3},
		"1,000 in any order":        {all(thousand), nil, 15, 3},
		"1 of 5,000":                {long, some(long, 1), 2, 2},
		"2 of 5,000":                {long, some(long, 2), 4, 4},
		"10 of 5,000":               {long, some(long, 10), 25, 8},
		"the first 10 of 5,000":     {long, long[:10], 1, 1},
		"the last 10 of 5,000":      {long, long[4990:], 25, 5},
		"10 of 5,000 with gaps":     {gaps, some(gaps, 10), 25, 8},
		"10 of 5,000, latest first": {backwards(long), some(long, 10), 25, 8},
		"100 of 5,000":              {long, some(long, 100), 2*50 + 5, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.read == nil {
				test.read = all(test.listed)
			}
			synctest.Test(t, func(t *testing.T) {
				client, asked := virtual(t, listing(test.listed))
				begin := time.Now()
				refreshStreams(t, client, test.read)
				if trips := int(time.Since(begin) / latency); trips > test.trips {
					t.Errorf("it took %d round trips, more than %d", trips, test.trips)
				}
				if n := asked.count(""); n > test.requests {
					t.Errorf("%d requests, more than %d", n, test.requests)
				}
				// All of it is known now.
				synctest.Wait()
				asked.list = nil
				refreshStreams(t, client, test.read)
				equal(t, "requests of who comes later", asked.count(""), 0)
			})
		})
	}
}

// The yardstick at its largest.
func TestRefreshOfTenThousand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := ascending(10000, 1)
		client, asked := virtual(t, listing(ids))
		refreshStreams(t, client, some(ids, len(ids)))
		if n := asked.count(""); n > 140 {
			t.Errorf("%d requests", n)
		}
	})
}

// What hangs on a stream is listed, stream by stream.
func TestRefreshOfChildren(t *testing.T) {
	t.Parallel()
	reads := map[string]func(context.Context, *session.Session, string, string) (string, error){
		"events": func(ctx context.Context, client *session.Session, streamID, id string) (string, error) {
			event, err := client.GetEvent(ctx, streamID, id)
			return event.ID, err
		},
		"webhooks": func(ctx context.Context, client *session.Session, streamID, id string) (string, error) {
			webhook, err := client.GetWebhook(ctx, streamID, id)
			return webhook.ID, err
		},
	}
	for kind, read := range reads {
		for name, test := range map[string]struct{ streams, children, requests int }{
			"10 of each of 100":    {100, 10, 115},
			"one of each of 100":   {100, 1, 100},
			"1,000 of one":         {1, 1000, 10 + 5},
			"200 of each of three": {3, 200, 3 * (2 + 5)},
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					type child struct{ stream, id string }
					var children []child
					ids := ascending(test.children, 1)
					for stream := range test.streams {
						for _, id := range ids {
							children = append(children, child{strconv.Itoa(stream + 1), strconv.Itoa(id)})
						}
					}
					rand.Shuffle(len(children), func(i, j int) { children[i], children[j] = children[j], children[i] })
					client, asked := virtual(t, listing(ids))
					inParallel(children, func(c child) {
						if got, err := read(t.Context(), client, c.stream, c.id); err != nil || got != c.id {
							t.Errorf("%+v: got %q, %v", c, got, err)
						}
					})
					if n := asked.count(""); n > test.requests {
						t.Errorf("%d requests, more than %d", n, test.requests)
					}
					if !strings.HasSuffix(strings.Split(asked.lines()[0], "?")[0], "/"+kind) {
						t.Errorf("it asks %s", asked.lines()[0])
					}
				})
			})
		}
	}
}

// Many allowed IPs are read with their one stream.
func TestRefreshOfOneStreamManyTimes(t *testing.T) {
	t.Parallel()
	ids := ascending(1000, 1)
	for _, id := range []int{ids[0], ids[999]} {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(t, listing(ids))
			refreshStreams(t, client, slices.Repeat([]int{id}, 300))
			if n := asked.count(""); n > 2 {
				t.Errorf("%d requests for one stream", n)
			}
		})
	}
}

// Whether something is gone is not for a list to say: a GET decides, and another
// one confirms it.
func TestRefreshOfWhatIsOnNoPage(t *testing.T) {
	t.Parallel()
	var ids []int
	for i := range 250 {
		ids = append(ids, 100+2*i)
	}
	unlisted := []string{"99", "301", "100000", "7007"}
	for _, exist := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			service := listing(ids)
			client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
				if _, id := pageOf(r); exist && slices.Contains(unlisted, id) {
					reply(w, 200, strings.Replace(object(0), `"id": 0`, `"id": "`+id+`"`, 1))
					return
				}
				service(w, r)
			})
			refreshStreams(t, client, ids)
			for _, id := range unlisted {
				stream, err := client.GetStream(t.Context(), id)
				if exist && (err != nil || stream.ID != id) || !exist && !errors.Is(err, commpeak.ErrNotFound) {
					t.Errorf("stream %s: %+v, %v", id, stream, err)
				}
			}
			each := 2
			if exist {
				each = 1
			}
			if n, most := asked.count(""), 3+6+each*len(unlisted); n > most {
				t.Errorf("%d requests, more than %d", n, most)
			}
		})
	}
}

// Lists that are not as they are documented to be cost more, and that is all.
func TestRefreshOfOddLists(t *testing.T) {
	t.Parallel()
	ids := ascending(250, 1)
	for name, list := range map[string]struct {
		page func(number int) []int
		most int
	}{
		"pages alike":              {func(int) []int { return ids[:100] }, 2*250 + 1},
		"pages of another size":    {func(n int) []int { return ids[min(30*(n-1), 250):min(30*n, 250)] }, 2 * 250},
		"all at once, and again":   {func(int) []int { return ids }, 1 + 250},
		"nothing":                  {func(int) []int { return nil }, 1 + 250},
		"what is being deleted":    {func(n int) []int { return ids[min(100*(n-1)+9*n, 250):min(100*n+9*n, 250)] }, 2 * 250},
		"what is being added to":   {func(n int) []int { return ids[max(0, min(100*(n-1)-9*n, 250)):min(100*n-9*n, 250)] }, 2 * 250},
		"a page that is left out":  {func(n int) []int { return [][]int{ids[:100], nil, ids[200:]}[min(n-1, 2)] }, 2 * 250},
		"the same page on another": {func(n int) []int { return [][]int{ids[:100], ids[:100], ids[100:200], ids[200:]}[min(n-1, 3)] }, 2 * 250},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := listing(ids)
				client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
					if number, _ := pageOf(r); number > 0 {
						var items []string
						for _, id := range list.page(number) {
							items = append(items, object(id))
						}
						time.Sleep(latency)
						reply(w, 200, "["+strings.Join(items, ",")+"]")
						return
					}
					service(w, r)
				})
				refreshStreams(t, client, some(ids, 250))
				if n := asked.count(""); n > list.most {
					t.Errorf("%d requests, more than %d", n, list.most)
				}
			})
		})
	}
}

// A list may tell less of an object than a GET. What it leaves out must not pass
// for what is not there.
func TestRefreshOfListsThatTellLess(t *testing.T) {
	t.Parallel()
	ids := ascending(3000, 1)
	without := func(body string, fields ...string) string {
		for _, field := range fields {
			body = strings.ReplaceAll(body, strconv.Quote(field), `"unknown"`)
		}
		return body
	}
	for name, test := range map[string]struct {
		listed, single func(string) string
		requests       int
		trips          int
	}{
		"less of all": {
			func(body string) string { return without(body, "ipAcl") },
			func(body string) string { return body }, 30 + 4 + 300, 40,
		},
		"as little of all": {
			func(body string) string { return without(body, "demo", "createdAt", "otpSettings") },
			func(body string) string { return without(body, "demo", "createdAt", "otpSettings") }, 30 + 4 + 1 + 25, 12,
		},
		"more than a GET": {
			func(body string) string { return without(body, "demo") },
			func(body string) string { return without(body, "demo", "createdAt") }, 30 + 4 + 1 + 25, 12,
		},
		"fields that are not read": {
			func(body string) string { return without(body, "demo") },
			func(body string) string { return strings.ReplaceAll(body, `"demo"`, `"callerId"`) }, 30 + 4 + 1 + 25, 12,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := listing(ids)
				client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
					told := test.single
					if number, _ := pageOf(r); number > 0 {
						told = test.listed
					}
					recorder := httptest.NewRecorder()
					service(recorder, r)
					reply(w, recorder.Code, told(recorder.Body.String()))
				})
				begin := time.Now()
				refreshStreams(t, client, some(ids, 300))
				if n := asked.count(""); n > test.requests {
					t.Errorf("%d requests, more than %d", n, test.requests)
				}
				if trips := int(time.Since(begin) / latency); trips > test.trips {
					t.Errorf("it took %d round trips, more than %d", trips, test.trips)
				}
			})
		})
	}
}

// The object that shows that a list is complete may itself be gone. Reads of others still succeed.
func TestRefreshOfWhatIsGoneSince(t *testing.T) {
	t.Parallel()
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			client, _ := virtual(t, func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(latency)
				switch page, id := pageOf(r); {
				case page > 0:
					reply(w, 200, `[{"id": 101}, {"id": 102}]`)
				case id == "101":
					reply(w, 404, `{"title": "Not Found"}`)
				default:
					reply(w, 200, `{"id": 102}`)
				}
			})
			inParallel([]string{"101", "102"}, func(id string) {
				// The page contains it too.
				_, err := client.GetStream(t.Context(), id)
				if err != nil && !(id == "101" && errors.Is(err, commpeak.ErrNotFound)) {
					t.Errorf("stream %s: %v", id, err)
				}
			})
		})
	}
}

// Who has little time does not cut short who has more, whether the API asks
// for a pause in its answer to them or to another program.
func TestRefreshWithMoreTime(t *testing.T) {
	t.Parallel()
	for _, pausing := range []string{"/streams", "/senders"} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			service := listing([]int{101, 102, 103})
			client, _ := virtual(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case time.Since(begin) >= time.Minute:
					service(w, r)
				case r.URL.Path == pausing:
					time.Sleep(latency)
					w.Header().Set("Retry-After", "60")
					reply(w, 429, `{"message": "slow down"}`)
				default:
					reply(w, 503, `{}`)
				}
			})
			var reads sync.WaitGroup
			for i, limit := range []time.Duration{10 * time.Second, 10 * time.Minute, time.Hour} {
				reads.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), limit)
					defer cancel()
					if _, err := client.GetStream(ctx, strconv.Itoa(101+i)); (err != nil) != (i == 0) {
						t.Errorf("%s asks for a pause, within %s: %v", pausing, limit, err)
					}
				})
				synctest.Wait()
			}
			reads.Go(func() { _, _ = client.SenderStatuses(t.Context()) })
			reads.Wait()
		})
	}
}

// What a list leaves out may depend on the type.
func TestRefreshOfListsThatTellLessOfOneType(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(latency)
			const (
				marketing = `{"id": 101, "type": "marketing"}`
				otp       = `{"id": 102, "type": "otp"`
				settings  = `, "otpSettings": {"codeGeneration": "commpeak", "codeLength": 5, "codeTtl": 300, "maxFailures": 3}`
			)
			switch page, id := pageOf(r); {
			case page > 0:
				reply(w, 200, "["+marketing+","+otp+"}]")
			case id == "101":
				reply(w, 200, marketing)
			default:
				reply(w, 200, otp+settings+"}")
			}
		})
		for range 2 {
			for _, id := range []string{"101", "102"} {
				stream, err := client.GetStream(t.Context(), id)
				if err != nil || (stream.OTP != nil) != (id == "102") {
					t.Errorf("%+v, %v", stream, err)
				}
			}
		}
		equal(t, "requests", asked.count(""), 1+2)
	})
}

// A list that is refused is no fault of the reads.
func TestRefreshWithoutAList(t *testing.T) {
	t.Parallel()
	ids := ascending(300, 1)
	for name, refuse := range map[string]http.HandlerFunc{
		"forbidden":   always(403, `{"message": "IP ACL restriction"}`),
		"not found":   always(404, `{"title": "Not Found"}`),
		"not allowed": always(405, `{}`),
		"broken":      always(500, `{}`),
		"no list":     always(200, `{"items": []}`),
		"HTML":        always(200, `<html>`),
		"HTML, 404":   always(404, `<html>`),
		"no stream":   always(200, `[{"id": 101}, 7]`),
	} {
		for _, from := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s from page %d on", name, from), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					service := listing(ids)
					client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
						if number, _ := pageOf(r); number >= from {
							refuse(w, r)
							return
						}
						service(w, r)
					})
					refreshStreams(t, client, some(ids, 300))
					if n := asked.count(""); n > 10+300 {
						t.Errorf("%d requests", n)
					}
				})
			})
		}
	}
}

// A failure that may pass is that of the reads which wait for it, and of no
// other.
func TestRefreshFails(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]http.HandlerFunc{
		"too many requests": func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(latency)
			w.Header().Set("Retry-After", "1")
			reply(w, 429, `{"message": "slow down"}`)
		},
		"no answer": hang,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := ascending(10, 1)
				service := listing(ids)
				var fine atomic.Bool
				client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
					if !fine.Load() {
						fail(w, r)
						return
					}
					service(w, r)
				}, maxRetries(1))
				const times = 6
				for range times {
					inParallel(ids, func(id int) {
						_, err := client.GetStream(t.Context(), strconv.Itoa(id))
						mentions(t, err, "list streams")
					})
				}
				equal(t, "requests", asked.count(""), 2*times)
				fine.Store(true)
				refreshStreams(t, client, ids)
				equal(t, "requests", asked.count(""), 2*times+1)
			})
		})
	}
}

// A caller that leaves does not affect the others, and what was requested is used by later
// readers.
func TestRefreshCancelled(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"canceled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(latency/2, cancel)
			return ctx, cancel
		},
		"late": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, latency/2)
		},
	} {
		for left := range 4 {
			t.Run(fmt.Sprintf("%s, %d of 3", name, left), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					client, asked := virtual(t, listing(ascending(3, 1)))
					var reads sync.WaitGroup
					for i := range 3 {
						ctx, cancel := t.Context(), context.CancelFunc(func() {})
						if i < left {
							ctx, cancel = leave(ctx)
						}
						reads.Go(func() {
							defer cancel()
							_, err := client.GetStream(ctx, strconv.Itoa(101+i))
							switch {
							case i >= left && err != nil:
								t.Errorf("who stays gets %v", err)
							case i < left && !errors.Is(err, context.Cause(ctx)):
								t.Errorf("who leaves gets %v", err)
							case i < left:
								mentions(t, err, "read stream "+strconv.Itoa(101+i))
							}
						})
						synctest.Wait() // The first one begins.
					}
					reads.Wait()
					time.Sleep(latency)
					again, err := client.GetStream(t.Context(), "101")
					equal(t, "a read afterwards", again.ID, "101")
					equal(t, "its error", err, nil)
					equal(t, "requests", asked.count(""), 1)
				})
			})
		}
	}
}

// Who has left already sends nothing.
func TestRefreshCancelledBefore(t *testing.T) {
	t.Parallel()
	s := serve(t, listing(nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newSession(s.URL).GetStream(ctx, "7")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	equal(t, "requests", s.lines(), []string{})
}

// What a refresh was told is not kept for the next one.
func TestRefreshIsOver(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		every, lasts time.Duration
		refreshes    int
	}{
		{time.Second, 20 * time.Second, 1},
		{29 * time.Second, 9 * time.Minute, 1},
		{31 * time.Second, 5 * 31 * time.Second, 5},
		{10 * time.Second, 11 * time.Minute, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			client, asked := virtual(t, listing([]int{7}))
			for range test.lasts / test.every {
				refreshStreams(t, client, []int{7})
				time.Sleep(test.every)
			}
			equal(t, test.every.String(), asked.count(""), test.refreshes)
		})
	}
}

// What was written is asked for again, alone; the rest of its page is not.
func TestRefreshAfterAWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := ascending(10, 1)
		service := listing(ids)
		client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodGet:
				service(w, r)
			case r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/simple_send"):
				reply(w, 200, `{"status": true, "messages": [{"message_uuid": "x"}]}`)
			default:
				reply(w, 200, object("101"))
			}
		}, func(c *commpeak.Config) { c.MessagingEndpoint = c.Endpoint })
		lines := func(what string, want ...string) {
			t.Helper()
			refreshStreams(t, client, ids)
			_, err := client.GetEvent(t.Context(), "101", "104")
			equal(t, what+": error", err, nil)
			equal(t, what, asked.lines(), append([]string{}, want...))
			asked.list = nil
		}
		const page = "?_page=1&itemsPerPage=100"
		lines("at first", "GET /streams"+page, "GET /streams/101/events"+page)
		lines("then")
		_, _, err := client.UpdateStream(t.Context(), "101", commpeak.StreamSpec{}, commpeak.StreamSpec{Name: "n101"})
		equal(t, "error", err, nil)
		lines("after an update", "PATCH /streams/101", "GET /streams/101", "GET /streams/101/events/104")
		equal(t, "error", client.ReplaceAllowedIPs(t.Context(), "102", []string{"203.0.113.7"}), nil)
		lines("after a change of allowed IPs", "PATCH /streams/102", "GET /streams/102", "GET /streams/102")
		_, _, err = client.UpdateEvent(t.Context(), "101", "104", commpeak.EventSpec{}, commpeak.EventSpec{Name: "n"})
		equal(t, "error", err, nil)
		lines("after an update of an event", "PATCH /streams/101/events/104", "GET /streams/101/events/104")
		_, err = client.ResetStreamToken(t.Context(), "101", "")
		mentions(t, err, "token")
		lines("after a reset of a token", "POST /streams/101/token")
		equal(t, "error", client.DeleteStream(t.Context(), "101"), nil)
		lines("after a removal", "DELETE /streams/101", "GET /streams/101", "GET /streams/101/events/104")
		_, err = client.SendTexts(t.Context(), "token", commpeak.TextMessage{Recipient: "49170", Text: "x"})
		equal(t, "error", err, nil)
		refreshStreams(t, client, ids)
		equal(t, "requests after a send", asked.count(""), 1+len(ids))
	})
}

// What is created may be seen before it is finished.
func TestRefreshAfterACreate(t *testing.T) {
	t.Parallel()
	for list, create := range map[string]func(context.Context, *session.Session) (id string, err error){
		"/streams": func(ctx context.Context, client *session.Session) (string, error) {
			made, err := client.CreateStream(ctx, commpeak.StreamSpec{})
			return made.ID, err
		},
		"/streams/1/events": func(ctx context.Context, client *session.Session) (string, error) {
			made, err := client.CreateEvent(ctx, "1", commpeak.EventSpec{})
			return made.ID, err
		},
		"/streams/1/webhooks": func(ctx context.Context, client *session.Session) (string, error) {
			made, err := client.CreateWebhook(ctx, "1", commpeak.WebhookSpec{})
			return made.ID, err
		},
	} {
		read := func(ctx context.Context, client *session.Session, id string) error {
			var err error
			switch {
			case strings.HasSuffix(list, "events"):
				_, err = client.GetEvent(ctx, "1", id)
			case strings.HasSuffix(list, "webhooks"):
				_, err = client.GetWebhook(ctx, "1", id)
			default:
				_, err = client.GetStream(ctx, id)
			}
			return err
		}
		synctest.Test(t, func(t *testing.T) {
			service := listing([]int{101, 102})
			client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					time.Sleep(10 * latency)
					reply(w, 201, object(102))
					return
				}
				service(w, r)
			})
			var creation sync.WaitGroup
			creation.Go(func() {
				id, err := create(t.Context(), client)
				if err != nil || id != "102" {
					t.Errorf("created %q, %v", id, err)
				}
			})
			synctest.Wait()
			equal(t, "error", read(t.Context(), client, "101"), nil)
			creation.Wait()
			for range 2 {
				equal(t, "error", errors.Join(read(t.Context(), client, "101"), read(t.Context(), client, "102")), nil)
			}
			equal(t, "requests", asked.lines(), []string{
				"GET " + list + "?_page=1&itemsPerPage=100", "GET " + list + "?_page=1&itemsPerPage=100", "POST " + list, "GET " + list + "/102",
			})
		})
	}
}

// That something is gone is explained only where the list does not.
func TestRefreshOfChildrenThatAreGone(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(context.Context, *session.Session) error{
		"events": func(ctx context.Context, client *session.Session) error {
			_, err := client.GetEvent(ctx, "1", "7")
			return err
		},
		"webhooks": func(ctx context.Context, client *session.Session) error {
			_, err := client.GetWebhook(ctx, "1", "7")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, listing([]int{8}))
			if err := read(t.Context(), newSession(s.URL)); !errors.Is(err, commpeak.ErrNotFound) {
				t.Errorf("one that is gone: %v", err)
			}
			if n := s.count(""); n > 5 {
				t.Errorf("%d requests for one that is gone", n)
			}
			s = serve(t, reachable(always(404, `{"title": "Not Found"}`)))
			if err := read(t.Context(), newSession(s.URL)); !errors.Is(err, commpeak.ErrNotFound) {
				t.Errorf("one whose stream is gone: %v", err)
			}
			s = serve(t, reachable(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, name) {
					reply(w, 404, `{"title": "Not Found"}`)
					return
				}
				reply(w, 200, object(1))
			}))
			err := read(t.Context(), newSession(s.URL))
			mentions(t, err, "the stream exists, but this account's API offers no such call")
			if errors.Is(err, commpeak.ErrNotFound) {
				t.Error("what the API does not offer passes for gone")
			}
		})
	}
}

func TestRefreshRefusesWhatIsNoID(t *testing.T) {
	t.Parallel()
	s := serve(t, listing(nil))
	for _, id := range []string{"", ".", ".."} {
		_, streamErr := newSession(s.URL).GetStream(t.Context(), id)
		mentions(t, streamErr, "is not an ID")
		_, eventErr := newSession(s.URL).GetEvent(t.Context(), id, "7")
		mentions(t, eventErr, "is not an ID")
	}
	equal(t, "objects read", strings.Count(strings.Join(s.lines(), " "), "GET"), 3) // Pages of streams.
}
