package session_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// versioned is a service whose objects count how often they were written, and
// tell it as their name. It takes its time before it does what it is asked, and
// before it answers.
type versioned struct {
	mu     sync.Mutex
	chance *rand.Rand
	// lists are the IDs on each list, versions those of all objects, by path.
	lists    map[string][]int
	versions map[string]int
	// partial: the lists tell less than all fields; refused: that of streams is not told.
	partial, refused bool
}

func (v *versioned) wait() {
	v.mu.Lock()
	wait := time.Duration(v.chance.IntN(40)) * time.Millisecond
	v.mu.Unlock()
	time.Sleep(wait)
}

// add makes an object, of this version.
func (v *versioned) add(list string, version int) (path string) {
	id := 101 + len(v.lists[list])
	v.lists[list] = append(v.lists[list], id)
	path = list + "/" + strconv.Itoa(id)
	v.versions[path] = version
	return path
}

func (v *versioned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.wait()
	status, body, later := v.do(r)
	v.wait()
	if later != nil {
		later()
	}
	reply(w, status, body)
}

func (v *versioned) do(r *http.Request) (status int, body string, later func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	path := r.URL.Path
	page, _ := pageOf(r)
	switch {
	case page > 0 && v.refused && path == "/streams":
		return 403, `{"message": "IP ACL restriction"}`, nil
	case page > 0:
		return 200, v.page(path, page), nil
	case r.Method == http.MethodPost:
		// What is created is finished some time after others can see it.
		path = v.add(path, 0)
		return 201, v.object(path, 1), func() {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.versions[path]++
		}
	case v.versions[path] < 0:
		return 404, `{"title": "Not Found"}`, nil
	case r.Method == http.MethodPatch:
		v.versions[path]++
	case r.Method == http.MethodDelete:
		for other := range v.versions {
			if other == path || strings.HasPrefix(other, path+"/") {
				v.versions[other] = -1
			}
		}
		return 204, "", nil
	}
	return 200, v.object(path, v.versions[path]), nil
}

func (v *versioned) page(list string, number int) string {
	ids := slices.DeleteFunc(slices.Clone(v.lists[list]), func(id int) bool { return v.versions[list+"/"+strconv.Itoa(id)] < 0 })
	var items []string
	for _, id := range ids[min((number-1)*100, len(ids)):min(number*100, len(ids))] {
		path := list + "/" + strconv.Itoa(id)
		item := v.object(path, v.versions[path])
		if v.partial {
			item = strings.ReplaceAll(item, `"demo"`, `"unknown"`)
		}
		items = append(items, item)
	}
	return "[" + strings.Join(items, ",") + "]"
}

func (v *versioned) object(path string, version int) string {
	id := path[strings.LastIndex(path, "/")+1:]
	return strings.Replace(object(id), `"n`+id+`"`, strconv.Quote(strconv.Itoa(version)), 1)
}

// history is what this client was told to have written, and what it then reads.
type history struct {
	mu sync.Mutex
	// least are the versions that writes have ended with.
	least map[string]int
	fault string
}

const removed = 1 << 30

func (h *history) wrote(path string, version int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.least[path] = max(h.least[path], version)
}

// at is the least version of the object, now.
func (h *history) at(path string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	least := h.least[path]
	for ; path != ""; path = path[:strings.LastIndex(path, "/")] {
		if h.least[path] == removed {
			return removed
		}
	}
	return least
}

func (h *history) read(ctx context.Context, path string, least int, name string, err error) {
	version, _ := strconv.Atoi(name)
	_, leaves := ctx.Deadline()
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		version, err = removed, nil
	case leaves && errors.Is(err, context.DeadlineExceeded):
		return
	}
	if err == nil && version >= least {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fault += fmt.Sprintf("%s: read version %q, %v, after version %d was written\n", path, name, err, least)
}

// act is one thing that a caller does.
type act struct {
	after  time.Duration
	what   string
	stream int
	event  int // 0: it is about the stream
}

func drawActs(t *rapid.T) []act {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) act {
		return act{
			time.Duration(rapid.IntRange(0, 60).Draw(t, "after")) * time.Millisecond,
			rapid.SampledFrom([]string{"read", "read", "read", "read", "leave", "update", "update", "remove", "create"}).Draw(t, "what"),
			rapid.SampledFrom([]int{101, 101, 101, 102, 103}).Draw(t, "stream"),
			rapid.SampledFrom([]int{0, 0, 0, 101, 102}).Draw(t, "event"),
		}
	}), 1, 12).Draw(t, "acts")
}

func (a act) do(ctx context.Context, client *session.Session, history *history) {
	time.Sleep(a.after)
	streamID, eventID := strconv.Itoa(a.stream), strconv.Itoa(a.event)
	stream, event := "/streams/"+streamID, "/streams/"+streamID+"/events/"+eventID
	if a.what == "leave" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, 30*time.Millisecond)
		defer cancel()
	}
	switch {
	case a.what == "update" && a.event == 0:
		if now, _, err := client.UpdateStream(ctx, streamID, commpeak.StreamSpec{}, commpeak.StreamSpec{Name: "x"}); err == nil {
			history.wroteVersion(stream, now.Name)
		}
	case a.what == "update":
		if now, _, err := client.UpdateEvent(ctx, streamID, eventID, commpeak.EventSpec{}, commpeak.EventSpec{Name: "x"}); err == nil {
			history.wroteVersion(event, now.Name)
		}
	case a.what == "remove" && a.event == 0:
		if client.DeleteStream(ctx, streamID) == nil {
			history.wrote(stream, removed)
		}
	case a.what == "remove":
		if client.DeleteEvent(ctx, streamID, eventID) == nil {
			history.wrote(event, removed)
		}
	case a.what == "create":
		if made, err := client.CreateStream(ctx, commpeak.StreamSpec{Name: "x", Enabled: true}); err == nil {
			history.wroteVersion("/streams/"+made.ID, made.Name)
			readStream(ctx, client, history, made.ID)
		}
	case a.event == 0:
		readStream(ctx, client, history, streamID)
	default:
		least := history.at(event)
		now, err := client.GetEvent(ctx, streamID, eventID)
		history.read(ctx, event, least, now.Name, err)
	}
}

func (h *history) wroteVersion(path, name string) {
	version, _ := strconv.Atoi(name)
	h.wrote(path, version)
}

func readStream(ctx context.Context, client *session.Session, history *history, streamID string) {
	least := history.at("/streams/" + streamID)
	now, err := client.GetStream(ctx, streamID)
	history.read(ctx, "/streams/"+streamID, least, now.Name, err)
}

// However reads and writes come together, no read returns what a write of the
// same client had replaced before it began.
func TestNoReadIsOlderThanAWrite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		service := &versioned{
			chance: rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0)), versions: map[string]int{}, lists: map[string][]int{},
			partial: rapid.Bool().Draw(rt, "partial"), refused: rapid.IntRange(0, 3).Draw(rt, "refused") == 3,
		}
		for range rapid.SampledFrom([]int{4, 4, 4, 104}).Draw(rt, "streams") {
			stream := service.add("/streams", 0)
			for range 3 {
				service.add(stream+"/events", 0)
			}
		}
		callers := rapid.SliceOfN(rapid.Custom(drawActs), 1, 6).Draw(rt, "callers")
		history := &history{least: map[string]int{}}
		synctest.Test(t, func(t *testing.T) {
			client, _ := virtual(t, service.ServeHTTP)
			var done sync.WaitGroup
			for _, acts := range callers {
				done.Go(func() {
					for _, act := range acts {
						act.do(t.Context(), client, history)
					}
				})
			}
			done.Wait()
			time.Sleep(time.Second) // What was left behind ends.
		})
		if history.fault != "" {
			rt.Fatal(history.fault)
		}
	})
}
