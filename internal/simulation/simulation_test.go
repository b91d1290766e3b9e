package simulation_test

import (
	"os"
	"testing"

	"pgregory.net/rapid"
)

// TestSimulation plays out schedules: -rapid.checks says how many.
func TestSimulation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSchedule(rt)
		if err := play(t, s, build{}); err != nil {
			rt.Fatal(err)
		}
	})
	if testing.Verbose() {
		if err := seen.print(os.Stdout); err != nil {
			t.Error(err)
		}
	}
}
