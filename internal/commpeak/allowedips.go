package commpeak

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var (
	// ErrAlreadyAllowed is an entry to add that the list has already.
	ErrAlreadyAllowed = errors.New("it is on the list of allowed IPs already")
	// ErrNotKept is a list that the service reports otherwise than it was
	// written, time after time.
	ErrNotKept = errors.New("the list of allowed IPs does not stay as it was written: " +
		"somebody else keeps changing it, or the service stores something else")
)

// CanonicalIP writes an address or prefix in the one way that the lists of this
// package have: a prefix of one address is that address, and IPv4 inside IPv6
// is IPv4. What is neither stays as it is.
func CanonicalIP(entry string) string { return canonicalIP(entry) }

// AddAllowedIP puts an address or prefix on a stream's list, beside what is
// there; [ErrAlreadyAllowed] when it is there already, [ErrNotFound] when there
// is no such stream. Like every write of a list it takes its turn with others
// of the same stream, and goes out with those that wait together. The call
// rests on an assumption: CommPeak documents none.
//
// The service has no version or ETag of a list. What another program puts on it
// between this client's read and write, a round trip apart, is lost. What
// another program overwrites of this client's is found by reading back, or
// before the client's next write, and written again; only what happens after
// the client's last look at the list stays unnoticed until the next read. The
// first change of a list that comes alone takes the service's answer to it for
// that last look; every other is followed by a read.
func (c *Client) AddAllowedIP(ctx context.Context, streamID, entry string) error {
	added := []string{canonicalIP(entry)}
	return c.changeAllowedIPs(ctx, streamID, &ipChange{
		check: func(list []string) error {
			if slices.Contains(list, added[0]) {
				return fmt.Errorf("allow %s on stream %s: %w", added[0], streamID, ErrAlreadyAllowed)
			}
			return nil
		},
		apply: func(list []string) []string { return joinIPs(list, added) },
	})
}

// RemoveAllowedIP takes an address or prefix off a stream's list, and nothing
// else. An entry or a stream that is gone already is no error. See
// [Client.AddAllowedIP] for the company that it keeps.
func (c *Client) RemoveAllowedIP(ctx context.Context, streamID, entry string) error {
	removed := canonicalIP(entry)
	err := c.changeAllowedIPs(ctx, streamID, &ipChange{
		apply: func(list []string) []string {
			return slices.DeleteFunc(slices.Clone(list), func(entry string) bool { return entry == removed })
		},
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// SetAllowedIPs makes a stream's list hold these addresses and prefixes and
// nothing else; none at all is no list. When nobody else changes the list in
// the meantime it is one request. See [Client.AddAllowedIP] for the company
// that it keeps.
func (c *Client) SetAllowedIPs(ctx context.Context, streamID string, entries []string) error {
	list := parseIPList(strings.Join(entries, ","))
	return c.changeAllowedIPs(ctx, streamID, &ipChange{
		apply: func([]string) []string { return list },
		whole: true,
	})
}

// ipChange is what one caller wants of a list.
type ipChange struct {
	// check refuses a change that does not fit the list as it was read; nil
	// fits any.
	check func(list []string) error
	// apply returns the list with the change. Made twice, it changes nothing
	// more; it keeps its hands off the list that it is given.
	apply func(list []string) []string
	// whole: the list before is of no account.
	whole bool

	ctx context.Context
	// Under the writer's lock: the change is being written, or its caller has
	// left before that.
	begun, left bool
	// done is closed when err says how it ended.
	done chan struct{}
	err  error
}

func (change *ipChange) finish(err error) {
	change.err = err
	close(change.done)
}

// changeAllowedIPs hands the change to the stream's writer and waits for it,
// unless the caller's context ends before the change is on its way.
func (c *Client) changeAllowedIPs(ctx context.Context, streamID string, change *ipChange) error {
	does := "change the allowed IPs of stream " + streamID
	switch {
	case c.unready != nil:
		return c.unready
	case c.config.ReadOnly:
		return &Error{Operation: does, err: ErrReadOnly}
	}
	change.ctx, change.done = ctx, make(chan struct{})
	writer, _ := c.ipWriters.LoadOrStore(streamID, &ipWriter{client: c, streamID: streamID, does: does})
	w := writer.(*ipWriter) //nolint:forcetypeassert // the map holds nothing else.
	w.join(change)
	select {
	case <-change.done:
		return change.err
	case <-ctx.Done():
	}
	unfinished := &Error{Operation: does, Outcome: NothingDone, err: fmt.Errorf("the operation ended before its turn: %w", ended(ctx))}
	if w.withdraw(change) {
		return unfinished
	}
	// Like any write on its way it is waited for: what it did must become known.
	select {
	case <-change.done:
		return change.err
	case <-time.After(c.config.RequestTimeout):
		unfinished.Sent, unfinished.Outcome = true, MaybeDone
		unfinished.err = fmt.Errorf("the operation ended before the answer came: %w", ended(ctx))
		return unfinished
	}
}

// Terraform starts the changes of one list together, as many as it has workers.
const (
	// joinFor is how long the writer of a list lingers for others to join a
	// change.
	joinFor = 50 * time.Millisecond
	// joinAtMost is how long it lingers while they keep coming.
	joinAtMost = 4 * joinFor
)

// ipWriter writes the list of one stream, for all callers of a client.
type ipWriter struct {
	client   *Client
	streamID string
	does     string

	mu      sync.Mutex
	waiting []*ipChange
	working bool

	// Of the working goroutine alone: what this client put on the list, and how
	// many changes of the list it began.
	ours    []string
	changes int
}

// join adds a change to those that wait, and sees that somebody works on them.
func (w *ipWriter) join(change *ipChange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = append(w.waiting, change)
	if !w.working {
		w.working = true
		go w.work()
	}
}

// withdraw takes back a change whose caller leaves; false: it is too late.
func (w *ipWriter) withdraw(change *ipChange) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	change.left = !change.begun
	return change.left
}

// work writes what waits, one batch after the other, until nothing does.
func (w *ipWriter) work() {
	for {
		w.linger()
		batch := w.next()
		if batch == nil {
			return
		}
		w.write(batch)
	}
}

// linger gives further changes a moment to join those that wait, and more when
// some came late in that moment.
func (w *ipWriter) linger() {
	const half = joinFor / 2
	time.Sleep(half)
	for joined, waited := w.joined(), half; waited < joinAtMost; waited += half {
		time.Sleep(half)
		before := joined
		if joined = w.joined(); joined == before {
			return
		}
	}
}

func (w *ipWriter) joined() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.waiting)
}

// next returns the changes that wait, nil when there are none.
func (w *ipWriter) next() []*ipChange {
	w.mu.Lock()
	defer w.mu.Unlock()
	batch := slices.DeleteFunc(w.waiting, func(change *ipChange) bool { return change.left })
	w.waiting = nil
	w.working = len(batch) > 0
	if !w.working {
		return nil
	}
	return batch
}

// write makes a batch of changes together.
func (w *ipWriter) write(batch []*ipChange) {
	ctx, end := together(batch)
	defer end()
	var list []string
	known := len(batch) > 1 || !batch[0].whole
	if known {
		var err error
		if list, err = w.read(ctx); err != nil {
			finishAll(batch, err)
			return
		}
	}
	batch = w.begin(batch, list)
	if len(batch) == 0 {
		return
	}
	list, err := w.settle(ctx, batch, list, known)
	if err != nil && !errors.Is(err, ErrNotKept) {
		finishAll(batch, err)
		return
	}
	w.ours = changed(w.ours, batch)
	if err == nil {
		finishAll(batch, nil)
		return
	}
	w.ours = slices.DeleteFunc(slices.Clone(w.ours), func(entry string) bool { return !slices.Contains(list, entry) })
	for _, change := range batch {
		if slices.Equal(change.apply(list), list) {
			change.finish(nil) // Others' changes were not kept, but this one was.
		} else {
			change.finish(err)
		}
	}
}

// begin finishes the changes that do not fit the list, and returns the others,
// from which no caller can withdraw any more.
func (w *ipWriter) begin(batch []*ipChange, list []string) []*ipChange {
	w.mu.Lock()
	defer w.mu.Unlock()
	var begun []*ipChange
	for _, change := range batch {
		if change.left {
			continue
		}
		if change.check != nil {
			if err := change.check(list); err != nil {
				change.finish(err)
				continue
			}
		}
		list = change.apply(list)
		change.begun = true
		begun = append(begun, change)
	}
	w.changes += len(begun)
	return begun
}

// settle writes the list until it is seen that the changes are made and all is
// there that this client put on it. It returns the list as last seen, with
// [ErrNotKept] when that does not come about.
func (w *ipWriter) settle(ctx context.Context, batch []*ipChange, list []string, known bool) ([]string, error) {
	settled := func(list []string) bool { return slices.Equal(w.wanted(batch, list), list) }
	schedule := w.client.schedule()
	var failure error
	for tries := 0; !known || !settled(list); tries++ {
		if tries > w.client.config.MaxRetries {
			return list, cmp.Or(failure, error(&Error{Operation: w.does, Sent: true, err: ErrNotKept}))
		}
		answered, err := w.patch(ctx, w.wanted(batch, list))
		if err != nil && !awaitOutcome(ctx, err, schedule.NextBackOff()) {
			return nil, err
		}
		made := err == nil && answered.reported && settled(answered.list)
		if made && w.changes == 1 {
			return answered.list, nil
		}
		seen, readErr := w.read(ctx)
		switch {
		case readErr != nil && made:
			return answered.list, nil // The answer must do.
		case readErr != nil:
			return nil, cmp.Or(err, readErr)
		case lasts(err) && !settled(seen):
			return nil, err
		}
		list, known, failure = seen, true, err
	}
	return list, nil
}

// awaitOutcome reports whether a write that failed may have been carried out
// all the same, and gives a service that is slow rather than broken time to
// finish.
func awaitOutcome(ctx context.Context, err error, wait time.Duration) bool {
	var failed *Error
	if !errors.As(err, &failed) || !failed.MaybeApplied() {
		return false
	}
	if failed.RetryAfter != nil {
		wait = max(wait, *failed.RetryAfter)
	}
	return sleep(ctx, wait) == nil
}

func lasts(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.lasts()
}

// wanted is the list with the changes, and with what this client put on it.
func (w *ipWriter) wanted(batch []*ipChange, list []string) []string {
	return joinIPs(changed(list, batch), changed(w.ours, batch))
}

// changed is the list with all changes of the batch.
func changed(list []string, batch []*ipChange) []string {
	for _, change := range batch {
		list = change.apply(list)
	}
	return list
}

// joinIPs returns what is on either list, sorted.
func joinIPs(one, other []string) []string {
	list := slices.Concat(one, other)
	slices.Sort(list)
	return slices.Compact(list)
}

func finishAll(batch []*ipChange, err error) {
	for _, change := range batch {
		change.finish(err)
	}
}

// read asks the service: a list to write must not come from anywhere else. Where
// there is no such stream, an entry to remove is taken for gone.
func (w *ipWriter) read(ctx context.Context) ([]string, error) {
	stream, err := sendSure[Stream](ctx, w.client, streamCall(w.streamID))
	return stream.AllowedIPs, err
}

func (w *ipWriter) patch(ctx context.Context, list []string) (answeredIPs, error) {
	answered, err := send[answeredIPs](ctx, w.client, call{
		does: w.does, method: http.MethodPatch, path: "/streams/{id}", args: []string{w.streamID},
		body: map[string]any{"ipAcl": nullable(strings.Join(list, ", "))},
	})
	return answered, w.client.explainMissingStream(ctx, w.streamID, err)
}

// answeredIPs is the list in the answer to a write, where the answer has one.
type answeredIPs struct {
	list     []string
	reported bool
}

// UnmarshalJSON reads the list out of a stream.
func (a *answeredIPs) UnmarshalJSON(data []byte) error {
	var body struct {
		IPACL json.RawMessage `json:"ipAcl"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	a.reported = body.IPACL != nil
	if !a.reported {
		return nil
	}
	return (*ipList)(&a.list).UnmarshalJSON(body.IPACL)
}

// together is a context that lasts as long as any of the callers' does. end
// must be called.
func together(batch []*ipChange) (ctx context.Context, end func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(batch[0].ctx))
	ends := []func(){func() { cancel(nil) }}
	var last time.Time
	limited := true
	var waiting atomic.Int64
	waiting.Store(int64(len(batch)))
	for _, change := range batch {
		stop := context.AfterFunc(change.ctx, func() {
			if waiting.Add(-1) == 0 {
				cancel(context.Cause(change.ctx))
			}
		})
		ends = append(ends, func() { stop() })
		deadline, has := change.ctx.Deadline()
		limited = limited && has
		if deadline.After(last) {
			last = deadline
		}
	}
	if limited {
		var cancelDeadline func()
		ctx, cancelDeadline = context.WithDeadline(ctx, last)
		ends = append(ends, cancelDeadline)
	}
	return ctx, func() {
		for _, end := range ends {
			end()
		}
	}
}
