package commpeak

import (
	"regexp"
	"slices"
	"strings"
)

// StreamFilter chooses streams, as the filters of the Streams API page do. What
// is empty does not choose.
type StreamFilter struct {
	// Name is a part of the name, capitals included.
	Name      string
	NameRegex *regexp.Regexp
	// Statuses and Types are compared without regard to capitals: values that
	// are not known here are as the API returns them.
	Statuses, Types []string
	// Tags must all be there, of AnyTags at least one.
	Tags, AnyTags []string
}

// Matches reports whether a stream passes every filter.
func (f StreamFilter) Matches(stream Stream) bool {
	has := func(tag string) bool { return slices.Contains(stream.Tags, tag) }
	return strings.Contains(stream.Name, f.Name) &&
		(f.NameRegex == nil || f.NameRegex.MatchString(stream.Name)) &&
		isOneOf(string(stream.State), f.Statuses) &&
		isOneOf(string(stream.Type), f.Types) &&
		!slices.ContainsFunc(f.Tags, func(tag string) bool { return !has(tag) }) &&
		(len(f.AnyTags) == 0 || slices.ContainsFunc(f.AnyTags, has))
}

func isOneOf(value string, wanted []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(want string) bool { return strings.EqualFold(value, want) })
}
