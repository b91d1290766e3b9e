package commpeak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// RefreshStream reads a stream as [Client.Stream] does, for a caller that reads
// many: the reads of one refresh share what they are told, the pages of the list
// above all. What that costs at most is said at type chart.
//
// What is returned was asked for after every write of this client to the stream
// that has ended, and within this refresh. Only [Client.Stream] can tell that
// nobody else has changed the stream since. Others are given the same: it must
// not be changed.
func (c *Client) RefreshStream(ctx context.Context, streamID string) (Stream, error) {
	return c.streamReads.read(ctx, streamID, collection{list: streamsCall, object: streamCall})
}

// RefreshEvent reads an event as [Client.Event] does, sharing the list of the
// stream's events with other reads: see [Client.RefreshStream].
func (c *Client) RefreshEvent(ctx context.Context, streamID, eventID string) (Event, error) {
	return c.eventReads.read(ctx, eventID, collection{
		list:    eventsCall(streamID),
		object:  func(eventID string) call { return eventCall(http.MethodGet, "read", streamID, eventID, nil) },
		explain: func(ctx context.Context, err error) error { return explainUnfound(c.Events(ctx, streamID), err) },
	})
}

// RefreshWebhook reads a webhook as [Client.Webhook] does, sharing the list of
// the stream's webhooks with other reads: see [Client.RefreshStream].
func (c *Client) RefreshWebhook(ctx context.Context, streamID, webhookID string) (Webhook, error) {
	return c.webhookReads.read(ctx, webhookID, collection{
		list:    webhooksCall(streamID),
		object:  func(webhookID string) call { return webhookCall("read", http.MethodGet, streamID, webhookID) },
		explain: func(ctx context.Context, err error) error { return explainUnfound(c.Webhooks(ctx, streamID), err) },
		tell:    c.webhookIDs.see,
	})
}

// A refresh is over when nobody has read for that long, or at the latest.
const (
	refreshIdles = 30 * time.Second
	refreshLasts = 10 * time.Minute
)

// collection is a list, and how its objects are asked for.
type collection struct {
	list   call
	object func(id string) call
	// explain explains why an object was not found, where the list itself does
	// not; tell is told of the ids of all objects. Both may be nil.
	explain func(context.Context, error) error
	tell    func(id string)
}

// sharing is how reads of objects of one kind answer one another.
type sharing[T any] struct {
	client *Client
	// fields are those that an object of that kind may have.
	fields []string

	mu sync.Mutex
	// current is the refresh of each list, by its path.
	current map[string]*refresh[T]
	// shapes are those of the objects in lists.
	shapes map[string]*shape
}

func newSharing[T any](c *Client, fields []string) *sharing[T] {
	return &sharing[T]{client: c, fields: fields, current: map[string]*refresh[T]{}, shapes: map[string]*shape{}}
}

// refresh is one refresh of a list: what was told in its course.
type refresh[T any] struct {
	*sharing[T]
	collection
	began, used time.Time
	chart       chart
	flights     flights
	known       map[string]answered[T]
	// unlisted: the list is refused, or tells less than a GET.
	unlisted bool
}

// answered is an object as it was told, asked for at that moment of the client's
// writes: by a page, in that shape, or by a GET, without one.
type answered[T any] struct {
	object T
	moment int64
	shape  *shape
}

// read returns the object. It takes from others what they are told, and asks
// for what is missing, until there is an answer that will do.
func (s *sharing[T]) read(ctx context.Context, id string, from collection) (T, error) {
	request := from.object(id)
	path, err := request.escapedPath()
	if err != nil || s.client.config.SingleReads {
		alone, err := s.get(ctx, id, from)
		return alone.object, err
	}
	r := s.join(path[:strings.LastIndex(path, "/")], from)
	var none T
	for ctx.Err() == nil {
		known, flight, mine := r.step(ctx, id, path)
		if known != nil {
			return *known, nil
		}
		if again, err := flight.wait(ctx); err != nil && mine && !again {
			return none, err
		}
	}
	return none, &Error{Operation: request.does, err: fmt.Errorf("the operation ended before the answer came: %w", context.Cause(ctx))}
}

// join returns the refresh of the list, a new one when the last is over.
func (s *sharing[T]) join(path string, from collection) *refresh[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	r, found := s.current[path]
	if !found || now.Sub(r.used) > refreshIdles || now.Sub(r.began) > refreshLasts {
		r = &refresh[T]{
			sharing: s, collection: from, began: now,
			chart: newChart(), flights: flights{&s.mu, map[any]*flight{}}, known: map[string]answered[T]{},
		}
		s.current[path] = r
	}
	r.used = now
	return r
}

// step returns the object where an answer is known that will do, else a flight to
// wait for, which is mine where it fetches the object, and not only what others
// wait for.
func (r *refresh[T]) step(ctx context.Context, id, path string) (object *T, f *flight, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() {
		if f != nil {
			f.waiting++
		}
	}()
	r.chart.want(id)
	if known, told := r.known[id]; told && !r.client.writes.since(known.moment, path) {
		return r.believe(ctx, id, known)
	}
	page := r.chart.place(id)
	onItsWay, flies := r.flights.all[page]
	switch {
	case r.unlisted || page == 0:
		return nil, r.single(ctx, id), true
	case flies:
		return nil, onItsWay, true
	case r.chart.affords(page):
		r.chart.ask(page)
		return nil, r.flights.begin(ctx, page, func(ctx context.Context) error { return r.fetchPage(ctx, page) }), true
	}
	// Another page may tell of it, or of others, which pays for one more.
	for key, other := range r.flights.all {
		if _, isPage := key.(int); isPage {
			return nil, other, false
		}
	}
	return nil, r.single(ctx, id), true
}

// believe returns the object as it was told, if that is all there is to tell.
func (r *refresh[T]) believe(ctx context.Context, id string, known answered[T]) (object *T, f *flight, mine bool) {
	shape := known.shape
	switch {
	case shape == nil:
		return &known.object, nil, false
	case shape.lesser:
		r.unlisted = true
		return nil, r.single(ctx, id), true
	case shape.whole:
		r.chart.find(id)
		return &known.object, nil, false
	case shape.trial == nil || shape.trial.landed:
		shape.trial = r.single(ctx, id)
		return nil, shape.trial, true
	}
	return nil, shape.trial, false
}

// single is the flight that fetches the object alone.
func (r *refresh[T]) single(ctx context.Context, id string) *flight {
	if f, flies := r.flights.all[id]; flies {
		return f
	}
	return r.flights.begin(ctx, id, func(ctx context.Context) error { return r.fetch(ctx, id) })
}

// fetch asks for the object alone.
func (r *refresh[T]) fetch(ctx context.Context, id string) error {
	moment := r.client.writes.moment()
	from := r.collection
	if r.isListed() {
		from.explain = nil
	}
	got, err := r.get(ctx, id, from)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if shape := r.known[id].shape; shape != nil {
		shape.compare(r.relevant(got.fields))
	}
	r.known[id] = answered[T]{got.object, moment, nil}
	return nil
}

func (s *sharing[T]) get(ctx context.Context, id string, from collection) (told[T], error) {
	got, err := sendSure[told[T]](ctx, s.client, from.object(id))
	if errors.Is(err, ErrNotFound) && from.explain != nil {
		err = from.explain(ctx, err)
	}
	if err == nil && from.tell != nil {
		from.tell(got.id)
	}
	return got, err
}

// isListed reports whether the list was told.
func (r *refresh[T]) isListed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.chart.end != 0 || r.chart.last != 0
}

// fetchPage asks for a page. A list that is refused is no fault of the reads.
func (r *refresh[T]) fetchPage(ctx context.Context, number int) error {
	moment := r.client.writes.moment()
	objects, err := page[told[T]](ctx, r.client, r.list, number)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.chart.lose(number)
		if isRefusal(err) {
			r.unlisted = true
			return nil
		}
		return err
	}
	ids := make([]string, len(objects))
	for i, one := range objects {
		ids[i] = one.id
		if r.tell != nil {
			r.tell(one.id)
		}
		r.known[one.id] = answered[T]{one.object, moment, r.shapeOf(one)}
	}
	r.chart.see(number, ids)
	return nil
}

// isRefusal reports whether a request was answered, but not with what was asked
// for: a list that is not offered, say, or that is broken.
func isRefusal(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Status != http.StatusTooManyRequests && (failed.Status != 0 || errors.Is(err, ErrNotTheAPI))
}
