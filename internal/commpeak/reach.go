package commpeak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

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
		_, listErr := surveyOnce(ctx, c, "reach", func() ([]nothing, error) { return page[nothing](ctx, c, streamsCall, 1) })
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
