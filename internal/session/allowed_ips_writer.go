package session

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// A list of allowed IPs is one field of a stream, without a version: two writers can lose
// each other's change. These are the rules:
//
//   - The writers of one list take turns, also those of other processes on this machine.
//   - Changes that wait for their turn are written together, as one PATCH of the list as
//     it was just read.
//   - The list is read back after each PATCH. If another writer won, the changes are made
//     again, on top of what the other one wrote.
//   - An entry that this run added is not removed by the deletion of another resource that
//     had it too, such as one that was renamed or replaced.

var (
	// ErrAlreadyAllowed is an entry to add that the list contains already.
	ErrAlreadyAllowed = errors.New("it is on the list of allowed IPs already")
	// ErrNotKept is a list that is not as it was written, time after time.
	ErrNotKept = errors.New("the list of allowed IPs does not stay as it was written: " +
		"another program keeps changing it, or CommPeak stores something else")
)

const (
	// batchWindow is how long a writer waits for more changes of the same list. Terraform
	// starts them together, as many as it has workers.
	batchWindow = 100 * time.Millisecond
	// lockWait is how long a writer waits for those of other processes.
	lockWait  = 30 * time.Second
	lockRetry = 20 * time.Millisecond
)

// AddAllowedIP adds an address or prefix to the list of a stream; [ErrAlreadyAllowed] if it
// is there already.
func (s *Session) AddAllowedIP(ctx context.Context, streamID, entry string) error {
	return s.changeAllowedIPs(ctx, streamID, &listChange{add: canonicalIPs(entry), mustBeNew: true})
}

// ReplaceAllowedIPs makes the list of a stream contain these entries only.
func (s *Session) ReplaceAllowedIPs(ctx context.Context, streamID string, entries []string) error {
	return s.changeAllowedIPs(ctx, streamID, &listChange{add: canonicalIPs(entries...), replace: true})
}

// ClearAllowedIPs removes the entries of a deleted resource from the list of a stream,
// except those that this run added. A stream that is gone is not an error.
func (s *Session) ClearAllowedIPs(ctx context.Context, streamID string, entries []string) error {
	err := s.changeAllowedIPs(ctx, streamID, &listChange{remove: canonicalIPs(entries...)})
	if errors.Is(err, commpeak.ErrNotFound) {
		return nil
	}
	return err
}

// RemoveAllowedIP is [Session.ClearAllowedIPs] for one entry.
func (s *Session) RemoveAllowedIP(ctx context.Context, streamID, entry string) error {
	return s.ClearAllowedIPs(ctx, streamID, []string{entry})
}

func canonicalIPs(entries ...string) []string {
	list := make([]string, len(entries))
	for i, entry := range entries {
		list[i] = commpeak.CanonicalIP(entry)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// listChange is what one caller wants of a list.
type listChange struct {
	add, remove []string
	// replace ignores what is on the list; mustBeNew refuses what is there already.
	replace, mustBeNew bool
	// done receives the outcome.
	done chan error
}

// apply returns the list with the change. It does not modify list.
func (c *listChange) apply(list []string, added map[string]bool) []string {
	if c.replace {
		return c.add
	}
	list = slices.Concat(list, c.add)
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(entry string) bool {
		return slices.Contains(c.remove, entry) && !added[entry]
	})
}

// listWriter writes the list of one stream.
type listWriter struct {
	session  *Session
	streamID string
	turn     chan struct{} // It has room for the one whose turn it is.

	mu      sync.Mutex
	waiting []*listChange
	// added are the entries that this run put on the list. Only the one whose turn it is uses them.
	added map[string]bool
}

func (w *listWriter) operation() string { return "change the allowed IPs of stream " + w.streamID }

// changeAllowedIPs waits until the change is made: by this caller when it is its turn, or by
// another one that took it along.
func (s *Session) changeAllowedIPs(ctx context.Context, streamID string, change *listChange) error {
	if !s.IsConfigured() || s.ReadOnly() {
		return s.SetAllowedIPs(ctx, streamID, change.add) // It fails: do not read anything before.
	}
	known, _ := s.allowedIPs.LoadOrStore(streamID, &listWriter{
		session: s, streamID: streamID, turn: make(chan struct{}, 1), added: map[string]bool{},
	})
	w := known.(*listWriter) //nolint:forcetypeassert // The map holds nothing else.
	change.done = make(chan error, 1)
	w.mu.Lock()
	w.waiting = append(w.waiting, change)
	w.mu.Unlock()
	select {
	case err := <-change.done:
		return err
	case w.turn <- struct{}{}:
		w.writeWaiting(ctx)
		<-w.turn
	case <-ctx.Done():
	}
	if w.withdraw(change) {
		failed := commpeak.ContextError(ctx, w.operation())
		failed.Outcome = commpeak.NothingDone
		return failed
	}
	return <-change.done // It is on its way or done: what it did must become known.
}

// withdraw takes back a change that waits. It returns false if the change is on its way.
func (w *listWriter) withdraw(change *listChange) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := len(w.waiting)
	w.waiting = slices.DeleteFunc(w.waiting, func(other *listChange) bool { return other == change })
	return len(w.waiting) < before
}

// writeWaiting makes all changes that wait, which are not only the caller's. If its context
// ends in the meantime, there is time for one more request.
func (w *listWriter) writeWaiting(ctx context.Context) {
	if sleep(ctx, batchWindow) != nil {
		return
	}
	work, cancel := w.session.WithTimeout(context.WithoutCancel(ctx))
	defer cancel()
	grace := cmp.Or(w.session.config.RequestTimeout, commpeak.DefaultRequestTimeout)
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	unlock := w.session.lockList(work, w.streamID)
	defer unlock()
	w.mu.Lock()
	batch := w.waiting
	w.waiting = nil
	w.mu.Unlock()
	w.write(work, batch)
}

// write makes the changes together. If CommPeak rejects the list, each is tried alone, so
// that an invalid entry fails only itself.
func (w *listWriter) write(ctx context.Context, batch []*listChange) {
	if len(batch) == 0 {
		return
	}
	list, err := w.read(ctx, batch)
	if err == nil {
		batch = w.refuseExisting(batch, list)
		list, err = w.writeUntilKept(ctx, batch, list)
	}
	if len(batch) > 1 && isInvalid(err) {
		for _, change := range batch {
			w.write(ctx, []*listChange{change})
		}
		return
	}
	for _, change := range batch {
		switch {
		case errors.Is(err, ErrNotKept) && slices.Equal(change.apply(list, w.added), list):
			w.note(change, w.added) // Changes of others were not kept, but this one was.
			change.done <- nil
		default:
			if err == nil {
				w.note(change, w.added)
			}
			change.done <- err
		}
	}
}

// read reads the list, unless the changes do not depend on it.
func (w *listWriter) read(ctx context.Context, batch []*listChange) ([]string, error) {
	if batch[0].replace {
		return nil, nil
	}
	stream, err := w.session.Stream(ctx, w.streamID)
	return stream.AllowedIPs, err
}

// refuseExisting finishes the changes that must be new and are not. It returns the others.
func (w *listWriter) refuseExisting(batch []*listChange, list []string) []*listChange {
	var fits []*listChange
	for _, change := range batch {
		if change.mustBeNew && slices.Contains(list, change.add[0]) {
			change.done <- fmt.Errorf("allow %s on stream %s: %w", change.add[0], w.streamID, ErrAlreadyAllowed)
			continue
		}
		list = change.apply(list, w.added)
		fits = append(fits, change)
	}
	return fits
}

// writeUntilKept writes the list until it contains the changes when it is read back. It
// returns the list as last read.
func (w *listWriter) writeUntilKept(ctx context.Context, batch []*listChange, list []string) ([]string, error) {
	if len(batch) == 0 {
		return list, nil
	}
	waits := w.session.backoff()
	isRead := !batch[0].replace
	for tries := 0; ; tries++ {
		wanted := w.wanted(batch, list)
		if isRead && slices.Equal(wanted, list) {
			return list, nil
		}
		if tries > w.session.config.MaxRetries {
			return list, fmt.Errorf("%s: %w", w.operation(), ErrNotKept)
		}
		if tries > 0 && sleep(ctx, waits.NextBackOff()) != nil {
			return list, commpeak.ContextError(ctx, w.operation())
		}
		err := w.session.SetAllowedIPs(ctx, w.streamID, wanted)
		lost, is := errors.AsType[*commpeak.Error](err)
		if err != nil && !(is && lost.MaybeApplied() && w.session.waitAfter(ctx, lost, waits) == nil) {
			return list, err
		}
		stream, readErr := w.session.Stream(ctx, w.streamID)
		if readErr != nil {
			return list, err // The answer to the write must do.
		}
		list, isRead = stream.AllowedIPs, true
		if err != nil && !slices.Equal(w.wanted(batch, list), list) {
			return list, err
		}
	}
}

// wanted is the list with the changes.
func (w *listWriter) wanted(batch []*listChange, list []string) []string {
	added := maps.Clone(w.added)
	for _, change := range batch {
		list = change.apply(list, added)
		w.note(change, added)
	}
	return list
}

// note notes what a change adds.
func (w *listWriter) note(change *listChange, added map[string]bool) {
	if change.replace {
		clear(added)
	}
	for _, entry := range change.add {
		added[entry] = true
	}
}

func isInvalid(err error) bool {
	failed, is := errors.AsType[*commpeak.Error](err)
	return is && (failed.Status == http.StatusBadRequest || failed.Status == http.StatusUnprocessableEntity)
}

// lockDir is where the processes of this user take turns.
func lockDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "terraform-provider-commpeak", "locks")
}

// lockList waits for the writers of other processes. It is never an error: a file that cannot
// be locked leaves the read-back as the only protection. The empty files are not removed, because
// another process may be about to lock them.
func (s *Session) lockList(ctx context.Context, streamID string) (unlock func()) {
	if s.lockDir == "" || os.MkdirAll(s.lockDir, 0o700) != nil {
		return func() {}
	}
	name := sha256.Sum256([]byte(s.config.Endpoint + " " + streamID))
	lock := flock.New(filepath.Join(s.lockDir, hex.EncodeToString(name[:])))
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	_, _ = lock.TryLockContext(ctx, lockRetry)
	return func() { _ = lock.Close() }
}
