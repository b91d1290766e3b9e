package commpeak

import (
	"regexp"
	"slices"
	"strings"
)

// StreamFilter chooses streams, as the filters of the Streams API page do. What
// is empty does not choose.
type StreamFilter struct {
	// NameContains is a part of the name, in the same case.
	NameContains string
	NameRegex    *regexp.Regexp
	// Statuses and Types are compared without regard to capitals: values that
	// are not known here are as the API returns them.
	Statuses, Types []string
	// A stream must have all of AllTags, and at least one of AnyTags.
	AllTags, AnyTags []string
}

// Matches reports whether a stream passes every filter.
func (f StreamFilter) Matches(stream Stream) bool {
	has := func(tag string) bool { return slices.Contains(stream.Tags, tag) }
	return strings.Contains(stream.Name, f.NameContains) &&
		(f.NameRegex == nil || f.NameRegex.MatchString(stream.Name)) &&
		isOneOf(string(stream.State), f.Statuses) &&
		isOneOf(string(stream.Type), f.Types) &&
		!slices.ContainsFunc(f.AllTags, func(tag string) bool { return !has(tag) }) &&
		(len(f.AnyTags) == 0 || slices.ContainsFunc(f.AnyTags, has))
}

func isOneOf(value string, wanted []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(want string) bool { return strings.EqualFold(value, want) })
}
