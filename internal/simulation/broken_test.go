package simulation_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestBrokenBuilds shows that the simulation sees what it is there to see: each
// of these builds has one defect, and breaks the invariant that is named.
func TestBrokenBuilds(t *testing.T) {
	t.Parallel()
	for name, defect := range map[string]struct {
		build build
		words string
		// hint makes what brings the defect to light more likely.
		hint run
	}{
		"creates are repeated blindly":     {build{transport: through(repeatsCreates)}, "orphan or duplicate", during("lost after", "create")},
		"a delete is forgotten":            {build{transport: through(forgetsDeletes)}, "orphan or duplicate", run{}},
		"a token is reset twice":           {build{transport: through(resetsTwice)}, "token resets", run{}},
		"foreign IPs are dropped":          {build{transport: through(dropsForeignIPs)}, "foreign IP", before("add foreign ip")},
		"changes are not made":             {build{transport: through(forgetsChanges)}, "no convergence", run{}},
		"nothing is refreshed":             {build{server: behind(func(s *server) { s.blind = true })}, "the store is not the state", before("describe stream")},
		"what was planned is not kept":     {build{server: behind(func(s *server) { s.forgetful = true })}, "not as planned", run{}},
		"the plan holds a secret":          {build{server: behind(func(s *server) { s.tellsPlan = true })}, "secret: the plan", run{}},
		"the state holds a secret":         {build{server: behind(func(s *server) { s.tells = true })}, "secret: the state", run{}},
		"the log holds a secret":           {build{transport: through(logsKey)}, "secret: the log", run{}},
		"it panics where there is trouble": {build{server: behind(func(s *server) { s.panics = true })}, "panic", during("422", "create")},
		"a foreign stream is deleted":      {build{transport: through(deletesForeign)}, "is gone", before("add foreign stream")},
		"a foreign stream is changed":      {build{transport: through(changesForeign)}, "foreign stream 101 changed", before("add foreign stream")},
		"a change needs two applies":       {build{transport: forgetsOnce}, "one apply was not enough", before("describe stream")},
		"a list is opened in passing":      {build{transport: through(opensLists)}, "an allow list was opened", run{}},
		"a refresh writes":                 {build{transport: through(writesInRefresh)}, "a write: the refresh", run{}},
		"a destroyed token stays":          {build{transport: through(keepsToken)}, "was destroyed and lives", run{}},
		"an error shows a secret":          {build{server: behind(func(s *server) { s.tellsErrors = true })}, "secret: a diagnostic", during("422", "")},
		"a destroyed object stays":         {build{server: behind(func(s *server) { s.undestroyed = true })}, "is there after its destruction", run{}},
		"the final plan differs":           {build{server: behind(func(s *server) { s.fickle = true })}, "the final plan", run{}},
		"it cannot be configured":          {build{server: behind(func(s *server) { s.unready = true })}, "configure:", run{}},
		"a goroutine is left":              {build{transport: through(leavesGoroutine)}, "a goroutine is left", during("lost before", "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			demandCaught(t, defect.build, defect.words, defect.hint)
		})
	}
}

func during(fault, verb string) run {
	return run{Strikes: []strike{{Fault: fault, Verb: verb, Times: 1}}}
}

func before(what string) run { return run{Edits: []edit{{What: what}}} }

// demandCaught demands that one of the first schedules finds the defect, and
// finds nothing without it.
func demandCaught(t *testing.T, b build, words string, hint run) {
	t.Helper()
	const most = 400
	schedules := rapid.Custom(drawSchedule)
	for seed := range most {
		s := schedules.Example(seed)
		s.hint(hint)
		err := play(t, s, b)
		if err == nil || !strings.Contains(err.Error(), words) {
			continue
		}
		t.Logf("schedule %d: %.200s", seed, err)
		if err := play(t, s, build{}); err != nil {
			t.Errorf("the defect is not in the build: %s", err)
		}
		return
	}
	t.Errorf("%d schedules do not find it", most)
}

// hint adds to every run that tells no lie.
func (s schedule) hint(more run) {
	for _, round := range s.Rounds {
		for i := range round.Runs {
			r := &round.Runs[i]
			r.Edits = slices.Concat(r.Edits, more.Edits)
			if !slices.ContainsFunc(r.Strikes, func(s strike) bool { return s.Fault == notThere }) {
				r.Strikes = slices.Concat(more.Strikes, r.Strikes)
			}
		}
	}
}
