package commpeak_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

var shipped = commpeak.EventSpec{Name: "Shipped", Key: "shipped", Template: "Your order {id} is on its way"}

const shippedEvent = `{"id": 7, "name": "Shipped", "key": "shipped", "template": "Your order {id} is on its way"}`

func TestEventIsReadTolerantly(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]commpeak.Event{
		shippedEvent: {ID: "7", EventSpec: shipped},
		`{"id": "7", "name": "Shipped", "key": "shipped", "template": "Your order {id} is on its way", "new": 1}`: {ID: "7", EventSpec: shipped},
		`{"id": "/streams/1/events/7", "name": null, "key": 12, "template": "x"}`:                                 {ID: "7", EventSpec: commpeak.EventSpec{Key: "12", Template: "x"}},
	} {
		var got commpeak.Event
		if err := json.Unmarshal([]byte(body), &got); err != nil || got.WithoutFields() != want {
			t.Errorf("%s is read as %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{`{}`, `{"id": null, "key": "a"}`, `[]`} {
		if json.Unmarshal([]byte(body), new(commpeak.Event)) == nil {
			t.Errorf("%s is read as an event", body)
		}
	}
}

func TestEventUpdateSendsWhatChanged(t *testing.T) {
	t.Parallel()
	for patch, to := range map[string]commpeak.EventSpec{
		"":                                 shipped,
		`{"name": "New"}`:                  {Name: "New", Key: "shipped", Template: shipped.Template},
		`{"template": "<{id}>"}`:           {Name: "Shipped", Key: "shipped", Template: "<{id}>"},
		`{"name": "New", "template": "x"}`: {Name: "New", Key: "other, which never happens", Template: "x"},
	} {
		s := serve(t, always(200, shippedEvent))
		event, changed, err := newClient(s.URL).UpdateEvent(t.Context(), "1", "7", shipped, to)
		if err != nil || changed != (patch != "") {
			t.Fatalf("%s: changed %t, %v", patch, changed, err)
		}
		if changed {
			equal(t, "event", event, commpeak.Event{ID: "7", EventSpec: shipped})
			equal(t, "requests", s.lines(), []string{"PATCH /streams/1/events/7"})
			equalJSON(t, s.of("PATCH")[0].Body, patch)
		} else {
			equal(t, "requests", s.lines(), []string{})
		}
	}
}

func TestEventDifferences(t *testing.T) {
	t.Parallel()
	event := commpeak.Event{ID: "7", EventSpec: shipped}
	equal(t, "none", event.Differences(shipped), nil)
	equal(t, "all", event.Differences(commpeak.EventSpec{}), []string{"name", "key", "template"})
}

// routes answers by "METHOD /path"; what is not named is not found.
func routes(answers map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if answer, found := answers[r.Method+" "+r.URL.Path]; found {
			answer(w, r)
			return
		}
		reply(w, 404, `{"title": "Not Found", "detail": "No such thing."}`)
	}
}

var thereIs = always(200, `{"id": 1, "name": "Orders", "type": "transactional", "state": "ready"}`)

// An event that is gone, a stream that is gone, and an API without writes, or
// without events, all answer 404.
func TestEventNotFound(t *testing.T) {
	t.Parallel()
	const one, list = "/streams/1/events/7", "/streams/1/events"
	for name, test := range map[string]struct {
		answers             map[string]http.HandlerFunc
		read, write, create error
		deletes             bool // without an error
	}{
		"the stream is gone": {nil, commpeak.ErrNotFound, commpeak.ErrNotFound, commpeak.ErrNotFound, true},
		"the event is gone": {
			map[string]http.HandlerFunc{"GET /streams/1": thereIs, "GET " + list: always(200, `[]`), "POST " + list: always(201, shippedEvent)},
			commpeak.ErrNotFound, commpeak.ErrNotFound, nil, true,
		},
		"no writes are offered": {
			map[string]http.HandlerFunc{"GET /streams/1": thereIs, "GET " + list: always(200, `[`+shippedEvent+`]`), "GET " + one: always(200, shippedEvent)},
			nil, commpeak.ErrWritesNotOffered, commpeak.ErrWritesNotOffered, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(serve(t, routes(test.answers)).URL)
			_, err := client.Event(t.Context(), "1", "7")
			wantError(t, "read", err, test.read)
			_, _, err = client.UpdateEvent(t.Context(), "1", "7", shipped, commpeak.EventSpec{Name: "New"})
			wantError(t, "update", err, test.write)
			_, err = client.CreateEvent(t.Context(), "1", shipped)
			wantError(t, "create", err, test.create)
			if err := client.DeleteEvent(t.Context(), "1", "7"); (err == nil) != test.deletes {
				t.Errorf("delete: %v", err)
			}
		})
	}
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

// An API without events must not make every event look gone.
func TestEventsNotOffered(t *testing.T) {
	t.Parallel()
	client := newClient(serve(t, routes(map[string]http.HandlerFunc{"GET /streams/1": thereIs})).URL)
	_, err := client.Event(t.Context(), "1", "7")
	mentions(t, err, "the stream exists", "offers no such call")
	if errors.Is(err, commpeak.ErrNotFound) {
		t.Errorf("the event looks gone: %v", err)
	}
	if err := client.DeleteEvent(t.Context(), "1", "7"); err == nil {
		t.Error("the event looks deleted")
	}
}

func TestEventWritesAreRefusedWhenReadOnly(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, shippedEvent))
	client := newClient(s.URL, func(c *commpeak.Config) { c.ReadOnly = true })
	_, err := client.CreateEvent(t.Context(), "1", shipped)
	wantError(t, "create", err, commpeak.ErrReadOnly)
	_, _, err = client.UpdateEvent(t.Context(), "1", "7", shipped, commpeak.EventSpec{})
	wantError(t, "update", err, commpeak.ErrReadOnly)
	wantError(t, "delete", client.DeleteEvent(t.Context(), "1", "7"), commpeak.ErrReadOnly)
	equal(t, "requests", s.lines(), []string{})
}

func TestEventByKeyReadsOnUntilItIsFound(t *testing.T) {
	t.Parallel()
	page := func(from, n int) string {
		events := make([]string, n)
		for i := range events {
			events[i] = fmt.Sprintf(`{"id": %d, "name": "E", "key": "e%d", "template": "x"}`, from+i, from+i)
		}
		return "[" + strings.Join(events, ",") + "]"
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("_page") == "1" {
			reply(w, 200, page(1, 100))
			return
		}
		reply(w, 200, page(101, 3))
	}
	for key, want := range map[string]struct {
		id    string
		pages int
	}{"e1": {"1", 1}, "e102": {"102", 2}, "nowhere": {"", 2}} {
		s := serve(t, handler)
		event, err := newClient(s.URL).EventByKey(t.Context(), "1", key)
		if err != nil || (event != nil) != (want.id != "") || event != nil && event.ID != want.id {
			t.Errorf("%s: %v, %v", key, event, err)
		}
		equal(t, key, s.count("GET"), want.pages)
	}
}
