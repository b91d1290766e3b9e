// Package session holds what one Terraform run shares on top of the API client.
package session

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// Session is the API client of one Terraform run, with what the objects of the
// run share. It is safe for concurrent use.
type Session struct {
	*commpeak.Client

	// OperationTimeout bounds an operation; zero is [DefaultOperationTimeout].
	OperationTimeout time.Duration
	config           commpeak.Config

	writes   writeCounts
	streams  readCaches[commpeak.Stream]
	events   readCaches[commpeak.Event]
	webhooks readCaches[commpeak.Webhook]

	// created are the paths of the objects that this run created.
	created sync.Map
	// creating serializes creates that could be taken for one another.
	creating    keyedMutex
	collections sync.Map
	// allowedIPs are the writers of lists of allowed IPs, by stream.
	allowedIPs sync.Map
	// lockDir is where processes take turns; empty: they do not.
	lockDir string

	// streamUIDs are the UIDs of the streams that this run read or created.
	streamUIDs sync.Map

	senders  once[map[string]string]
	reported sync.Map
}

// New returns a session with a client for the config.
func New(config commpeak.Config) *Session {
	s := &Session{config: config, lockDir: lockDir()}
	if config.Deterministic {
		s.lockDir = ""
	}
	after := config.AfterWrite
	config.AfterWrite = func(path string) {
		s.writes.add(path)
		if after != nil {
			after(path)
		}
	}
	s.init(commpeak.New(config))
	return s
}

// NewUnconfigured returns a session whose every call fails with err before anything
// is sent.
func NewUnconfigured(err error) *Session {
	s := &Session{}
	s.init(commpeak.NewUnconfigured(err))
	return s
}

func (s *Session) init(client *commpeak.Client) {
	s.Client = client
	s.streams.session, s.events.session, s.webhooks.session = s, s, s
}

// backoff returns the waits between attempts that the session makes itself.
func (s *Session) backoff() *backoff.ExponentialBackOff {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval = cmp.Or(s.config.InitialBackoff, waits.InitialInterval)
	if s.config.Deterministic {
		waits.RandomizationFactor = 0
	}
	return waits
}

// waitAfter waits after a lost answer: CommPeak may be slow and not broken, and needs time to finish.
func (s *Session) waitAfter(ctx context.Context, lost *commpeak.Error, waits *backoff.ExponentialBackOff) error {
	wait := waits.NextBackOff()
	if lost.RetryAfter != nil {
		wait = max(wait, *lost.RetryAfter)
	}
	return sleep(ctx, wait)
}

// sleep waits unless the context ends first. A wait that would outlast its deadline is not begun.
func sleep(ctx context.Context, wait time.Duration) error {
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) < wait {
		return context.DeadlineExceeded
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// writeCounts counts the writes of this client by the path of what they wrote. The empty
// path is that of a send, which may have changed any stream.
type writeCounts struct {
	mu     sync.RWMutex
	byPath map[string]int
}

func (w *writeCounts) add(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byPath == nil {
		w.byPath = map[string]int{}
	}
	w.byPath[path]++
}

// count returns how often the object was written, or what it belongs to.
func (w *writeCounts) count(path string) int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	count := w.byPath[path]
	for path != "" {
		path = path[:strings.LastIndex(path, "/")]
		count += w.byPath[path]
	}
	return count
}
