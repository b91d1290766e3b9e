package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// The reads of one refresh share the pages of lists. These are the rules:
//
//   - A page may be read for each object that is wanted, and one more for each of
//     them that a page has answered; two more once there are [manyAnswers]. Pages are
//     read in order, several at a time once the first page was full.
//   - Otherwise the object is read alone.
//   - An object that this client has written, or a stream that it has sent through, is
//     never answered from a page, only from a GET that began after the write. The same
//     holds for what belongs to a written stream.
//   - A list that returns fewer fields than the client reads is used only after one
//     GET of an object of the same type returned no more.
//
// If few of m objects wanted are on the pages read, about m pages are read and m objects
// alone: twice as many requests as one for each object. If many are, the pages soon
// answer all others: the requests are the pages of the list, those read in vain at its
// end, and a few objects that were wanted at the beginning.

// manyAnswers is how many objects the pages must have answered before it is likely that
// all pages are needed. With fewer, the requests are never more than two for each object.
const manyAnswers = 10

// pagesAhead is how many pages are read at the same time as the next page. At most
// that many requests are wasted at the end of a list.
const pagesAhead = 4

// A cache is dropped if it was not used for cacheIdle, and in any case after cacheAge:
// a process may outlive a refresh (terraform test, -debug), and a later plan must not
// show old values. One refresh never pauses that long between two reads.
const (
	cacheIdle = 30 * time.Second
	cacheAge  = 10 * time.Minute
)

// GetStream reads a stream as part of a refresh, which reads many. Use
// [Session.Stream] to see changes that others made in the meantime. The result is
// shared and must not be changed.
func (s *Session) GetStream(ctx context.Context, streamID string) (commpeak.Stream, error) {
	return s.noteUID(s.streams.forList("/streams", source[commpeak.Stream]{
		page: s.StreamsPage, object: s.Stream,
		operation: func(streamID string) string { return "read stream " + streamID },
		id:        func(stream commpeak.Stream) string { return stream.ID },
		kind:      func(stream commpeak.Stream) kind { return kind{string(stream.Type), stream.ReturnedFields()} },
	}).get(ctx, streamID))
}

// GetEvent reads an event as part of a refresh. See [Session.GetStream].
func (s *Session) GetEvent(ctx context.Context, streamID, eventID string) (commpeak.Event, error) {
	return s.events.forList("/streams/"+url.PathEscape(streamID)+"/events", source[commpeak.Event]{
		page: func(ctx context.Context, number int) ([]commpeak.Event, error) {
			return s.EventsPage(ctx, streamID, number)
		},
		object: func(ctx context.Context, eventID string) (commpeak.Event, error) {
			return s.Event(ctx, streamID, eventID)
		},
		operation: func(eventID string) string { return "read event " + eventID + " of stream " + streamID },
		id:        func(event commpeak.Event) string { return event.ID },
		kind:      func(event commpeak.Event) kind { return kind{"", event.ReturnedFields()} },
	}).get(ctx, eventID)
}

// GetWebhook reads a webhook as part of a refresh. See [Session.GetStream].
func (s *Session) GetWebhook(ctx context.Context, streamID, webhookID string) (commpeak.Webhook, error) {
	return s.webhooks.forList("/streams/"+url.PathEscape(streamID)+"/webhooks", source[commpeak.Webhook]{
		page: func(ctx context.Context, number int) ([]commpeak.Webhook, error) {
			return s.WebhooksPage(ctx, streamID, number)
		},
		object: func(ctx context.Context, webhookID string) (commpeak.Webhook, error) {
			return s.Webhook(ctx, streamID, webhookID)
		},
		operation: func(webhookID string) string { return "read webhook " + webhookID + " of stream " + streamID },
		id:        func(webhook commpeak.Webhook) string { return webhook.ID },
		kind:      func(webhook commpeak.Webhook) kind { return kind{"", webhook.ReturnedFields()} },
	}).get(ctx, webhookID)
}

// source is how the objects of one list are read.
type source[T any] struct {
	page   func(ctx context.Context, number int) ([]T, error)
	object func(ctx context.Context, id string) (T, error)
	// operation names the read of one object in messages.
	operation func(id string) string
	id        func(T) string
	kind      func(T) kind
}

// kind is what lists may treat differently: the type of an object, and which of its
// fields a list returned.
type kind struct {
	objectType string
	fields     commpeak.Fields
}

// readCaches are the caches of all lists of one kind of object, by path.
type readCaches[T any] struct {
	session *Session
	mu      sync.Mutex
	byPath  map[string]*readCache[T]
}

// forList returns the cache of a list, a new one if the last one is too old.
func (c *readCaches[T]) forList(path string, from source[T]) *readCache[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	cache := c.byPath[path]
	if cache == nil || now.Sub(cache.used) > cacheIdle || now.Sub(cache.created) > cacheAge {
		cache = &readCache[T]{
			session: c.session, path: path, source: from, created: now,
			cached: map[string]cached[T]{}, wanted: map[string]bool{}, pages: map[int]bool{}, last: math.MaxInt, complete: map[kind]bool{},
		}
		if c.byPath == nil {
			c.byPath = map[string]*readCache[T]{}
		}
		c.byPath[path] = cache
	}
	cache.used = now
	return cache
}

// readCache is what one refresh has read of one list.
type readCache[T any] struct {
	session *Session
	path    string
	source[T]
	created, used time.Time // Guarded by readCaches.mu.

	flights singleflight.Group
	mu      sync.Mutex
	cached  map[string]cached[T]
	// wanted are the objects that were read; true: a page has answered. answered counts those.
	wanted   map[string]bool
	answered int
	// pages are those requested; true: on its way. Pages after the last one are of no use.
	pages map[int]bool
	last  int
	// isFull: the first page was full.
	isFull bool
	// complete are the kinds of which a GET was compared with the list; false: it returned more.
	complete map[kind]bool
}

// cached is an object as a page returned it, or a GET of the object alone that began after
// so many writes.
type cached[T any] struct {
	object  T
	alone   bool
	written int
}

// get returns the cached object, or waits for requests until it is cached or read.
func (c *readCache[T]) get(ctx context.Context, id string) (T, error) {
	if c.session.config.DisableReadCache {
		return c.object(ctx, id)
	}
	path := c.path + "/" + url.PathEscape(id)
	for ctx.Err() == nil {
		object, isCached, request := c.next(ctx, id, path)
		if isCached {
			return object, nil
		}
		select {
		case <-ctx.Done():
		case result := <-request:
			if object, isAlone := result.Val.(T); result.Err != nil || isAlone && c.id(object) == id {
				return object, result.Err
			}
		}
	}
	var none T
	return none, commpeak.ContextError(ctx, c.operation(id))
}

// next returns the object if it is cached. Otherwise it starts or joins the request that
// may answer. It does not wait.
func (c *readCache[T]) next(ctx context.Context, id, path string) (object T, isCached bool, request <-chan singleflight.Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	written := c.session.writes.count(path)
	known, found := c.cached[id]
	if written > 0 && (!found || known.written < written) {
		return object, false, c.readAlone(ctx, id, written)
	}
	if _, isCounted := c.wanted[id]; !isCounted {
		c.wanted[id] = false
	}
	if !found {
		if page := c.startPages(ctx); page != 0 {
			return object, false, c.readPage(ctx, page)
		}
		return object, false, c.readAlone(ctx, id, written)
	}
	kind := c.kind(known.object)
	isComplete, isCompared := c.complete[kind]
	switch {
	case known.alone:
		return known.object, true, nil
	case isComplete, kind.fields.AreAll():
		if !c.wanted[id] {
			c.wanted[id] = true
			c.answered++
		}
		return known.object, true, nil
	case isCompared:
		c.last = 0 // The list is of no use.
		return object, false, c.readAlone(ctx, id, written)
	}
	return object, false, c.compare(ctx, id, kind)
}

// startPages starts as many pages as the rules allow. It returns the first page that is
// on its way; 0 if there is none.
func (c *readCache[T]) startPages(ctx context.Context) (first int) {
	parallel := 1
	if c.isFull {
		parallel += pagesAhead
	}
	for page := 1; page <= c.last && parallel > 0; page++ {
		isReading, isRequested := c.pages[page]
		if !isRequested && len(c.pages) < c.affordable() {
			c.readPage(ctx, page)
			c.pages[page], isReading = true, true
		}
		if isReading {
			parallel--
			first = cmp.Or(first, page)
		}
		if !isReading && !isRequested {
			break
		}
	}
	return first
}

// affordable is how many pages may be read so far. The caller holds the lock.
func (c *readCache[T]) affordable() int {
	pages := len(c.wanted) + c.answered
	if c.answered >= manyAnswers {
		pages += c.answered
	}
	return pages
}

// readPage starts or joins the request of a page. The caller holds the lock.
func (c *readCache[T]) readPage(ctx context.Context, number int) <-chan singleflight.Result {
	return c.start(ctx, "page "+strconv.Itoa(number), func(ctx context.Context) (any, error) {
		objects, err := c.page(ctx, number)
		c.mu.Lock()
		defer c.mu.Unlock()
		switch {
		case isRefused(err): // The objects may be readable all the same.
			c.last = min(c.last, number-1)
			return nil, nil
		case err != nil:
			delete(c.pages, number)
			return nil, err
		}
		c.pages[number] = false
		before := len(c.cached)
		for _, object := range objects {
			if id := c.id(object); !c.cached[id].alone {
				c.cached[id] = cached[T]{object: object}
			}
		}
		c.isFull = c.isFull || len(objects) == commpeak.PageSize
		if len(objects) < commpeak.PageSize || len(c.cached) == before {
			c.last = min(c.last, number)
		}
		return nil, nil
	})
}

// readAlone starts or joins the request of one object. It does not join a request that was
// started before a write. The caller holds the lock.
func (c *readCache[T]) readAlone(ctx context.Context, id string, written int) <-chan singleflight.Result {
	return c.start(ctx, fmt.Sprintf("object %s after %d writes", id, written), func(ctx context.Context) (any, error) {
		object, err := c.object(ctx, id)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.cached[id] = cached[T]{object, true, written}
		return object, nil
	})
}

// compare starts or joins the GET that shows whether the list returns all fields of a kind.
// The caller holds the lock.
func (c *readCache[T]) compare(ctx context.Context, id string, kind kind) <-chan singleflight.Result {
	return c.start(ctx, fmt.Sprintf("kind %v", kind), func(ctx context.Context) (any, error) {
		object, err := c.object(ctx, id)
		c.mu.Lock()
		defer c.mu.Unlock()
		if err != nil {
			delete(c.cached, id) // The failure concerns only this object, which is read again.
			return nil, nil
		}
		c.cached[id] = cached[T]{object: object, alone: true}
		c.complete[kind] = kind.fields.Contain(c.kind(object).fields)
		return object, nil
	})
}

// start starts or joins a request. A caller that leaves does not affect the others.
func (c *readCache[T]) start(ctx context.Context, key string, read func(context.Context) (any, error)) <-chan singleflight.Result {
	return c.flights.DoChan(key, func() (any, error) {
		ctx, cancel := c.session.WithTimeout(context.WithoutCancel(ctx))
		defer cancel()
		return read(ctx)
	})
}

// isRefused reports whether a list was answered, but not with a page: an API that does not offer the list, for example.
func isRefused(err error) bool {
	failed, is := errors.AsType[*commpeak.Error](err)
	return is && failed.Status != http.StatusTooManyRequests && (failed.Status != 0 || errors.Is(err, commpeak.ErrNotTheAPI))
}
