package session

import (
	"context"
	"errors"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// ErrDifferentAccount is a stream that has the ID in the state and a different UID.
var ErrDifferentAccount = errors.New("the account has a different stream with this ID")

// StreamUID returns the UID of a stream. It sends no request if the run has read the stream
// before, because a UID does not change.
func (s *Session) StreamUID(ctx context.Context, streamID string) (string, error) {
	if uid, found := s.streamUIDs.Load(streamID); found {
		return uid.(string), nil //nolint:forcetypeassert // The map holds nothing else.
	}
	stream, err := s.GetStream(ctx, streamID)
	return stream.UID, err
}

// VerifyStream checks before a write that the stream is the one in the state, and not a stream
// with the same ID in a different account: a saved plan or -refresh=false may apply a state that
// this run has not read. An empty uid cannot be checked. A stream that does not exist is left to
// the write.
func (s *Session) VerifyStream(ctx context.Context, streamID, uid string) error {
	if uid == "" || s.ReadOnly() {
		return nil
	}
	current, err := s.StreamUID(ctx, streamID)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		return nil
	case err == nil && current != "" && current != uid:
		return ErrDifferentAccount
	}
	return err
}

// noteUID notes the UID of a stream that was read or created.
func (s *Session) noteUID(stream commpeak.Stream, err error) (commpeak.Stream, error) {
	if err == nil {
		s.streamUIDs.Store(stream.ID, stream.UID)
	}
	return stream, err
}
