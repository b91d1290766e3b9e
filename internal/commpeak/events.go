package commpeak

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
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

	fields Fields
}

// ReturnedFields are the fields that the answer contained.
func (e Event) ReturnedFields() Fields { return e.fields }

var eventFields = []string{"id", "name", "key", "template"}

// UnmarshalJSON reads the API's form.
func (e *Event) UnmarshalJSON(data []byte) error {
	var wire struct {
		ID       id   `json:"id"`
		Name     text `json:"name"`
		Key      text `json:"key"`
		Template text `json:"template"`
	}
	fields, err := decodeFields(data, &wire)
	if err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("an event without an id")
	}
	*e = Event{string(wire.ID), EventSpec{string(wire.Name), string(wire.Key), string(wire.Template)}, fields}
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

// EventsPage returns one page of [Client.Events], counted from 1.
func (c *Client) EventsPage(ctx context.Context, streamID string, number int) ([]Event, error) {
	events, err := page[Event](ctx, c, eventsCall(streamID), number)
	return events, c.explainUnlisted(ctx, streamID, err)
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

// CreateEvent creates an event and returns it; [ErrNotFound] when there is no
// such stream. It is repeated only if it certainly had no effect.
func (c *Client) CreateEvent(ctx context.Context, streamID string, spec EventSpec) (Event, error) {
	event, err := send[Event](ctx, c, createEventCall(streamID, spec))
	if err != nil {
		return Event{}, c.explainMissingStream(ctx, streamID, err)
	}
	c.created(eventCall(http.MethodGet, "read", streamID, event.ID, nil))
	return event, nil
}

func createEventCall(streamID string, spec EventSpec) call {
	return call{
		does: fmt.Sprintf("create event %q of stream %s", spec.Key, streamID), method: http.MethodPost,
		path: "/streams/{id}/events", args: []string{streamID}, body: spec.wire(),
	}
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
