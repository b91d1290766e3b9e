package commpeak

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The types below read what the API may return: CommPeak's published examples and
// the programs that use it disagree on spellings, and do not show where a number may
// be a string. null leaves each at its zero value.

// flexString reads a string, or the text of a number, in Unicode NFC, the form to
// which Terraform converts the texts of a configuration.
type flexString string

func (t *flexString) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = flexString(norm.NFC.String(s))
		return nil
	}
	var n json.Number
	if json.Unmarshal(data, &n) != nil {
		return errors.New("neither text nor a number")
	}
	*t = flexString(n)
	return nil
}

// nullableString reads text, or null for none, which is not the same as no answer.
type nullableString struct{ value *string }

func (s *nullableString) UnmarshalJSON(data []byte) error {
	var value flexString
	err := value.UnmarshalJSON(data)
	s.value = (*string)(&value)
	return err
}

// flexID reads an ID: a number, its text, an IRI such as "/streams/7", or an object
// that contains an ID.
type flexID string

func (i *flexID) UnmarshalJSON(data []byte) error {
	var object struct {
		ID flexString `json:"id"`
	}
	if json.Unmarshal(data, &object) != nil {
		if err := object.ID.UnmarshalJSON(data); err != nil {
			return err
		}
	}
	iri := strings.TrimRight(string(object.ID), "/")
	*i = flexID(iri[strings.LastIndex(iri, "/")+1:])
	return nil
}

// flexInt reads an integer, or the text of one.
type flexInt int64

func (n *flexInt) UnmarshalJSON(data []byte) error {
	var t flexString
	if err := t.UnmarshalJSON(data); err != nil || t == "" {
		return err
	}
	value, err := strconv.ParseInt(string(t), 10, 64)
	*n = flexInt(value)
	return err
}

// flexBool reads a boolean, 0 or 1, or a word for either.
type flexBool bool

func (f *flexBool) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*bool)(f)) == nil {
		return nil
	}
	var t flexString
	if err := t.UnmarshalJSON(data); err != nil || t == "" {
		return err
	}
	if value, isWord := map[string]bool{"yes": true, "on": true, "no": false, "off": false}[strings.ToLower(string(t))]; isWord {
		*f = flexBool(value)
		return nil
	}
	value, err := strconv.ParseBool(string(t))
	*f = flexBool(value)
	return err
}

// flexTime reads `YYYY-MM-DD HH:MM:SS`, which is UTC, and RFC 3339, also as the date
// in PHP's object of a time in UTC. Any other text is no time.
type flexTime time.Time

func (m *flexTime) UnmarshalJSON(data []byte) error {
	var t flexString
	if err := t.UnmarshalJSON(data); err != nil {
		var object struct{ Date, Timezone flexString }
		if json.Unmarshal(data, &object) != nil || object.Timezone != "UTC" {
			return err
		}
		t = object.Date
	}
	for _, layout := range []string{time.DateTime, time.RFC3339} {
		if parsed, err := time.Parse(layout, string(t)); err == nil {
			if utc := parsed.UTC(); utc.Year() >= 0 && utc.Year() <= 9999 {
				*m = flexTime(utc)
			}
			return nil
		}
	}
	return nil
}

// time returns the time; nil if there is none.
func (m *flexTime) time() *time.Time {
	if m == nil || time.Time(*m).IsZero() {
		return nil
	}
	return (*time.Time)(m)
}

// flexList reads a list, also one with gaps, which PHP writes as an object with the
// indexes as names.
type flexList[T any] []T

func (l *flexList[T]) UnmarshalJSON(data []byte) error {
	trimmed := bytes.TrimSpace(data)
	if !bytes.HasPrefix(trimmed, []byte("{")) {
		return json.Unmarshal(data, (*[]T)(l))
	}
	var byIndex map[int]json.RawMessage
	if err := json.Unmarshal(data, &byIndex); err != nil {
		return err
	}
	if len(byIndex) == 0 {
		return errors.New("an object instead of a list") // PHP writes an empty list as [].
	}
	list := make([]T, 0, len(byIndex))
	for _, index := range slices.Sorted(maps.Keys(byIndex)) {
		var item T
		if err := json.Unmarshal(byIndex[index], &item); err != nil {
			return err
		}
		list = append(list, item)
	}
	*l = list
	return nil
}

// parseEnum returns the value of the list that the text spells in its own way, such
// as two_way for `Two-way` or `TWO_WAY`; a value that is not in the list stays as it
// is.
func parseEnum[T ~string](spelled string, values []T) T {
	for _, value := range values {
		if normalize(spelled) == normalize(string(value)) {
			return value
		}
	}
	return T(spelled)
}

// normalize drops case and everything that only separates words.
func normalize(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// parseIPList reads a list of addresses and prefixes parted by commas,
// semicolons or white space, in canonical form, sorted, each once. An entry
// that is neither stays as it came.
func parseIPList(list string) []string {
	entries := strings.FieldsFunc(list, func(r rune) bool {
		return r == ',' || r == ';' || unicode.IsSpace(r)
	})
	for i, entry := range entries {
		entries[i] = CanonicalIP(entry)
	}
	slices.Sort(entries)
	return slices.Compact(entries)
}

// CanonicalIP writes an address or prefix in one way: a prefix of one address
// is that address, and IPv4 inside IPv6 is IPv4. What is neither stays as it is.
func CanonicalIP(entry string) string {
	if address, err := netip.ParseAddr(entry); err == nil {
		return address.Unmap().String()
	}
	prefix, err := netip.ParsePrefix(entry)
	if err != nil {
		return entry
	}
	const mapped = 96 // bits of IPv6 before the IPv4 address.
	if prefix.Addr().Is4In6() && prefix.Bits() >= mapped {
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mapped)
	}
	if prefix.IsSingleIP() {
		return prefix.Addr().String()
	}
	return prefix.Masked().String()
}
