// Package tfkit holds the few helpers that the object packages share:
// diagnostics from API errors, validators, and the forms of values.
package tfkit

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Time returns a moment as RFC 3339, null for none.
func Time(moment *time.Time) types.String {
	if moment == nil {
		return types.StringNull()
	}
	return types.StringValue(moment.Format(time.RFC3339))
}

// OptionalString returns text as a string, null for the empty one.
func OptionalString(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// StringList returns texts as a list, which is empty rather than null.
func StringList(texts []string) types.List {
	return types.ListValueMust(types.StringType, stringValues(texts))
}

// StringSet returns texts as a set, which is empty rather than null.
func StringSet(texts []string) types.Set {
	return types.SetValueMust(types.StringType, stringValues(texts))
}

func stringValues(texts []string) []attr.Value {
	values := make([]attr.Value, len(texts))
	for i, text := range texts {
		values[i] = types.StringValue(text)
	}
	return values
}

// IsKnown reports whether a value is neither null nor unknown.
func IsKnown(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }
