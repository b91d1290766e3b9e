package session

import (
	"context"
	"sync"
)

// keyedMutex lets one caller per key through at a time.
type keyedMutex struct{ held sync.Map }

// Lock waits until the key is free, unless the context ends first.
func (m *keyedMutex) Lock(ctx context.Context, key string) (unlock func(), err error) {
	released := make(chan struct{})
	for {
		other, isHeld := m.held.LoadOrStore(key, released)
		if !isHeld {
			return func() { m.held.Delete(key); close(released) }, nil
		}
		select {
		case <-other.(chan struct{}): //nolint:forcetypeassert // The map holds nothing else.
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
