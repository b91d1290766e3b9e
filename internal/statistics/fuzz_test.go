package statistics

import (
	"testing"
	"time"
)

// FuzzWindow: a window is refused, or reaches back from a second to ten years.
func FuzzWindow(f *testing.F) {
	for _, text := range []string{"24h", "90m", "1s", "999ms", "-1h", "87840h0m0s", "87840h0.1s", "1d", "", "9223372036854775807ns", "1e3s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		window, err := time.ParseDuration(text)
		fault := validateWindow(text)
		if valid := err == nil && window >= time.Second && window <= 3660*24*time.Hour; valid != (fault == "") {
			t.Errorf("%q is %s: %q", text, window, fault)
		}
	})
}
