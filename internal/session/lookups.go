package session

import (
	"context"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// The lookups of a plan answer from one list per collection, whatever its outcome. They
// depend on the account only, not on what Terraform has read or planned before. Creates
// compare with the same list, so that a run that does both reads it once.

// StreamsLike returns the IDs of the streams that have the name and type.
func (s *Session) StreamsLike(ctx context.Context, name string, streamType commpeak.StreamType) ([]string, error) {
	return s.streamsCollection().idsOf(ctx, streamKey(name, streamType))
}

// WebhooksWithURL returns the IDs of the webhooks of a stream that have the URL.
func (s *Session) WebhooksWithURL(ctx context.Context, streamID, url string) ([]string, error) {
	return s.webhooksCollection(streamID).idsOf(ctx, url)
}

// EventsWithKey returns the IDs of the events of a stream that have the key: at most one.
func (s *Session) EventsWithKey(ctx context.Context, streamID, key string) ([]string, error) {
	return s.eventsCollection(streamID).idsOf(ctx, key)
}

// SenderStatuses returns the status of every sender value of the account. If several
// senders share a value, an approved one counts. The map is shared and must not be changed.
func (s *Session) SenderStatuses(ctx context.Context) (map[string]string, error) {
	return s.senders.get(ctx, s, func(ctx context.Context) (map[string]string, error) {
		statuses := map[string]string{}
		for sender, err := range s.Senders(ctx) {
			if err != nil {
				return nil, err
			}
			if statuses[sender.Value] != commpeak.SenderApproved {
				statuses[sender.Value] = sender.Status
			}
		}
		return statuses, nil
	})
}

// ReportOnce reports whether the caller is the first one with this topic: a failure that
// concerns the whole account is reported once, not for each object.
func (s *Session) ReportOnce(topic string) bool {
	_, isReported := s.reported.LoadOrStore(topic, true)
	return !isReported
}
