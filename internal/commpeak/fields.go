package commpeak

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
)

// Fields is the set of JSON fields that an answer contained for one object. A list
// may contain fewer fields than a GET of the object.
type Fields uint64

// Contain reports whether the set has every field of the other one.
func (f Fields) Contain(other Fields) bool { return other&^f == 0 }

// allFields is in a set that has every field that the client reads.
const allFields Fields = 1 << 63

// AreAll reports whether the set has every field that the client reads.
func (f Fields) AreAll() bool { return f&allFields != 0 }

// fieldsOf caches the JSON names of a wire struct, in the order of its fields.
var fieldsOf sync.Map

func jsonNames(wire reflect.Type) []string {
	if names, cached := fieldsOf.Load(wire); cached {
		return names.([]string) //nolint:forcetypeassert // The map holds nothing else.
	}
	names := make([]string, wire.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(wire.Field(i).Tag.Get("json"), ",")
	}
	fieldsOf.Store(wire, names)
	return names
}

// decodeFields reads the fields of a JSON object into the wire struct and returns
// which of them the object contains. A field of an unexpected form counts as not
// returned, so that it makes neither the object nor its list unreadable.
func decodeFields(data []byte, wire any) (Fields, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return 0, err
	}
	if object == nil {
		return 0, errors.New("null instead of an object")
	}
	target := reflect.ValueOf(wire).Elem()
	var fields Fields
	names := jsonNames(target.Type())
	for i, name := range names {
		value, contained := object[name]
		if !contained {
			continue
		}
		field := target.Field(i)
		if json.Unmarshal(value, field.Addr().Interface()) != nil {
			field.SetZero()
			continue
		}
		fields |= 1 << i
	}
	if fields == 1<<len(names)-1 {
		fields |= allFields
	}
	return fields, nil
}
