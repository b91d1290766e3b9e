package commpeak

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Fields is the set of JSON fields that an answer contained for one object. A list
// may contain fewer fields than a GET of the object.
type Fields uint64

// Contain reports whether the set has every field of the other one.
func (f Fields) Contain(other Fields) bool { return other&^f == 0 }

// allFields is in a set that has every field that the client reads of any object.
const allFields Fields = 1 << 63

// AreAll reports whether the set has every field that the client reads of any object.
func (f Fields) AreAll() bool { return f&allFields != 0 }

// namesOf caches the JSON names of a struct, in the order of its fields.
var namesOf sync.Map

func jsonNames(of reflect.Type) []string {
	if names, cached := namesOf.Load(of); cached {
		return names.([]string) //nolint:forcetypeassert // The map holds nothing else.
	}
	names := make([]string, of.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(of.Field(i).Tag.Get("json"), ",")
	}
	namesOf.Store(of, names)
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
	var fields, optional Fields
	names := jsonNames(target.Type())
	for i, name := range names {
		if target.Type().Field(i).Tag.Get("fields") == "optional" {
			optional |= 1 << i
		}
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
	if fields|optional == 1<<len(names)-1 {
		fields |= allFields
	}
	return fields, nil
}

// has reports whether the set has a field of the wire struct.
func (f Fields) has(wire reflect.Type, name string) bool {
	at := slices.Index(jsonNames(wire), name)
	return at >= 0 && f&(1<<at) != 0
}

// changes returns the fields in which the API's forms of two specs differ, by their
// JSON names, with the values of the second. A nested object or list is returned
// whole. A field that the second one leaves out does not count.
func changes[T any](from, to T) map[string]any {
	a, b := reflect.ValueOf(from), reflect.ValueOf(to)
	changed := map[string]any{}
	for i, name := range jsonNames(b.Type()) {
		isLeftOut := b.Field(i).IsZero() && strings.Contains(b.Type().Field(i).Tag.Get("json"), ",omitempty")
		if !isLeftOut && !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			changed[name] = b.Field(i).Interface()
		}
	}
	return changed
}

// differences names the fields that differ and that the object contains. An object
// that was not decoded contains all.
func differences[T, W any](got, want T, returned Fields) []string {
	var names []string
	changed := changes(got, want)
	for _, name := range jsonNames(reflect.TypeFor[T]()) {
		if _, differs := changed[name]; differs && (returned == 0 || returned.has(reflect.TypeFor[W](), name)) {
			names = append(names, name)
		}
	}
	return names
}
