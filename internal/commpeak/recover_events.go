package commpeak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// CreateEvent makes an event and returns it; [ErrNotFound] when there is no such
// stream.
//
// A create whose answer is lost is not blindly repeated. The client looks for
// the event that has the key, which no other event of the stream can have. It
// adopts one that is just as it was to be, repeats the request when there is
// none, and stops with [ErrMaybeCreated] when it is another one.
func (c *Client) CreateEvent(ctx context.Context, streamID string, spec EventSpec) (Event, error) {
	request := createEventCall(streamID, spec)
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
	case event.EventSpec != spec:
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
