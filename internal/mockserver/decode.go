package mockserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// merged returns doc with a JSON merge patch (RFC 7396) laid over it: objects merge, null removes, the rest replaces.
func merged(doc, patch map[string]any) map[string]any {
	doc = maps.Clone(doc)
	if doc == nil {
		doc = map[string]any{}
	}
	for key, value := range patch {
		switch value := value.(type) {
		case nil:
			delete(doc, key)
		case map[string]any:
			inner, _ := doc[key].(map[string]any)
			doc[key] = merged(inner, value)
		default:
			doc[key] = value
		}
	}
	return doc
}

// shape is the fields that an object may have, with the shapes of those that are objects.
type shape map[string]shape

// unknown returns a violation for each field of doc that is not in the shape.
func (sh shape) unknown(doc map[string]any, path string) []violation {
	var violations []violation
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		inner, known := sh[key]
		if !known {
			violations = append(violations, violation{path + key, "This field was not expected.", "UNKNOWN_FIELD"})
		} else if object, isObject := doc[key].(map[string]any); isObject && inner != nil {
			violations = append(violations, inner.unknown(object, path+key+".")...)
		}
	}
	return violations
}

// fields reads an object of a body and collects what is wrong with it. null is the same as missing.
type fields struct {
	doc        map[string]any
	path       string // of the object, with a dot at its end
	violations *[]violation
}

func (f fields) refuse(key, code, format string, args ...any) {
	*f.violations = append(*f.violations, violation{f.path + key, fmt.Sprintf(format, args...), code})
}

func (f fields) has(key string) bool { return f.doc[key] != nil }

// field returns a field of JSON's type T. It reports false for one that is missing, and for one of another type, which it
// refuses.
func field[T any](f fields, key, typeName string) (T, bool) {
	value, isT := f.doc[key].(T)
	if !isT && f.has(key) {
		f.refuse(key, "INVALID_TYPE", "This value should be of type %s.", typeName)
	}
	return value, isT
}

func (f fields) text(key string) (string, bool) { return field[string](f, key, "string") }

func (f fields) flag(key string) bool {
	value, _ := field[bool](f, key, "bool")
	return value
}

func (f fields) list(key string) []any {
	value, _ := field[[]any](f, key, "array")
	return value
}

// object returns the fields of an object.
func (f fields) object(key string) (fields, bool) {
	doc, isObject := field[map[string]any](f, key, "object")
	return fields{doc, f.path + key + ".", f.violations}, isObject
}

// objects returns the fields of each object in a list, all of which have the shape.
func (f fields) objects(key string, sh shape) []fields {
	var list []fields
	for i, item := range f.list(key) {
		path := fmt.Sprintf("%s[%d]", key, i)
		doc, isObject := item.(map[string]any)
		if !isObject {
			f.refuse(path, "INVALID_TYPE", "This value should be of type object.")
			continue
		}
		path = f.path + path + "."
		*f.violations = append(*f.violations, sh.unknown(doc, path)...)
		list = append(list, fields{doc, path, f.violations})
	}
	return list
}

// number returns a whole number from least to most, or missing if there is none.
func (f fields) number(key string, missing, least, most int) int {
	value, isNumber := field[float64](f, key, "int")
	if !isNumber {
		return missing
	}
	if value != math.Trunc(value) {
		f.refuse(key, "INVALID_TYPE", "This value should be of type int.")
	} else if value < float64(least) || value > float64(most) {
		if most == math.MaxInt32 {
			f.refuse(key, "OUT_OF_RANGE", "This value should be %d or more.", least)
		} else {
			f.refuse(key, "OUT_OF_RANGE", "This value should be between %d and %d.", least, most)
		}
	}
	return int(value)
}

// filled returns a text that must be there, not blank, and no longer than most characters.
func (f fields) filled(key string, most int) string {
	value, isText := f.text(key)
	switch {
	case isText && strings.TrimSpace(value) == "", !f.has(key):
		f.refuse(key, "NOT_BLANK", "This value should not be blank.")
	case utf8.RuneCountInString(value) > most:
		f.refuse(key, "TOO_LONG", "This value is too long. It should have %d characters or less.", most)
	}
	return value
}

// choice returns a text that must be one of the choices, or missing if there is none.
func (f fields) choice(key, missing string, choices ...string) string {
	value, isText := f.text(key)
	if !isText {
		return missing
	}
	if !slices.Contains(choices, value) {
		f.refuse(key, "INVALID_CHOICE", "The value you selected is not a valid choice: %s.", strings.Join(choices, ", "))
	}
	return value
}

// require refuses the absence of fields. An empty list is as good as none.
func (f fields) require(keys ...string) {
	for _, key := range keys {
		if list, isList := f.doc[key].([]any); !f.has(key) || isList && len(list) == 0 {
			f.refuse(key, "REQUIRED", "This value is required.")
		}
	}
}

// document returns v as a JSON document.
func document(v any) map[string]any {
	var doc map[string]any
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &doc)
	}
	if err != nil {
		panic(err) // Only the server's own types get here.
	}
	return doc
}
