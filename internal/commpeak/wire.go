package commpeak

import (
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// The types below read what the service may send: CommPeak's published
// examples and the programs that call it disagree on spellings, and do not say
// where a number may come as a string. null leaves each at its zero value.

// text reads a string, or the text of a number.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = text(s)
		return nil
	}
	var n json.Number
	if json.Unmarshal(data, &n) != nil {
		return errors.New("neither text nor a number")
	}
	*t = text(n)
	return nil
}

// id reads an identifier: a number, its text, an IRI such as "/streams/7", or
// an object that holds an id.
type id string

func (i *id) UnmarshalJSON(data []byte) error {
	var object struct {
		ID text `json:"id"`
	}
	if json.Unmarshal(data, &object) != nil {
		if err := object.ID.UnmarshalJSON(data); err != nil {
			return err
		}
	}
	iri := strings.TrimRight(string(object.ID), "/")
	*i = id(iri[strings.LastIndex(iri, "/")+1:])
	return nil
}

// number reads an integer, or the text of one.
type number int64

func (n *number) UnmarshalJSON(data []byte) error {
	var t text
	if err := t.UnmarshalJSON(data); err != nil || t == "" {
		return err
	}
	value, err := strconv.ParseInt(string(t), 10, 64)
	*n = number(value)
	return err
}

// flag reads a boolean, 0 or 1, or the text of either.
type flag bool

func (f *flag) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*bool)(f)) == nil {
		return nil
	}
	var t text
	if err := t.UnmarshalJSON(data); err != nil || t == "" {
		return err
	}
	value, err := strconv.ParseBool(string(t))
	*f = flag(value)
	return err
}

// moment reads `YYYY-MM-DD HH:MM:SS`, which is UTC, and RFC 3339; text of no
// known form is no moment, nor is what has no such form in UTC.
type moment time.Time

func (m *moment) UnmarshalJSON(data []byte) error {
	var t text
	if err := t.UnmarshalJSON(data); err != nil {
		return err
	}
	for _, layout := range []string{time.DateTime, time.RFC3339} {
		if parsed, err := time.Parse(layout, string(t)); err == nil {
			if utc := parsed.UTC(); utc.Year() >= 0 && utc.Year() <= 9999 {
				*m = moment(utc)
			}
			return nil
		}
	}
	return nil
}

// time returns the moment; nil where there is none.
func (m *moment) time() *time.Time {
	if m == nil || time.Time(*m).IsZero() {
		return nil
	}
	return (*time.Time)(m)
}

// canonical returns the known value that the text spells in its own way, such
// as two_way for `Two-way` or `TWO_WAY`; a value not known stays as it came.
func canonical[T ~string](spelled string, known []T) T {
	for _, value := range known {
		if letters(spelled) == letters(string(value)) {
			return value
		}
	}
	return T(spelled)
}

// letters drops case and everything that only separates words.
func letters(s string) string {
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
// is that address, and IPv4 inside IPv6 is IPv4.
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
