package commpeak

import (
	"context"
	"errors"
	"iter"
	"strconv"
)

// EventStreamTypes are the types of streams that have events.
var EventStreamTypes = []StreamType{OTP, Transactional}

// EventSpec is what a client can set of an event: a message template of a stream,
// which sends name by its key. It is also the API's form of what is written.
type EventSpec struct {
	Name string `json:"name"`
	// Key is unique in its stream and never changes.
	Key string `json:"key"`
	// Template is the text, with {variable} placeholders.
	Template string `json:"template"`
}

// Event is an event as the API returns it.
type Event struct {
	ID string
	EventSpec

	fields Fields
}

// ReturnedFields are the fields that the answer contained.
func (e Event) ReturnedFields() Fields { return e.fields }

// wireEvent is the API's form of an event that is read.
type wireEvent struct {
	ID       flexID     `json:"id"`
	Name     flexString `json:"name"`
	Key      flexString `json:"key"`
	Template flexString `json:"template"`
}

// UnmarshalJSON reads the API's form.
func (e *Event) UnmarshalJSON(data []byte) error {
	var wire wireEvent
	fields, err := decodeFields(data, &wire)
	if err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("an event without an ID")
	}
	*e = Event{string(wire.ID), EventSpec{string(wire.Name), string(wire.Key), string(wire.Template)}, fields}
	return nil
}

// Differences names the fields in which the API returns a different value than the
// spec has.
func (e Event) Differences(spec EventSpec) []string {
	return differences[EventSpec, wireEvent](e.EventSpec, spec, e.fields)
}

// Events lists the events of a stream, in ascending order of ID; [ErrNotFound] if
// there is no such stream.
func (c *Client) Events(ctx context.Context, streamID string) iter.Seq2[Event, error] {
	return pages[Event](ctx, c, listEvents.call(streamID))
}

// EventsPage returns one page of [Client.Events], counted from 1.
func (c *Client) EventsPage(ctx context.Context, streamID string, number int) ([]Event, error) {
	return page[Event](ctx, c, listEvents.call(streamID), number)
}

// EventByKey finds the event of a stream that has the key; nil if there is none.
func (c *Client) EventByKey(ctx context.Context, streamID, key string) (*Event, error) {
	for event, err := range c.Events(ctx, streamID) {
		if err != nil || event.Key == key {
			return &event, err
		}
	}
	return nil, nil
}

// Event reads one event; [ErrNotFound] if there is none, or no such stream.
func (c *Client) Event(ctx context.Context, streamID, eventID string) (Event, error) {
	return readObject[Event](ctx, c, readEvent.call(streamID, eventID))
}

// CreateEvent creates an event and returns it; [ErrNotFound] if there is no such
// stream. It is repeated only if it certainly had no effect.
func (c *Client) CreateEvent(ctx context.Context, streamID string, spec EventSpec) (Event, error) {
	request := createEvent.call(streamID)
	request.subject, request.body = strconv.Quote(spec.Key), spec
	event, err := send[Event](ctx, c, request)
	if err == nil {
		c.created(readEvent.call(streamID, event.ID))
	}
	return event, err
}

// UpdateEvent changes what differs between two specs and returns the event as it is
// now. If nothing differs it sends nothing and returns false.
func (c *Client) UpdateEvent(ctx context.Context, streamID, eventID string, from, to EventSpec) (Event, bool, error) {
	from.Key = to.Key // It never changes.
	return update(ctx, c, updateEvent.call(streamID, eventID), from, to, func(ctx context.Context) (Event, error) {
		return c.Event(ctx, streamID, eventID)
	})
}

// DeleteEvent deletes an event. An event or a stream that does not exist is no error.
func (c *Client) DeleteEvent(ctx context.Context, streamID, eventID string) error {
	return deleteObject(ctx, c, deleteEvent.call(streamID, eventID))
}
