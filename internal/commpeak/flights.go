package commpeak

import (
	"context"
	"errors"
	"sync"
	"time"
)

// flight is work that several callers wait for. It ends with the deadline of
// whoever began it, or when nobody waits any more: one who leaves takes nothing
// away from the others.
type flight struct {
	among  *flights
	key    any
	ctx    context.Context
	cancel context.CancelFunc
	// waiting counts the callers; landed: nobody need wait any more.
	waiting int
	landed  bool
	// done is closed when err says how it ended, and late that time ran out.
	done chan struct{}
	err  error
	late bool
}

// flights are those on their way, by what they fetch. The lock is that of their
// owner.
type flights struct {
	mu  *sync.Mutex
	all map[any]*flight
}

// begin starts a flight. The caller holds the lock, and boards before letting go
// of it.
func (s *flights) begin(ctx context.Context, key any, work func(context.Context) error) *flight {
	f := &flight{among: s, key: key, done: make(chan struct{})}
	kept := context.WithoutCancel(ctx)
	if deadline, limited := ctx.Deadline(); limited {
		f.ctx, f.cancel = context.WithDeadline(kept, deadline)
	} else {
		f.ctx, f.cancel = context.WithCancel(kept)
	}
	s.all[key] = f
	go func() {
		f.err = work(f.ctx)
		f.late = isLate(f.ctx, f.err)
		s.mu.Lock()
		f.land()
		s.mu.Unlock()
		close(f.done)
	}()
	return f
}

// land takes the flight off the list. The caller holds the lock.
func (f *flight) land() {
	f.cancel()
	f.landed = true
	if f.among.all[f.key] == f {
		delete(f.among.all, f.key)
	}
}

// wait waits for the flight, of which the caller is one of those waiting, unless
// the caller's context ends before that. Whoever has more time than the flight
// had need not mind that it ran out of time: again.
func (f *flight) wait(ctx context.Context) (again bool, err error) {
	select {
	case <-f.done:
		more := hasMoreTime(ctx, f.ctx)
		if more || !errors.Is(f.ctx.Err(), context.DeadlineExceeded) {
			return f.late && more, f.err
		}
		<-ctx.Done() // Its time is up as well, in this moment.
	case <-ctx.Done():
	}
	f.among.mu.Lock()
	defer f.among.mu.Unlock()
	f.waiting--
	if f.waiting == 0 {
		f.land()
	}
	return false, nil
}

// isLate reports whether it is for want of time that the work failed.
func isLate(ctx context.Context, err error) bool {
	deadline, limited := ctx.Deadline()
	var failed *Error
	return ctx.Err() != nil || errors.Is(err, errNoTime) ||
		limited && errors.As(err, &failed) && failed.RetryAfter != nil && time.Until(deadline) < *failed.RetryAfter
}

// hasMoreTime reports whether one context outlasts another.
func hasMoreTime(ctx, other context.Context) bool {
	limit, limited := other.Deadline()
	deadline, has := ctx.Deadline()
	return limited && (!has || deadline.After(limit))
}
