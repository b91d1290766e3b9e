package commpeak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// explainNowhere explains a 404 while no call has reached the API yet: where the
// endpoint leads to another place of the service, everything is answered with
// that, and must not look gone. The list of streams, which every account has,
// tells; it is asked for once.
func (c *Client) explainNowhere(ctx context.Context, r call, err error) error {
	var failed *Error
	if r.token != "" || c.reached.Load() || !errors.Is(err, ErrNotFound) || !errors.As(err, &failed) {
		return err
	}
	if r.method != http.MethodGet || r.path != streamsCall.path {
		_, listErr := surveyOnce(ctx, c, "reach", func() ([]nothing, error) { return page[nothing](ctx, c, streamsCall, 1) })
		switch {
		case listErr == nil:
			return err
		case !errors.Is(listErr, ErrNotTheAPI):
			return listErr
		}
	}
	failed.err = fmt.Errorf("%w: HTTP 404, even for the list of streams, which every account has", ErrNotTheAPI)
	return err
}
