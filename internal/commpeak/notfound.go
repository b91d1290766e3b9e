package commpeak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/singleflight"
)

// What a 404 of the management API means is shown by a read of something else. The
// first row that fits decides.
//
//	call                            lookup              its answer   meaning
//	any, before a first success     list of streams     404          ErrNotTheAPI: wrong endpoint
//	create of a stream              none                             ErrWritesNotOffered
//	read of a stream                none                             ErrNotFound: the object is gone
//	read of an event or webhook     list of its stream  a failure    that failure
//	                                                    200 or 404   ErrNotFound: it or its stream is gone
//	list or token of a stream       the stream          404          ErrNotFound: the stream is gone
//	                                                    200          ErrNotOffered
//	create in a stream, reset       the stream          404          ErrNotFound: the stream is gone
//	                                                    200          ErrWritesNotOffered
//	update or delete of an object   the object          404          ErrNotFound: the object is gone
//	                                                    200          ErrWritesNotOffered
//
// Any other failure of the lookup is returned instead. A 405 or 501 means, without a
// lookup, that the call is not offered. A 404 to the read of an object is confirmed
// first: see [readObject].
func (c *Client) explainNotFound(ctx context.Context, r call, err error) error {
	var failed *Error
	switch {
	case r.token != "":
		return err // The messaging API has no objects.
	case err == nil:
		c.endpoint.isRight.Store(true)
		return nil
	case !errors.As(err, &failed):
		return err
	}
	if failed.Status == http.StatusMethodNotAllowed || failed.Status == http.StatusNotImplemented {
		return failed.notOffered(r)
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	if wrong := c.endpoint.check(ctx, c, r); wrong != nil {
		if errors.Is(wrong, ErrNotTheAPI) {
			failed.err = fmt.Errorf("%w: HTTP 404, even for the list of streams, which every account has", ErrNotTheAPI)
			return failed
		}
		return withOutcome(wrong, failed.Outcome)
	}
	lookup, exists := lookups[r.operation]
	switch {
	case !exists && r.isWrite():
		return failed.notOffered(r)
	case !exists:
		return err
	}
	_, lookupErr := send[json.RawMessage](ctx, c, lookup.forSameObject(r.args))
	switch {
	case errors.Is(lookupErr, ErrNotFound):
		return err
	case lookupErr != nil:
		return withOutcome(lookupErr, failed.Outcome)
	case strings.HasSuffix(r.path, "}") && !r.isWrite():
		return err
	}
	if !r.isWrite() {
		failed.Detail = "the stream exists, but " + ErrNotOffered.Error()
	}
	return failed.notOffered(r)
}

// forSameObject is the lookup with as many of the arguments as its path takes.
func (o operation) forSameObject(args []string) call {
	lookup := o.call(args[:min(len(args), strings.Count(o.path, "{"))]...)
	if !strings.HasSuffix(o.path, "}") {
		lookup.query = pageQuery(1)
	}
	return lookup
}

// withOutcome gives the failure of a lookup the outcome of the call that it explains.
func withOutcome(err error, outcome Outcome) error {
	if failed, is := errors.AsType[*Error](err); is {
		failed.Outcome = outcome
	}
	return err
}

// notOffered makes the error one of a call that the account's API does not have.
func (e *Error) notOffered(r call) *Error {
	e.err = ErrNotOffered
	if r.isWrite() {
		e.err = ErrWritesNotOffered
	}
	return e
}

// readObject reads an object. A 404 is believed if the API answers it twice, because
// Terraform drops from its state what does not exist.
func readObject[T any](ctx context.Context, c *Client, r call) (T, error) {
	object, err := sendPlain[T](ctx, c, r)
	if errors.Is(err, ErrNotFound) {
		object, err = sendPlain[T](ctx, c, r)
	}
	return object, c.explainNotFound(ctx, r, err)
}

// endpointCheck remembers whether the endpoint leads to the API. A wrong base path
// is answered with a 404 to everything, which must not make every object look gone.
type endpointCheck struct {
	isRight, isWrong atomic.Bool
	group            singleflight.Group
}

// check lists streams, which every account can, unless the outcome is known.
func (e *endpointCheck) check(ctx context.Context, c *Client, r call) error {
	switch {
	case e.isRight.Load():
		return nil
	case e.isWrong.Load(), r.operation == listStreams:
		e.isWrong.Store(true)
		return ErrNotTheAPI
	}
	checked := e.group.DoChan("", func() (any, error) {
		_, err := page[json.RawMessage](context.WithoutCancel(ctx), c, listStreams.call(), 1)
		return nil, err
	})
	select {
	case result := <-checked:
		if failed, is := errors.AsType[*Error](result.Err); is {
			own := *failed // Other callers have the same error.
			return &own
		}
		return result.Err
	case <-ctx.Done():
		return ContextError(ctx, r.describe())
	}
}
