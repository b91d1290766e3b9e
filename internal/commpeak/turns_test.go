package commpeak

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var (
			turns   turns
			begin   = time.Now()
			inside  = map[string]int{}
			mu      sync.Mutex
			workers sync.WaitGroup
		)
		for range 5 {
			for _, name := range []string{"a", "b"} {
				workers.Go(func() {
					done, err := turns.take(t.Context(), name)
					if err != nil {
						t.Error(err)
						return
					}
					defer done()
					mu.Lock()
					inside[name]++
					if inside[name] > 1 {
						t.Errorf("%d at a time have the turn of %s", inside[name], name)
					}
					mu.Unlock()
					time.Sleep(time.Second)
					mu.Lock()
					inside[name]--
					mu.Unlock()
				})
			}
		}
		workers.Wait()
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("five turns of a second, for two names side by side, took %s", took)
		}
	})
}

func TestWaitForATurnEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var turns turns
		done, err := turns.take(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := turns.take(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		done()
		if done, err = turns.take(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		done()
	})
}
