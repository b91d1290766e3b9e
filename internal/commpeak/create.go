package commpeak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// CreateStream makes a stream and returns it. The call rests on an assumption:
// CommPeak documents none.
//
// The API has no idempotency key, so a create whose answer is lost is not
// blindly repeated. The client looks for the stream that appeared: one made
// since, with the same settings. It adopts exactly one, repeats the
// request when there is none, and stops with [ErrMaybeCreated] when it cannot
// tell.
func (c *Client) CreateStream(ctx context.Context, spec StreamSpec) (Stream, error) {
	if spec.WhatsApp != nil {
		c.secrets.add(spec.WhatsApp.AccessToken)
	}
	begin := time.Now()
	request := call{
		does: fmt.Sprintf("create stream %q", spec.Name), method: http.MethodPost, path: "/streams", body: spec.createBody(),
	}
	schedule := c.schedule()
	for tries := 0; ; tries++ {
		stream, err := send[Stream](ctx, c, request)
		var failed *Error
		switch {
		case err == nil:
			c.made.add(stream.ID)
			return stream, nil
		case !errors.As(err, &failed) || !failed.mayHaveHappened():
			return Stream{}, withoutWrites(err)
		}
		// A service that is slow rather than broken gets time to finish.
		lookErr := sleep(ctx, schedule.NextBackOff())
		var found *Stream
		if lookErr == nil {
			found, lookErr = c.lookForCreated(ctx, spec, begin)
		}
		switch {
		case lookErr != nil:
			return Stream{}, fmt.Errorf("%w: %w; %w", ErrMaybeCreated, err, lookErr)
		case found != nil:
			return *found, nil
		case tries >= c.config.MaxRetries:
			return Stream{}, err
		}
	}
}

// createBody is the spec without what a new stream has anyhow.
func (s StreamSpec) createBody() map[string]any {
	body := s.wire()
	for name, value := range body {
		if value == nil {
			delete(body, name)
		}
	}
	if s.Enabled {
		delete(body, "state")
	}
	return body
}

// withoutWrites names the reason when a collection refuses to be added to.
func withoutWrites(err error) error {
	var failed *Error
	if errors.As(err, &failed) && (failed.Status == http.StatusNotFound || failed.Status == http.StatusMethodNotAllowed) {
		failed.err = ErrWritesNotOffered
	}
	return err
}

// lookForCreated finds the stream that a lost create made; nil when there is
// none. The create began at that moment of this machine's clock.
func (c *Client) lookForCreated(ctx context.Context, spec StreamSpec, begin time.Time) (*Stream, error) {
	var candidates []Stream
	certain := true
	for stream, err := range pages[Stream](ctx, c, "look for the created stream", "/streams") {
		if err != nil {
			return nil, err
		}
		if c.made.has(stream.ID) || len(stream.Differences(spec)) > 0 || c.clock.before(stream.CreatedAt, begin) {
			continue
		}
		candidates = append(candidates, stream)
		certain = certain && stream.CreatedAt != nil
	}
	switch {
	case len(candidates) == 0:
		return nil, nil
	case len(candidates) == 1 && certain && c.made.add(candidates[0].ID):
		return &candidates[0], nil
	}
	ids := make([]string, len(candidates))
	for i, stream := range candidates {
		ids[i] = stream.ID
	}
	return nil, fmt.Errorf("it may be stream %s, which has the same settings", strings.Join(ids, " or "))
}

// made holds the streams that creates of one client answer for, so that no two
// of them adopt the same one.
type made struct{ ids sync.Map }

// add reports whether the stream was nobody's before.
func (m *made) add(streamID string) bool {
	_, taken := m.ids.LoadOrStore(streamID, true)
	return !taken
}

func (m *made) has(streamID string) bool {
	_, taken := m.ids.Load(streamID)
	return taken
}

// clock translates this machine's time to the service's, by the Date header of
// the answers.
type clock struct{ ahead atomic.Int64 }

// precision is what both ends of the comparison are rounded to, together.
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
