package session

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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
//   - Only [Session.ReplaceAllowedIPs] empties the list of a stream that is not restricted. A
//     deletion leaves the last entry; the next addition of this run removes it.

var (
	// ErrAlreadyAllowed returns with an added entry that was on the list before. It stays there.
	ErrAlreadyAllowed = errors.New("it is on the list of allowed IPs already")
	// ErrLastAllowedIP returns with an entry that was left on the list, which would be empty.
	ErrLastAllowedIP = errors.New("it is the last allowed IP, and an empty list would open the stream")
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
// was there already.
func (s *Session) AddAllowedIP(ctx context.Context, streamID, entry string) error {
	return s.changeAllowedIPs(ctx, streamID, &listChange{add: canonicalIPs(entry), reportsExisting: true})
}

// ReplaceAllowedIPs makes the list of a stream contain these entries only.
func (s *Session) ReplaceAllowedIPs(ctx context.Context, streamID string, entries []string) error {
	return s.changeAllowedIPs(ctx, streamID, &listChange{add: canonicalIPs(entries...), replace: true})
}

// RemoveAllowedIP removes an entry from the list of a stream, unless this run added it. If the
// stream would be open without the entry, it stays: [ErrLastAllowedIP]. A stream that is gone is
// not an error.
func (s *Session) RemoveAllowedIP(ctx context.Context, streamID, entry string) error {
	return ignoreNotFound(s.changeAllowedIPs(ctx, streamID, &listChange{remove: canonicalIPs(entry)}))
}

// SwapAllowedIP removes an entry and adds its successor in one write. The successor's creation
// follows, for which the entry is then new.
func (s *Session) SwapAllowedIP(ctx context.Context, streamID, entry, successor string) error {
	return ignoreNotFound(s.changeAllowedIPs(ctx, streamID, &listChange{add: canonicalIPs(successor), remove: canonicalIPs(entry)}))
}

func ignoreNotFound(err error) error {
	if errors.Is(err, commpeak.ErrNotFound) {
		return nil
	}
	return err
}

// listWriter writes the list of one stream.
type listWriter struct {
	session  *Session
	streamID string
	turn     chan struct{} // It has room for the one whose turn it is.

	mu      sync.Mutex
	waiting []*listChange
	// The one whose turn it is uses these.
	marks        listMarks
	isRestricted bool
}

func (w *listWriter) operation() string { return "change the allowed IPs of stream " + w.streamID }

// changeAllowedIPs waits until the change is made: by this caller when it is its turn, or by
// another one that took it along.
func (s *Session) changeAllowedIPs(ctx context.Context, streamID string, change *listChange) error {
	if !s.IsConfigured() || s.ReadOnly() {
		return s.SetAllowedIPs(ctx, streamID, change.add) // It fails: do not read anything before.
	}
	known, _ := s.allowedIPs.LoadOrStore(streamID, &listWriter{
		session: s, streamID: streamID, turn: make(chan struct{}, 1), marks: newListMarks(),
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
		failed.Outcome = commpeak.NotApplied
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
	unlock := w.session.lockFile(work, w.streamID)
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
		w.findExisting(batch, list)
		list, err = w.writeUntilKept(ctx, batch, list)
	}
	if len(batch) > 1 && isInvalid(err) {
		for _, change := range batch {
			w.write(ctx, []*listChange{change})
		}
		return
	}
	// If changes of others were not kept, a change may still have been.
	isKept := func(change *listChange) bool {
		return err == nil || errors.Is(err, ErrNotKept) && slices.Equal(w.wanted([]*listChange{change}, list), list)
	}
	kept := slices.DeleteFunc(slices.Clone(batch), func(change *listChange) bool { return !isKept(change) })
	for _, change := range kept {
		w.marks.apply(change, list, w.isRestricted)
	}
	for _, change := range batch {
		if !slices.Contains(kept, change) {
			change.done <- err
			continue
		}
		change.done <- change.outcome(w.marks)
	}
}

// read reads the list, unless the changes do not depend on it.
func (w *listWriter) read(ctx context.Context, batch []*listChange) ([]string, error) {
	if batch[0].replace {
		return nil, nil
	}
	return w.readNow(ctx)
}

func (w *listWriter) readNow(ctx context.Context) ([]string, error) {
	stream, err := w.session.Stream(ctx, w.streamID)
	w.isRestricted = stream.Restricted != nil && *stream.Restricted
	return stream.AllowedIPs, err
}

// findExisting finds the additions of entries that are on the list before.
func (w *listWriter) findExisting(batch []*listChange, list []string) {
	marks := w.marks.clone()
	for _, change := range batch {
		change.exists = !change.replace && len(change.add) > 0 && slices.Contains(list, change.add[0]) && !marks.isLeft(change.add[0])
		list = marks.apply(change, list, w.isRestricted)
	}
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
		readBack, readErr := w.readNow(ctx)
		if readErr != nil {
			return list, err // The answer to the write must do.
		}
		list, isRead = readBack, true
		if err != nil && !slices.Equal(w.wanted(batch, list), list) {
			return list, err
		}
	}
}

// wanted is the list with the changes.
func (w *listWriter) wanted(batch []*listChange, list []string) []string {
	marks := w.marks.clone()
	for _, change := range batch {
		list = marks.apply(change, list, w.isRestricted)
	}
	return list
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

// lockFile waits for other processes that write the subject. It is never an error: a file that cannot
// be locked leaves the read-back as the only protection. The empty files are not removed, because
// another process may be about to lock them.
func (s *Session) lockFile(ctx context.Context, subject string) (unlock func()) {
	if s.lockDir == "" || os.MkdirAll(s.lockDir, 0o700) != nil {
		return func() {}
	}
	name := sha256.Sum256([]byte(s.config.Endpoint + " " + subject))
	lock := flock.New(filepath.Join(s.lockDir, hex.EncodeToString(name[:])))
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	_, _ = lock.TryLockContext(ctx, lockRetry)
	return func() { _ = lock.Close() }
}
