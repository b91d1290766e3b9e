package tfkit

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Duration returns a configured duration, or the fallback if it is null or unknown.
func Duration(configured types.String, fallback time.Duration) time.Duration {
	if value, err := time.ParseDuration(configured.ValueString()); err == nil {
		return value
	}
	return fallback
}

// ValidateDuration returns what is wrong with a duration, which must be above zero and at most
// longest, or an empty string. See [StringFunc].
func ValidateDuration(text string, longest time.Duration) string {
	value, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return fmt.Sprintf("%q is not a duration. Write it with units, for example \"30s\" or \"5m\".", text)
	case value <= 0 || value > longest:
		return fmt.Sprintf("%q is out of range: the duration must be above zero and at most %s.", text, formatDuration(longest))
	}
	return ""
}

// formatDuration rounds to the second and drops units of zero at the end: "15m".
func formatDuration(length time.Duration) string {
	text := length.Round(time.Second).String()
	if short, isWhole := strings.CutSuffix(text, "m0s"); isWhole {
		text = short + "m"
	}
	if short, isWhole := strings.CutSuffix(text, "h0m"); isWhole {
		text = short + "h"
	}
	return text
}
