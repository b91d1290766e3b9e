package commpeak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
)

// reach is the outcome of the one request that shows whether the endpoint is right.
type reach struct {
	mu    sync.Mutex
	asked bool
	err   error
}

func (r *reach) once(ask func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.asked {
		r.err, r.asked = ask(), true
	}
	return r.err
}

// noteReach notes that a call has reached the API, and explains a 404 while none
// has: where the endpoint leads to another place of the service, everything is
// answered with that, and must not look gone. The list of streams, which every
// account has, tells; it is asked for once.
func (c *Client) noteReach(ctx context.Context, r call, err error) error {
	var failed *Error
	switch {
	case r.token != "": // It goes to another endpoint.
		return err
	case err == nil:
		c.reached.Store(true)
		return nil
	case c.reached.Load() || !errors.Is(err, ErrNotFound) || !errors.As(err, &failed):
		return err
	}
	if r.method != http.MethodGet || r.path != streamsCall.path {
		listErr := c.reach.once(func() error {
			_, err := page[nothing](ctx, c, streamsCall, 1)
			return err
		})
		var unlisted *Error
		switch {
		case listErr == nil:
			return err
		case !errors.As(listErr, &unlisted):
			return listErr
		case !errors.Is(listErr, ErrNotTheAPI):
			mine := *unlisted // Others have the same error, each of a call of its own.
			return &mine
		}
	}
	failed.err = fmt.Errorf("%w: HTTP 404, even for the list of streams, which every account has", ErrNotTheAPI)
	return err
}

// sendSure is [send] for whoever forgets an object that is not there: this is
// believed when the service says it twice.
func sendSure[T any](ctx context.Context, c *Client, r call) (T, error) {
	result, err := send[T](ctx, c, r)
	if errors.Is(err, ErrNotFound) {
		return send[T](ctx, c, r)
	}
	return result, err
}
