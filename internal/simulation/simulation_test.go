package simulation_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	hitsFile = flag.String("hits", "", "write how often each fault hit each operation into this `file`")
	duration = flag.Duration("duration", 0, "play out schedules for that long")
)

// TestMain plays out fewer schedules than rapid would, unless told otherwise.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "150"); err != nil {
		panic(err)
	}
	m.Run()
}

// TestSimulation plays out schedules, as many as -rapid.checks says or, with
// -duration, that many again and again. What fails prints the seed that plays it
// out again: -rapid.seed.
func TestSimulation(t *testing.T) {
	t.Parallel()
	started, schedules := time.Now(), 0
	for first := true; first || time.Since(started) < *duration; first = false {
		rapid.Check(t, func(rt *rapid.T) {
			s := drawSchedule(rt)
			if err := play(t, s, build{}); err != nil {
				rt.Log(err.story())
				rt.Fatal(err)
			}
			schedules++
		})
		if t.Failed() {
			break
		}
	}
	t.Logf("%d schedules in %s", schedules, time.Since(started).Round(time.Second))
	if *hitsFile == "" {
		return
	}
	var table bytes.Buffer
	if err := errors.Join(met.printKinds(&table), seen.print(&table)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(*hitsFile, table.Bytes(), 0o600); err != nil {
		t.Error(err)
	}
}
