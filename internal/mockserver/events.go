package mockserver

import (
	"regexp"
	"slices"
	"unicode/utf8"
)

// maxTemplate is the longest template of an event, in characters.
const maxTemplate = 1600

// Event is a message template of an OTP or Transactional stream. Its JSON is the wire's, but for the spelling of the ID.
type Event struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Key      string `json:"key"`
	Template string `json:"template"`
}

// Events returns the events of the stream, ascending by id.
func (s *Server) Events(streamID int) []Event {
	return childrenOf(s, streamID, func(st *stream) []Event { return st.Events })
}

// AddEvent adds an event to the stream, as a console user would, and returns it with its ID. Nothing is
// validated. It reports false if there is no such stream.
func (s *Server) AddEvent(streamID int, event Event) (Event, bool) {
	found := s.updateStream(streamID, func(st *stream) {
		event.ID = s.account.nextID("event")
		st.Events = append(st.Events, event)
	})
	return event, found
}

// EditEvent changes an event, as a console user would, and reports whether there is one. Its ID stays.
func (s *Server) EditEvent(streamID, id int, change func(*Event)) bool {
	found := false
	s.updateStream(streamID, func(st *stream) {
		for i := range st.Events {
			if st.Events[i].ID != id {
				continue
			}
			found = true
			edited := st.Events[i]
			change(&edited)
			edited.ID = id
			st.Events[i] = edited
		}
	})
	return found
}

// RemoveEvent deletes an event, as a console user would, and reports whether there was one.
func (s *Server) RemoveEvent(streamID, id int) bool {
	found := false
	s.updateStream(streamID, func(st *stream) { st.Events, found = without(st.Events, id, eventID) })
	return found
}

func eventID(e Event) int { return e.ID }

// wireEvent is an event in an answer.
type wireEvent struct {
	ID any `json:"id"`
	Event
}

func (s *Server) wireEvent(e Event) wireEvent { return wireEvent{s.opts.Spelling.id(e.ID), e} }

func (s *Server) listEvents(c *call) *answer {
	return listed(c, c.stream.Events, s.wireEvent)
}

func (s *Server) createEvent(c *call) *answer {
	event, violations := parseEvent(c.doc, c.stream.Events, nil)
	if violations != nil {
		return invalid(violations)
	}
	event.ID = s.account.nextID("event")
	c.stream.Events = append(c.stream.Events, event)
	return created(s.wireEvent(event))
}

func (s *Server) showEvent(c *call) *answer {
	i, refusal := child(c, "event", c.stream.Events, eventID)
	if refusal != nil {
		return refusal
	}
	return ok(s.wireEvent(c.stream.Events[i]))
}

func (s *Server) patchEvent(c *call) *answer {
	i, refusal := child(c, "event", c.stream.Events, eventID)
	if refusal != nil {
		return refusal
	}
	event, violations := parseEvent(c.doc, c.stream.Events, &c.stream.Events[i])
	if violations != nil {
		return invalid(violations)
	}
	c.stream.Events[i] = event
	return ok(s.wireEvent(event))
}

func (s *Server) deleteEvent(c *call) *answer {
	i, refusal := child(c, "event", c.stream.Events, eventID)
	if refusal != nil {
		return refusal
	}
	c.stream.Events = slices.Delete(c.stream.Events, i, i+1)
	return noContent()
}

var (
	eventShape = shape{"name": nil, "key": nil, "template": nil}
	eventKey   = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)
)

// parseEvent returns the event that body describes: a new one, or base with the merge patch applied.
func parseEvent(body map[string]any, siblings []Event, base *Event) (Event, []violation) {
	violations := eventShape.unknown(body, "")
	result, doc := Event{}, body
	if base != nil {
		result = *base
		doc = merged(map[string]any{"name": base.Name, "key": base.Key, "template": base.Template}, body)
	}
	f := fields{doc, "", &violations}
	result.Name = f.filled("name", maxName)
	result.Template = f.readTemplate()
	key, isText := f.text("key")
	result.Key = key
	switch {
	case base != nil && key != base.Key:
		f.refuse("key", "IMMUTABLE", "The key of an event cannot be changed.")
	case base != nil || f.has("key") && !isText:
	case !eventKey.MatchString(key):
		f.refuse("key", "INVALID_KEY", "A key is 1 to 64 lowercase letters, digits and underscores.")
	case slices.ContainsFunc(siblings, func(e Event) bool { return e.Key == key }):
		f.refuse("key", "NOT_UNIQUE", "Another event of the stream has this key.")
	}
	return result, violations
}

// readTemplate reads a template. One of white space alone is a template, too.
func (f fields) readTemplate() string {
	template, isText := f.text("template")
	if length := utf8.RuneCountInString(template); (isText || !f.has("template")) && (length < 1 || length > maxTemplate) {
		f.refuse("template", "INVALID_LENGTH", "A template has 1 to %d characters.", maxTemplate)
	}
	return template
}

// placeholder finds the variables of a template.
var placeholder = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// filledIn returns the template with its variables replaced, or the first variable that has no value.
func filledIn(template string, values map[string]string) (text, missing string) {
	text = placeholder.ReplaceAllStringFunc(template, func(match string) string {
		name := match[1 : len(match)-1]
		value, given := values[name]
		if !given && missing == "" {
			missing = name
		}
		return value
	})
	return text, missing
}
