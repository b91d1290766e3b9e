package commpeak

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// shape is what the list tells of some objects. It may tell less than a GET: what
// it leaves out must not pass for what is not there.
type shape struct {
	fields []string
	// whole: a GET tells nothing more; lesser: it does. While neither is known,
	// trial is the GET that shows it.
	whole, lesser bool
	trial         *flight
}

// compare notes which fields a GET tells of an object of that shape.
func (s *shape) compare(fields []string) {
	s.lesser = s.lesser || slices.ContainsFunc(fields, func(field string) bool { return !slices.Contains(s.fields, field) })
	s.whole = !s.lesser
}

// shapeOf is the shape of an object in the list. Those of one type and the same
// fields have one shape. The caller holds the lock.
func (s *sharing[T]) shapeOf(one told[T]) *shape {
	fields := s.relevant(one.fields)
	name := strings.Join(append(fields, one.kind), " ")
	if s.shapes[name] == nil {
		s.shapes[name] = &shape{fields: fields, whole: len(fields) == len(s.fields)}
	}
	return s.shapes[name]
}

// relevant are those of the fields that an object of that kind may have.
func (s *sharing[T]) relevant(fields []string) []string {
	return slices.DeleteFunc(fields, func(field string) bool { return !slices.Contains(s.fields, field) })
}

// told is an object as it came, with the names of its fields.
type told[T any] struct {
	id, kind string
	object   T
	fields   []string
}

// UnmarshalJSON reads the API's form.
func (t *told[T]) UnmarshalJSON(data []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &t.object); err != nil {
		return err
	}
	t.fields = slices.Sorted(maps.Keys(all))
	t.kind = string(all["type"])
	var own id
	err := own.UnmarshalJSON(all["id"])
	t.id = string(own)
	return err
}
