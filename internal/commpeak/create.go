package commpeak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// CreateStream makes a stream and returns it. The call rests on an assumption:
// CommPeak documents none.
//
// The API has no idempotency key, so a create whose answer is lost is not
// blindly repeated. The client looks for the stream that appeared: one made
// since, with the same settings. It adopts exactly one, repeats the request
// when there is none, and stops with [ErrMaybeCreated] when it cannot tell.
func (c *Client) CreateStream(ctx context.Context, spec StreamSpec) (Stream, error) {
	request, err := c.createStreamCall(spec)
	if err != nil {
		return Stream{}, err
	}
	// Side by side, two creates of one name could take each other's stream for
	// their own.
	done, err := c.turns.take(ctx, "create stream "+spec.Name)
	if err != nil {
		return Stream{}, &Error{Operation: request.does, err: err}
	}
	defer done()
	begin := time.Now()
	stream, err := createOnce(ctx, c, request, func(ctx context.Context) (*Stream, error) {
		return c.lookForCreated(ctx, spec, begin)
	})
	if err != nil {
		return Stream{}, withoutWrites(err)
	}
	c.KnowStream(stream.ID)
	c.created(streamCall(stream.ID))
	return stream, nil
}

// createOnce sends a create of which a second one would make a second object.
// When its answer is lost, find looks for what was made: createOnce returns
// what it finds, sends again when there is nothing, and stops with
// [ErrMaybeCreated] when find cannot tell.
func createOnce[T any](ctx context.Context, c *Client, request call, find func(context.Context) (*T, error)) (T, error) {
	var none T
	schedule := c.schedule()
	for tries := 0; ; tries++ {
		made, err := send[T](ctx, c, request)
		var failed *Error
		switch {
		case err == nil:
			return made, nil
		case !errors.As(err, &failed) || !failed.MaybeApplied():
			return none, err
		}
		// A service that is slow rather than broken gets time to finish.
		wait := schedule.NextBackOff()
		if failed.RetryAfter != nil {
			wait = max(wait, *failed.RetryAfter)
		}
		lookErr := sleep(ctx, wait)
		var found *T
		if lookErr == nil {
			found, lookErr = find(ctx)
		}
		switch {
		case lookErr != nil:
			return none, &MaybeCreatedError{Lost: err, Why: lookErr}
		case found != nil:
			return *found, nil
		case failed.lasts() || tries >= c.config.MaxRetries:
			failed.Outcome = NothingDone
			return none, err
		}
	}
}

// lookForCreated finds the stream that a lost create made; nil when there is
// none. The create began at that moment of this machine's clock.
func (c *Client) lookForCreated(ctx context.Context, spec StreamSpec, begin time.Time) (*Stream, error) {
	var candidates []Stream
	certain := true
	list := streamsCall
	list.does = "look for the created stream"
	for stream, err := range pages[Stream](ctx, c, list) {
		if err != nil {
			return nil, err
		}
		_, known := c.knownStreams.Load(stream.ID)
		if known || stream.Name != spec.Name || stream.Type != spec.Type || c.clock.before(stream.CreatedAt, begin) {
			continue
		}
		candidates = append(candidates, stream)
		certain = certain && stream.CreatedAt != nil && len(stream.Differences(spec)) == 0
	}
	switch {
	case len(candidates) == 0:
		return nil, nil
	case len(candidates) == 1 && certain:
		return &candidates[0], nil
	}
	ids := make([]string, len(candidates))
	for i, stream := range candidates {
		ids[i] = stream.ID
	}
	return nil, fmt.Errorf("it may be stream %s, of the same name and type", strings.Join(ids, " or "))
}

// clock translates this machine's time to the service's, by the Date header of
// the answers.
type clock struct{ ahead atomic.Int64 }

// precision is what both ends of a comparison are rounded to, together.
const precision = 2 * time.Second

func (k *clock) learn(header http.Header) {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		k.ahead.Store(int64(time.Until(date)))
	}
}

// before reports whether a time of the service's lies surely before a time of
// this machine's. A time that was not reported does not.
func (k *clock) before(reported *time.Time, local time.Time) bool {
	return reported != nil && reported.Before(local.Add(time.Duration(k.ahead.Load())-precision))
}
