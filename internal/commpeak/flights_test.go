package commpeak

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A flight that nobody waits for is forgotten at once, and does not take its
// successor along when it ends.
func TestFlightsFollowOneAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all := flights{&sync.Mutex{}, map[any]*flight{}}
		board := func(lasts time.Duration) *flight {
			all.mu.Lock()
			defer all.mu.Unlock()
			f := all.begin(t.Context(), 1, func(context.Context) error { time.Sleep(lasts); return nil })
			f.waiting++
			return f
		}
		first := board(time.Minute)
		gone, leave := context.WithCancel(t.Context())
		leave()
		if again, err := first.wait(gone); again || err != nil || first.ctx.Err() == nil {
			t.Errorf("who leaves gets %t, %v", again, err)
		}
		second := board(2 * time.Minute)
		time.Sleep(time.Minute)
		synctest.Wait()
		all.mu.Lock()
		if all.all[1] != second || !first.landed || second.landed {
			t.Error("the second flight ended with the first")
		}
		all.mu.Unlock()
		if again, err := second.wait(t.Context()); again || err != nil || len(all.all) > 0 {
			t.Errorf("who waits gets %t, %v", again, err)
		}
	})
}

func TestHasMoreTime(t *testing.T) {
	t.Parallel()
	ever := t.Context()
	soon, cancelSoon := context.WithTimeout(ever, time.Hour)
	defer cancelSoon()
	later, cancelLater := context.WithTimeout(ever, 2*time.Hour)
	defer cancelLater()
	for name, test := range map[string]struct {
		ctx, other context.Context
		want       bool
	}{
		"no limit, no limit": {ever, ever, false}, "no limit, a limit": {ever, soon, true}, "a limit, no limit": {soon, ever, false},
		"later": {later, soon, true}, "sooner": {soon, later, false}, "alike": {soon, soon, false},
	} {
		if got := hasMoreTime(test.ctx, test.other); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// What one object shows of a list, others do not disprove.
func TestShapeStaysLesser(t *testing.T) {
	t.Parallel()
	s := shape{fields: []string{"a", "b"}}
	for _, fields := range [][]string{{"a"}, {"a", "b"}} {
		s.compare(fields)
		if !s.whole || s.lesser {
			t.Errorf("%q: %+v", fields, s)
		}
	}
	for _, fields := range [][]string{{"a", "c"}, {"a"}} {
		s.compare(fields)
		if s.whole || !s.lesser {
			t.Errorf("%q: %+v", fields, s)
		}
	}
}
