package tfkit_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// One asks, and all know; who cannot wait that long goes without.
func TestOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var (
			once  tfkit.Once[string]
			asked int
		)
		ask := func(context.Context) string {
			asked++
			time.Sleep(time.Minute)
			return "known"
		}
		go func() {
			if value, first := once.Get(t.Context(), ask); value != "known" || !first {
				t.Errorf("the first got %q, %t", value, first)
			}
		}()
		synctest.Wait()
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if value, first := once.Get(hasty, ask); value != "" || first {
			t.Errorf("one in haste got %q, %t", value, first)
		}
		if value, first := once.Get(t.Context(), ask); value != "known" || first || asked != 1 {
			t.Errorf("another got %q, %t, after asking %d times", value, first, asked)
		}
	})
}
