package stream

import (
	"regexp"
	"slices"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// filter chooses streams. What is empty does not choose.
type filter struct {
	name     string
	regex    *regexp.Regexp
	statuses []string
	types    []string
	// tags must all be there, of anyTags at least one.
	tags, anyTags []string
}

func (f filter) wants(stream commpeak.Stream) bool {
	has := func(tag string) bool { return slices.Contains(stream.Tags, tag) }
	return strings.Contains(stream.Name, f.name) &&
		(f.regex == nil || f.regex.MatchString(stream.Name)) &&
		isOneOf(string(stream.State), f.statuses) &&
		isOneOf(string(stream.Type), f.types) &&
		!slices.ContainsFunc(f.tags, func(tag string) bool { return !has(tag) }) &&
		(len(f.anyTags) == 0 || slices.ContainsFunc(f.anyTags, has))
}

// isOneOf compares without regard to capitals: values that are not known here
// come as the service spells them.
func isOneOf(value string, wanted []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(want string) bool { return strings.EqualFold(value, want) })
}
