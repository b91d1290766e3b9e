package commpeak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// longestBackoff bounds the mean wait between two attempts; the API's own
// Retry-After is not bounded by it, only by what time the operation has left.
const longestBackoff = 30 * time.Second

// retry runs attempt until it succeeds, fails for good, or no retry or time is
// left. A wait that would outlast the operation's deadline is not begun.
func (c *Client) retry(ctx context.Context, r call, attempt func() error) error {
	var last error
	tries := 0
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		last = attempt()
		tries++
		return struct{}{}, c.classify(r, last, tries)
	},
		backoff.WithBackOff(c.schedule()),
		backoff.WithMaxTries(uint(c.config.MaxRetries)+1),
		backoff.WithMaxElapsedTime(timeLeft(ctx)),
		backoff.WithNotify(func(_ error, wait time.Duration) {
			c.log(ctx, "CommPeak API request will be tried again", map[string]any{
				"method": r.method, "path": r.path, "wait_ms": wait.Milliseconds(),
			})
		}),
	)
	if err == nil {
		return nil
	}
	if failed, is := errors.AsType[*Error](last); is && failed.retryable(r) {
		failed.Interrupted = errors.Is(ctx.Err(), context.Canceled)
	}
	return last
}

// schedule is the waits between the attempts of one operation.
func (c *Client) schedule() *backoff.ExponentialBackOff {
	schedule := backoff.NewExponentialBackOff()
	schedule.MaxInterval = longestBackoff
	schedule.Multiplier = 2
	schedule.InitialInterval = c.config.InitialBackoff
	if c.config.Deterministic {
		schedule.RandomizationFactor = 0
	}
	return schedule
}

// errNoTime is a wait that the operation's deadline does not allow.
var errNoTime = errors.New("there is no time left")

// sleep waits unless the operation ends first. A wait that would outlast the
// operation's deadline is not begun.
func sleep(ctx context.Context, wait time.Duration) error {
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) < wait {
		return fmt.Errorf("%w to wait %s", errNoTime, wait.Round(time.Millisecond))
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return contextError(ctx)
	}
}

// classify marks the error of an attempt, counted from 1, as final or worth a
// retry.
func (c *Client) classify(r call, err error, tries int) error {
	if err == nil {
		return nil
	}
	var failed *Error
	if !errors.As(err, &failed) || !failed.retryable(r) {
		return backoff.Permanent(err)
	}
	// Retry-After: 0 falls back to the normal backoff.
	if failed.RetryAfter == nil || *failed.RetryAfter == 0 {
		return err
	}
	wait := *failed.RetryAfter
	if failed.Status == http.StatusTooManyRequests {
		c.pause.set(time.Now().Add(wait))
	}
	return errors.Join(err, &backoff.RetryAfterError{Duration: c.jitter(wait, tries)})
}

// jitter makes a wait longer by up to a tenth, so that workers that wait together do
// not return together. Later attempts get less jitter: a request that was refused
// before is sent first.
func (c *Client) jitter(wait time.Duration, tries int) time.Duration {
	if c.config.Deterministic {
		return wait
	}
	most := wait / 10 >> (2 * (tries - 1))
	return wait + rand.N(most+time.Millisecond) //nolint:gosec // jitter, not secrecy.
}

// timeLeft is the operation's remaining time; zero is no limit.
func timeLeft(ctx context.Context) time.Duration {
	deadline, limited := ctx.Deadline()
	if !limited {
		return 0
	}
	return max(time.Until(deadline), time.Nanosecond)
}

// pause is the time until which no worker sends.
type pause struct {
	mu  sync.Mutex
	end time.Time
}

func (p *pause) set(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.After(p.end) {
		p.end = t
	}
}

func (p *pause) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.end)
}

// waitForSlot waits until the call may be sent: past the shared pause, and within
// the client's own rate. A wait past the operation's deadline is not begun.
func (c *Client) waitForSlot(ctx context.Context, r call) error {
	for {
		if left := c.pause.left(); left > 0 {
			if err := sleep(ctx, c.jitter(left, 1)); err != nil {
				return &Error{Operation: r.describe(), err: fmt.Errorf("CommPeak asks all callers to pause: %w", err)}
			}
		}
		if err := c.limiter.Wait(ctx); err != nil {
			err = fmt.Errorf("%w to wait for the rate limit of the client", errNoTime)
			if ctx.Err() != nil {
				err = contextError(ctx)
			}
			return &Error{Operation: r.describe(), err: err}
		}
		// A pause may have begun in the meantime.
		if c.pause.left() <= 0 {
			return nil
		}
	}
}

// longestRetryAfter is the maximum wait that is taken from an answer.
const longestRetryAfter = 24 * time.Hour

// retryAfter reads the Retry-After header in both its forms, seconds and HTTP
// date. Nil: the answer has none that can be read.
func retryAfter(header http.Header, now time.Time) *time.Duration {
	text := header.Get("Retry-After")
	var wait time.Duration
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = max(date.Sub(now), 0)
	} else {
		return nil
	}
	return new(min(wait, longestRetryAfter))
}
