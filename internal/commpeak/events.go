package commpeak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
)

// EventStreamTypes are the types of streams that have events.
var EventStreamTypes = []StreamType{OTP, Transactional}

// EventSpec is what a client can say of an event: a message template of a
// stream, which sends name by its key.
type EventSpec struct {
	Name string
	// Key is unique in its stream and never changes.
	Key string
	// Template is the text, with {variable} placeholders.
	Template string
}

// Event is an event as the service reports it.
type Event struct {
	ID string
	EventSpec
}

var eventFields = []string{"id", "name", "key", "template"}

// UnmarshalJSON reads the API's form.
func (e *Event) UnmarshalJSON(data []byte) error {
	var wire struct {
		ID       id   `json:"id"`
		Name     text `json:"name"`
		Key      text `json:"key"`
		Template text `json:"template"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("an event without an id")
	}
	*e = Event{string(wire.ID), EventSpec{string(wire.Name), string(wire.Key), string(wire.Template)}}
	return nil
}

// wire is the API's form of a spec.
func (s EventSpec) wire() map[string]any {
	return map[string]any{"name": s.Name, "key": s.Key, "template": s.Template}
}

// Differences names the fields in which the service reports something else
// than the spec says.
func (e Event) Differences(spec EventSpec) []string {
	var names []string
	for _, field := range []struct{ name, reported, asked string }{
		{"name", e.Name, spec.Name},
		{"key", e.Key, spec.Key},
		{"template", e.Template, spec.Template},
	} {
		if field.reported != field.asked {
			names = append(names, field.name)
		}
	}
	return names
}

// Events lists the events of a stream, in ascending order of id; [ErrNotFound]
// when there is no such stream. The call rests on an assumption, as all calls
// for events do: CommPeak documents none.
func (c *Client) Events(ctx context.Context, streamID string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for event, err := range pages[Event](ctx, c, eventsCall(streamID)) {
			if !yield(event, c.explainUnlisted(ctx, streamID, err)) {
				return
			}
		}
	}
}

// EventByKey finds the event of a stream that has the key; nil when there is
// none.
func (c *Client) EventByKey(ctx context.Context, streamID, key string) (*Event, error) {
	for event, err := range c.Events(ctx, streamID) {
		if err != nil {
			return nil, err
		}
		if event.Key == key {
			return &event, nil
		}
	}
	return nil, nil
}

// Event reads one event; [ErrNotFound] when there is none, or no such stream.
func (c *Client) Event(ctx context.Context, streamID, eventID string) (Event, error) {
	event, err := send[Event](ctx, c, eventCall(http.MethodGet, "read", streamID, eventID, nil))
	if errors.Is(err, ErrNotFound) {
		return Event{}, explainUnfound(c.Events(ctx, streamID), err)
	}
	return event, err
}

func eventsCall(streamID string) call {
	return call{does: "list events of stream " + streamID, method: http.MethodGet, path: "/streams/{id}/events", args: []string{streamID}}
}

func eventCall(method, does, streamID, eventID string, body any) call {
	return call{
		does: fmt.Sprintf("%s event %s of stream %s", does, eventID, streamID), method: method,
		path: "/streams/{id}/events/{eventId}", args: []string{streamID, eventID}, body: body,
	}
}

// CreateEvent makes an event and returns it; [ErrNotFound] when there is no such
// stream.
//
// A create whose answer is lost is not blindly repeated. The client looks for
// the event that has the key, which no other event of the stream can have. It
// adopts one that is just as it was to be, repeats the request when there is
// none, and stops with [ErrMaybeCreated] when it is another one.
func (c *Client) CreateEvent(ctx context.Context, streamID string, spec EventSpec) (Event, error) {
	request := call{
		does: fmt.Sprintf("create event %q of stream %s", spec.Key, streamID), method: http.MethodPost,
		path: "/streams/{id}/events", args: []string{streamID}, body: spec.wire(),
	}
	// Side by side, two creates of one key could take each other's event for
	// their own.
	done, err := c.turns.take(ctx, request.does)
	if err != nil {
		return Event{}, &Error{Operation: request.does, err: err}
	}
	defer done()
	lost := false
	event, err := createOnce(ctx, c, request, func(ctx context.Context) (*Event, error) {
		lost = true
		return c.lookForCreatedEvent(ctx, streamID, spec)
	})
	if lost && refused(err) {
		// The lost request may have been slower than the look-up, and its
		// repetition have found the key taken.
		if found, lookErr := c.lookForCreatedEvent(ctx, streamID, spec); lookErr == nil && found != nil {
			event, err = *found, nil
		}
	}
	if err != nil {
		return Event{}, c.explainMissingStream(ctx, streamID, err)
	}
	c.KnowEvent(streamID, event.ID)
	c.created(eventCall(http.MethodGet, "read", streamID, event.ID, nil))
	return event, nil
}

// refused reports whether the service found fault with what it was asked.
func refused(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && (failed.Status == http.StatusUnprocessableEntity || failed.Status == http.StatusConflict)
}

// lookForCreatedEvent finds the event that a lost create made; nil when there is
// none.
func (c *Client) lookForCreatedEvent(ctx context.Context, streamID string, spec EventSpec) (*Event, error) {
	event, err := c.EventByKey(ctx, streamID, spec.Key)
	switch {
	case err != nil:
		return nil, err
	case event == nil || c.KnowsEvent(streamID, event.ID):
		return nil, nil
	case *event != Event{event.ID, spec}:
		return nil, fmt.Errorf("the stream has an event of that key, but of another name or template: event %s", event.ID)
	}
	return event, nil
}

// KnowEvent tells the client of an event that is somebody's already: no lost
// create takes it for its own.
func (c *Client) KnowEvent(streamID, eventID string) {
	c.knownEvents.Store(streamID+"/"+eventID, true)
}

// KnowsEvent reports whether this client made the event, or was told of it.
func (c *Client) KnowsEvent(streamID, eventID string) bool {
	_, known := c.knownEvents.Load(streamID + "/" + eventID)
	return known
}

// UpdateEvent changes what differs between two specs and returns the event as it
// is now. Where nothing differs it sends nothing and returns false.
func (c *Client) UpdateEvent(ctx context.Context, streamID, eventID string, from, to EventSpec) (Event, bool, error) {
	from.Key = to.Key // it never changes
	patch, err := mergePatch(from.wire(), to.wire())
	if err != nil || patch == nil {
		return Event{}, false, err
	}
	event, err := send[Event](ctx, c, eventCall(http.MethodPatch, "update", streamID, eventID, patch))
	return event, err == nil, c.explainMissingEvent(ctx, streamID, eventID, err)
}

// DeleteEvent deletes an event. One that is gone already, alone or with its
// stream, is no error.
func (c *Client) DeleteEvent(ctx context.Context, streamID, eventID string) error {
	_, err := send[nothing](ctx, c, eventCall(http.MethodDelete, "delete", streamID, eventID, nil))
	err = c.explainMissingEvent(ctx, streamID, eventID, err)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// explainMissingEvent is [explainMissing] for a write to an event.
func (c *Client) explainMissingEvent(ctx context.Context, streamID, eventID string, err error) error {
	return explainMissing(err, func() error {
		_, readErr := c.Event(ctx, streamID, eventID)
		return readErr
	})
}

// EventSurvey is what a plan of new events can be checked against.
type EventSurvey struct {
	// Type is the stream's.
	Type StreamType
	// Events are the stream's, by key; nil where it has none or they could not
	// be listed.
	Events map[string]Event
}

// SurveyEvents looks at a stream before events are created in it; [ErrNotFound]
// when there is none. Plans of many events need the same, so it is asked for
// once, whatever the outcome, and kept: what it says may be out of date.
func (c *Client) SurveyEvents(ctx context.Context, streamID string) (*EventSurvey, error) {
	return surveyOnce(ctx, c, "survey events of stream "+streamID, func() (*EventSurvey, error) {
		return c.surveyEvents(ctx, streamID)
	})
}

func (c *Client) surveyEvents(ctx context.Context, streamID string) (*EventSurvey, error) {
	stream, err := c.Stream(ctx, streamID)
	survey := &EventSurvey{Type: stream.Type}
	if err != nil || !slices.Contains(EventStreamTypes, stream.Type) {
		return survey, err
	}
	events := map[string]Event{}
	for event, err := range c.Events(ctx, streamID) {
		if err != nil {
			return survey, nil
		}
		events[event.Key] = event
	}
	survey.Events = events
	return survey, nil
}

// AnnounceEvent tells the client of an event that will be created, and reports
// whether another one was announced under its key. The same announced again is
// no other one.
func (c *Client) AnnounceEvent(streamID, key, about string) (another bool) {
	first, _ := c.announcedEvents.LoadOrStore(streamID+"/"+key, about)
	return first != about
}
