package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// The API has no idempotency key, so a create whose answer was lost is not repeated
// blindly. These are the rules:
//
//   - Before its first create in a collection, a run lists the collection once.
//   - After a lost answer, the collection is listed again. New objects are those with a
//     higher ID than all in the first list; of IDs that are not numbers, those that it
//     does not contain. Nothing is compared with a clock.
//   - New objects that this run created or adopted do not count. One new object that
//     could be meant, with exactly the same settings, is adopted. If there is none, the
//     create is repeated. Otherwise an error names the candidates.
//   - Creates of objects that could be taken for one another run one after the other.

// CreateStream creates a stream and returns it. Streams of the same name and type could be
// taken for one another.
func (s *Session) CreateStream(ctx context.Context, spec commpeak.StreamSpec) (commpeak.Stream, error) {
	spec.KeepSecrets(s.Client) // The list may fail before they are sent.
	return s.noteUID(createOrFind(ctx, s, creation[commpeak.Stream]{
		collection: s.streamsCollection(), key: streamKey(spec.Name, spec.Type),
		operation: fmt.Sprintf("create stream %q", spec.Name),
		create:    func(ctx context.Context) (commpeak.Stream, error) { return s.Client.CreateStream(ctx, spec) },
		isSame:    func(stream commpeak.Stream) bool { return len(stream.Differences(spec)) == 0 },
	}))
}

// CreateEvent creates an event and returns it. The key of an event is unique in its stream.
func (s *Session) CreateEvent(ctx context.Context, streamID string, spec commpeak.EventSpec) (commpeak.Event, error) {
	return createOrFind(ctx, s, creation[commpeak.Event]{
		collection: s.eventsCollection(streamID), key: spec.Key,
		operation: fmt.Sprintf("create event %q of stream %s", spec.Key, streamID),
		create: func(ctx context.Context) (commpeak.Event, error) {
			return s.Client.CreateEvent(ctx, streamID, spec)
		},
		isSame: func(event commpeak.Event) bool { return event.EventSpec == spec },
	})
}

// CreateWebhook creates a webhook and returns it. Webhooks of the same URL could be taken
// for one another.
func (s *Session) CreateWebhook(ctx context.Context, streamID string, spec commpeak.WebhookSpec) (commpeak.Webhook, error) {
	spec.KeepSecrets(s.Client) // The list may fail before they are sent.
	return createOrFind(ctx, s, creation[commpeak.Webhook]{
		collection: s.webhooksCollection(streamID), key: spec.URL,
		operation: "create a webhook of stream " + streamID,
		create: func(ctx context.Context) (commpeak.Webhook, error) {
			return s.Client.CreateWebhook(ctx, streamID, spec)
		},
		isSame: func(webhook commpeak.Webhook) bool { return len(webhook.Differences(spec)) == 0 },
	})
}

// creation is one object to create.
type creation[T any] struct {
	collection *collection[T]
	// key is what objects have in common that could be taken for one another.
	key       string
	operation string
	create    func(context.Context) (T, error)
	// isSame reports whether an object has the settings of the one to create.
	isSame func(T) bool
}

// createOrFind creates the object. If the answer is lost, it finds what was created, or
// tries again.
func createOrFind[T any](ctx context.Context, s *Session, want creation[T]) (T, error) {
	if s.ReadOnly() {
		return want.create(ctx) // It fails: do not list anything before.
	}
	unlock, err := s.creating.Lock(ctx, want.collection.path+" "+want.key)
	if err != nil {
		var none T
		return none, commpeak.ContextError(ctx, want.operation)
	}
	defer unlock()
	before, err := want.collection.before(ctx)
	if err != nil {
		var none T
		if failed, is := errors.AsType[*commpeak.Error](err); is {
			own := *failed // Other creates have the same error.
			own.Outcome = commpeak.NotApplied
			return none, &own
		}
		return none, err
	}
	waits := s.backoff()
	wasLost := false
	for tries := 0; ; tries++ {
		created, err := untilVisible(ctx, s, want.collection.parent, want.create)
		failed, is := errors.AsType[*commpeak.Error](err)
		switch {
		case err == nil:
			want.collection.add(created)
			return created, nil
		case wasLost && isRejected(err):
			// The lost request may have been slower than the list: what it created may be in the way.
			if found, findErr := want.find(ctx, before); findErr == nil && found != nil {
				want.collection.add(*found)
				return *found, nil
			}
			return created, err
		case !is || !failed.MaybeApplied():
			return created, err
		}
		wasLost = true
		var found *T
		findErr := s.waitAfter(ctx, failed, waits)
		if findErr == nil {
			found, findErr = want.find(ctx, before)
		}
		switch {
		case findErr != nil:
			return created, &commpeak.MaybeCreatedError{Lost: err, Why: findErr}
		case found != nil:
			want.collection.add(*found)
			return *found, nil
		case tries >= s.config.MaxRetries || errors.Is(err, commpeak.ErrNotTheAPI):
			failed.Outcome = commpeak.NotApplied
			return created, err
		}
	}
}

// isRejected reports whether the request was understood and not carried out.
func isRejected(err error) bool {
	failed, is := errors.AsType[*commpeak.Error](err)
	return is && (failed.Status == http.StatusUnprocessableEntity || failed.Status == http.StatusConflict)
}

// find returns the object that a lost create made; nil if there is none.
func (want creation[T]) find(ctx context.Context, before *listing) (*T, error) {
	var candidates []T
	var ids []string
	for object, err := range want.collection.list(ctx) {
		if err != nil {
			return nil, err
		}
		if one := want.collection.describe(object); one.key == want.key && before.isNew(one.id) && !want.collection.isOwn(one.id) {
			candidates, ids = append(candidates, object), append(ids, one.id)
		}
	}
	switch {
	case len(candidates) == 0:
		return nil, nil
	case len(candidates) == 1 && want.isSame(candidates[0]):
		return &candidates[0], nil
	}
	return nil, fmt.Errorf("it may be "+want.collection.candidates, strings.Join(ids, " or "))
}
