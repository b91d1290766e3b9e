package commpeak

import (
	"context"
	"iter"
)

// SenderApproved is the status of a sender that may be used. Its spelling is
// an assumption: CommPeak does not publish the values.
const SenderApproved = "approved"

var senderStatuses = []string{SenderApproved, "pending", "rejected"}

// Sender is a sender ID of the account.
type Sender struct {
	ID string
	// Name is the label, Value what the recipient sees.
	Name, Value string
	// DailyLimit is the number of messages a day; nil is no limit.
	DailyLimit *int64
	// StreamID is the one stream that may use it; empty is any.
	StreamID string
	Type     string
	Status   string
}

// UnmarshalJSON reads the API's form.
func (s *Sender) UnmarshalJSON(data []byte) error {
	var wire struct {
		ID         flexID     `json:"id"`
		Name       flexString `json:"name"`
		Value      flexString `json:"value"`
		DailyLimit *flexInt   `json:"dailyLimit"`
		Stream     flexID     `json:"stream"`
		SenderType flexString `json:"senderType"`
		Status     flexString `json:"status"`
	}
	if _, err := decodeFields(data, &wire); err != nil {
		return err
	}
	*s = Sender{
		ID: string(wire.ID), Name: string(wire.Name), Value: string(wire.Value),
		DailyLimit: (*int64)(wire.DailyLimit), StreamID: string(wire.Stream),
		Type: string(wire.SenderType), Status: parseEnum(string(wire.Status), senderStatuses),
	}
	return nil
}

// Senders lists the sender IDs of the account.
func (c *Client) Senders(ctx context.Context) iter.Seq2[Sender, error] {
	return pages[Sender](ctx, c, listSenders.call())
}
