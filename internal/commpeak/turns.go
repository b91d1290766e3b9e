package commpeak

import (
	"context"
	"sync"
)

// turns lets the callers that name the same thing through one at a time.
type turns struct{ taken sync.Map }

// take waits for the caller's turn, unless its context ends first. Whoever gets
// it must call done.
func (t *turns) take(ctx context.Context, name string) (done func(), err error) {
	mine := make(chan struct{})
	for {
		holders, taken := t.taken.LoadOrStore(name, mine)
		if !taken {
			return func() { t.taken.Delete(name); close(mine) }, nil
		}
		select {
		case <-holders.(chan struct{}): //nolint:forcetypeassert // the map holds nothing else.
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
