package session

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// visibleWithin is how long an object that this run created may be reported missing.
const visibleWithin = 10 * time.Second

// untilVisible makes a call for the object, or for what belongs to it. If this run created
// the object, a 404 is not final: the call is repeated for up to ten seconds. Nothing was
// carried out with a 404, so that a write can be repeated as well.
func untilVisible[T any](ctx context.Context, s *Session, path string, call func(context.Context) (T, error)) (T, error) {
	result, err := call(ctx)
	if !isMissing(err) || !s.isCreated(path) {
		return result, err
	}
	waits := s.backoff()
	waits.MaxInterval = visibleWithin / 5
	for end := time.Now().Add(visibleWithin); isMissing(err) && time.Now().Before(end); {
		if sleep(ctx, waits.NextBackOff()) != nil {
			break
		}
		result, err = call(ctx)
	}
	return result, err
}

// isMissing reports whether the answer was a 404, for whatever reason. A write of an object
// that appears a moment after the 404 looks like a write that the API does not offer.
func isMissing(err error) bool {
	failed, is := errors.AsType[*commpeak.Error](err)
	return is && failed.Status == http.StatusNotFound && !errors.Is(err, commpeak.ErrNotTheAPI)
}

func (s *Session) isCreated(path string) bool {
	_, isCreated := s.created.Load(path)
	return isCreated
}

// Stream reads a stream as it is now. See [Session.GetStream] for a refresh.
func (s *Session) Stream(ctx context.Context, streamID string) (commpeak.Stream, error) {
	return s.noteUID(untilVisible(ctx, s, streamPath(streamID), func(ctx context.Context) (commpeak.Stream, error) {
		return s.Client.Stream(ctx, streamID)
	}))
}

// Event reads an event as it is now. See [Session.GetEvent] for a refresh.
func (s *Session) Event(ctx context.Context, streamID, eventID string) (commpeak.Event, error) {
	return untilVisible(ctx, s, streamPath(streamID)+"/events/"+eventID, func(ctx context.Context) (commpeak.Event, error) {
		return s.Client.Event(ctx, streamID, eventID)
	})
}

// Webhook reads a webhook as it is now. See [Session.GetWebhook] for a refresh.
func (s *Session) Webhook(ctx context.Context, streamID, webhookID string) (commpeak.Webhook, error) {
	return untilVisible(ctx, s, streamPath(streamID)+"/webhooks/"+webhookID, func(ctx context.Context) (commpeak.Webhook, error) {
		return s.Client.Webhook(ctx, streamID, webhookID)
	})
}

// StreamToken returns the current token of a stream.
func (s *Session) StreamToken(ctx context.Context, streamID string) (string, error) {
	return untilVisible(ctx, s, streamPath(streamID), func(ctx context.Context) (string, error) {
		return s.Client.StreamToken(ctx, streamID)
	})
}

// LockStreamToken makes resets of a stream's token take turns, also across provider
// configurations on one machine. A deletion resets only the token that it owns: nothing may
// reset the token between its read and its reset.
func (s *Session) LockStreamToken(ctx context.Context, streamID string) (unlock func(), err error) {
	unlockOwn, err := s.creating.Lock(ctx, streamPath(streamID)+"/token")
	if err != nil {
		return nil, commpeak.ContextError(ctx, "reset the token of stream "+streamID)
	}
	unlockOthers := s.lockFile(ctx, streamID+" token")
	return func() { unlockOthers(); unlockOwn() }, nil
}

// ResetStreamToken gives a stream a new token and returns it. It is sent once. If its answer
// was lost and the token is not the one before, the reset was carried out. An empty before
// leaves that open.
func (s *Session) ResetStreamToken(ctx context.Context, streamID, before string) (string, error) {
	token, err := untilVisible(ctx, s, streamPath(streamID), func(ctx context.Context) (string, error) {
		return s.Client.ResetStreamToken(ctx, streamID)
	})
	failed, is := errors.AsType[*commpeak.Error](err)
	if before == "" || !is || !failed.MaybeApplied() || s.waitAfter(ctx, failed, s.backoff()) != nil {
		return token, err
	}
	current, readErr := s.StreamToken(ctx, streamID)
	switch {
	case readErr == nil && current != before:
		return current, nil
	case readErr == nil:
		failed.Outcome = commpeak.NotApplied
	}
	return token, err
}
