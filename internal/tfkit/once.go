package tfkit

import (
	"context"
	"sync"

	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// Once is what many objects of a plan need to know and only the first asks for,
// whatever comes of it.
type Once[T any] struct {
	begin sync.Once
	done  chan struct{}
	value T
}

// Get returns what is known, and whether the caller was the first, who has asked
// for it. The others wait, but no longer than their contexts last: then it is
// the zero value. Nobody asks for longer than [session.DefaultOperationTimeout].
func (o *Once[T]) Get(ctx context.Context, ask func(context.Context) T) (value T, first bool) {
	o.begin.Do(func() {
		first = true
		o.done = make(chan struct{})
	})
	if first {
		defer close(o.done)
		ctx, cancel := context.WithTimeout(ctx, session.DefaultOperationTimeout)
		defer cancel()
		o.value = ask(ctx)
		return o.value, first
	}
	select {
	case <-o.done:
		return o.value, first
	case <-ctx.Done():
		return value, first
	}
}
