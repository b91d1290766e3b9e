package session

import (
	"context"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// once keeps the outcome of a request that many objects of a run need. A caller that leaves
// does not affect the others.
type once[T any] struct {
	flights singleflight.Group
	mu      sync.Mutex
	isDone  bool
	value   T
	err     error
}

// get asks once, whatever the outcome.
func (o *once[T]) get(ctx context.Context, s *Session, ask func(context.Context) (T, error)) (T, error) {
	return o.wait(ctx, s, ask, func() bool { return o.isDone })
}

// getOrRetry asks again if asking has failed before.
func (o *once[T]) getOrRetry(ctx context.Context, s *Session, ask func(context.Context) (T, error)) (T, error) {
	return o.wait(ctx, s, ask, func() bool { return o.isDone && o.err == nil })
}

func (o *once[T]) wait(ctx context.Context, s *Session, ask func(context.Context) (T, error), isUsable func() bool) (T, error) {
	var none T
	o.mu.Lock()
	if isUsable() {
		defer o.mu.Unlock()
		return o.value, o.err
	}
	request := o.flights.DoChan("", func() (any, error) {
		ctx, cancel := s.WithTimeout(context.WithoutCancel(ctx))
		defer cancel()
		value, err := ask(ctx)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.isDone, o.value, o.err = true, value, err
		return value, err
	})
	o.mu.Unlock()
	select {
	case result := <-request:
		if result.Err != nil {
			return none, result.Err
		}
		return result.Val.(T), nil //nolint:forcetypeassert // The request returns nothing else.
	case <-ctx.Done():
		return none, commpeak.ContextError(ctx, "wait for a list")
	}
}
