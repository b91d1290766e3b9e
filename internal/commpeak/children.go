package commpeak

import (
	"context"
	"errors"
	"iter"
	"net/http"
)

// explainUnlisted explains why what hangs on a stream, a list or its token, was
// not found: a stream that is gone and an API without that call may both answer
// 404, and the second must not make every object look gone. It costs a read, on
// that answer alone.
func (c *Client) explainUnlisted(ctx context.Context, streamID string, err error) error {
	var failed *Error
	if !errors.Is(err, ErrNotFound) || !errors.As(err, &failed) {
		return err
	}
	_, readErr := c.Stream(ctx, streamID)
	switch {
	case errors.Is(readErr, ErrNotFound):
		return err
	case readErr != nil:
		return readErr
	}
	failed.err = ErrNotOffered
	failed.Detail = "the stream exists, but " + ErrNotOffered.Error()
	return failed
}

// explainUnfound explains why one of those in the list was not found: it is
// gone, and the stream perhaps with it, unless the list tells of another reason.
func explainUnfound[T any](list iter.Seq2[T, error], err error) error {
	for _, listErr := range list {
		if listErr != nil && !errors.Is(listErr, ErrNotFound) {
			return listErr
		}
		break
	}
	return err
}

// explainMissing explains why a write to an object failed: one that is gone and
// an API that offers no writes may both answer 404. Reading the object tells
// them apart; it is read on that answer alone.
func explainMissing(err error, read func() error) error {
	if errors.Is(err, ErrNotFound) {
		readErr := read()
		switch {
		case errors.Is(readErr, ErrNotFound):
			return err
		case readErr != nil:
			return readErr
		}
	}
	return withoutWrites(err)
}

// withoutWrites names the reason when a write is answered with 405, or with a
// 404 that cannot mean an object.
func withoutWrites(err error) error {
	var failed *Error
	if errors.As(err, &failed) && (failed.Status == http.StatusMethodNotAllowed || errors.Is(failed, ErrNotFound)) {
		failed.err = ErrWritesNotOffered
	}
	return err
}
