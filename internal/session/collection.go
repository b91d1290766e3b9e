package session

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"
	"sync"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// collection is a list of the account as a run sees it: what it contained before the run's
// first create in it, and what the run added.
type collection[T any] struct {
	session *Session
	// candidates formats IDs of objects that could be taken for one another.
	candidates string
	// path is that of the list, parent that of the stream it belongs to.
	path, parent string
	list         func(context.Context) iter.Seq2[T, error]
	describe     func(T) listed
	// isEmpty: this run created the stream, so that nothing was there before.
	isEmpty bool
	first   once[*listing]
	// own are the IDs that this run created or adopted.
	own sync.Map
}

// listed is what is remembered of an object in a list: its ID, and what objects have in
// common that could be taken for one another.
type listed struct{ id, key string }

func (s *Session) streamsCollection() *collection[commpeak.Stream] {
	return collectionOf(s, "", "/streams", "stream %s, with the same name and type", s.Streams, func(stream commpeak.Stream) listed {
		return listed{stream.ID, streamKey(stream.Name, stream.Type)}
	})
}

func (s *Session) eventsCollection(streamID string) *collection[commpeak.Event] {
	list := func(ctx context.Context) iter.Seq2[commpeak.Event, error] { return s.Events(ctx, streamID) }
	return collectionOf(s, streamPath(streamID), "/events", "event %s of stream "+streamID+", with the same key", list, func(event commpeak.Event) listed {
		return listed{event.ID, event.Key}
	})
}

func (s *Session) webhooksCollection(streamID string) *collection[commpeak.Webhook] {
	list := func(ctx context.Context) iter.Seq2[commpeak.Webhook, error] { return s.Webhooks(ctx, streamID) }
	return collectionOf(s, streamPath(streamID), "/webhooks", "webhook %s of stream "+streamID+", with the same URL", list, func(webhook commpeak.Webhook) listed {
		return listed{webhook.ID, webhook.URL}
	})
}

func streamPath(streamID string) string { return "/streams/" + url.PathEscape(streamID) }

func streamKey(name string, streamType commpeak.StreamType) string {
	return string(streamType) + " " + name
}

// collectionOf returns the one collection of a path.
func collectionOf[T any](s *Session, parent, child, candidates string, list func(context.Context) iter.Seq2[T, error], describe func(T) listed) *collection[T] {
	path := parent + child
	known, found := s.collections.Load(path)
	if !found {
		known, _ = s.collections.LoadOrStore(path, &collection[T]{
			session: s, candidates: candidates, path: path, parent: parent, list: list, describe: describe, isEmpty: s.isCreated(parent),
		})
	}
	return known.(*collection[T]) //nolint:forcetypeassert // Each path has one type of objects.
}

// before returns what the collection contained before this run's first create in it.
func (c *collection[T]) before(ctx context.Context) (*listing, error) {
	if c.isEmpty {
		return &listing{}, nil
	}
	// If a plan could not list it, the create tries again.
	before, err := c.first.getOrRetry(ctx, c.session, c.read)
	if errors.Is(err, commpeak.ErrNotOffered) {
		return &listing{}, nil // Whether creates are offered is a different question.
	}
	return before, err
}

// idsOf returns the IDs of the objects with the key when the collection was first listed.
func (c *collection[T]) idsOf(ctx context.Context, key string) ([]string, error) {
	if c.isEmpty {
		return nil, nil
	}
	first, err := c.first.get(ctx, c.session, c.read)
	if err != nil {
		return nil, err
	}
	return first.ids[key], nil
}

// isOwn reports whether this run created or adopted the object.
func (c *collection[T]) isOwn(id string) bool {
	_, isOwn := c.own.Load(id)
	return isOwn
}

// add notes an object that this run created or adopted.
func (c *collection[T]) add(object T) {
	id := c.describe(object).id
	c.own.Store(id, true)
	c.session.created.Store(c.path+"/"+url.PathEscape(id), true)
}

// listing is what a collection contained.
type listing struct {
	highest int64
	// otherIDs are those that are not numbers.
	otherIDs map[string]bool
	// ids are the IDs by key, in the order of the list.
	ids map[string][]string
}

func (c *collection[T]) read(ctx context.Context) (*listing, error) {
	all := &listing{otherIDs: map[string]bool{}, ids: map[string][]string{}}
	for object, err := range c.list(ctx) {
		if err != nil {
			return nil, err
		}
		one := c.describe(object)
		all.ids[one.key] = append(all.ids[one.key], one.id)
		if number, err := strconv.ParseInt(one.id, 10, 64); err == nil {
			all.highest = max(all.highest, number)
		} else {
			all.otherIDs[one.id] = true
		}
	}
	return all, nil
}

// isNew reports whether an object appeared after the list was read.
func (l *listing) isNew(id string) bool {
	if number, err := strconv.ParseInt(id, 10, 64); err == nil {
		return number > l.highest
	}
	return !l.otherIDs[id]
}
