package commpeak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// MessageStatus is what became of a message.
type MessageStatus string

// The statuses of messages. Others come as the service spells them.
const (
	MessageSent        MessageStatus = "sent"
	MessageDelivered   MessageStatus = "delivered"
	MessageSentFailed  MessageStatus = "sent_failed"
	MessageUndelivered MessageStatus = "undelivered"
	MessageNoRoutes    MessageStatus = "no_routes"
	MessageRejected    MessageStatus = "rejected"
)

// MessageStatuses are the statuses that CommPeak documents.
var MessageStatuses = []MessageStatus{
	MessageSent, MessageDelivered, MessageSentFailed, MessageUndelivered, MessageNoRoutes, MessageRejected,
}

// MessageFilter chooses messages that were sent. What is zero does not choose.
type MessageFilter struct {
	StreamID string
	Status   MessageStatus
	// Recipient is a number in international digits, without a plus sign.
	Recipient string
	// From and To bound the time of sending and belong to it, to the second.
	From, To time.Time
}

func (f MessageFilter) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"streamId": f.StreamID, "status": string(f.Status), "phone": f.Recipient,
		"startDate": wireTime(f.From), "endDate": wireTime(f.To),
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// wireTime writes a moment as the API takes it; empty for the zero one.
func wireTime(moment time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.UTC().Format(time.DateTime)
}

// Message is a message that a stream sent.
type Message struct {
	UUID string
	// StreamID may be empty: not every version of the API reports it.
	StreamID            string
	Status              MessageStatus
	SentAt, DeliveredAt *time.Time
	Sender, Recipient   string
	Channel, Text       string
}

// UnmarshalJSON reads the API's form.
func (m *Message) UnmarshalJSON(data []byte) error {
	var wire struct {
		UUID        text    `json:"message_uuid"`
		StreamID    id      `json:"stream_id"`
		Status      text    `json:"status"`
		SentAt      *moment `json:"sent_at"`
		DeliveredAt *moment `json:"delivered_at"`
		Source      text    `json:"source_name"`
		Destination text    `json:"destination_number"`
		Channel     text    `json:"channel"`
		Content     struct {
			Text text `json:"text"`
		} `json:"content"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*m = Message{
		UUID: string(wire.UUID), StreamID: string(wire.StreamID),
		Status: canonical(string(wire.Status), MessageStatuses),
		SentAt: wire.SentAt.time(), DeliveredAt: wire.DeliveredAt.time(),
		Sender: string(wire.Source), Recipient: string(wire.Destination),
		Channel: string(wire.Channel), Text: string(wire.Content.Text),
	}
	return nil
}

// messagePage is one page of messages, and how many there are in all.
type messagePage struct {
	items []Message
	total int64
}

// UnmarshalJSON reads the API's form; the total has two names.
func (p *messagePage) UnmarshalJSON(data []byte) error {
	var wire struct {
		Items      []Message `json:"items"`
		Total      *number   `json:"total"`
		TotalItems *number   `json:"totalItems"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	total := wire.Total
	if total == nil {
		total = wire.TotalItems
	}
	if total == nil || *total < 0 {
		return errors.New("a page of messages without a total")
	}
	*p = messagePage{items: wire.Items, total: int64(*total)}
	return nil
}

func (c *Client) messagePage(ctx context.Context, does string, filter MessageFilter, number, size int) (messagePage, error) {
	query := filter.query()
	maps.Copy(query, url.Values{"page": {strconv.Itoa(number)}, "itemsPerPage": {strconv.Itoa(size)}})
	page, err := send[messagePage](ctx, c, call{does: does, method: http.MethodGet, path: "/streams/messages", query: query})
	if err == nil && len(page.items) > size {
		err = &Error{Operation: does, Sent: true, err: fmt.Errorf("%w: a page of %d messages, more than the %d asked for", ErrNotTheAPI, len(page.items), size)}
	}
	return page, err
}

// CountMessages returns how many messages pass the filter. It costs one
// request, whose answer holds one message at most.
func (c *Client) CountMessages(ctx context.Context, filter MessageFilter) (int64, error) {
	page, err := c.messagePage(ctx, "count messages", filter, 1, 1)
	return page.total, err
}

// MessageCounts returns how many messages that pass the filter are in each of
// the [MessageStatuses]. It costs one request for each.
func (c *Client) MessageCounts(ctx context.Context, filter MessageFilter) (map[MessageStatus]int64, error) {
	counts := map[MessageStatus]int64{}
	for _, status := range MessageStatuses {
		filter.Status = status
		count, err := c.CountMessages(ctx, filter)
		if err != nil {
			return nil, err
		}
		counts[status] = count
	}
	return counts, nil
}

// Messages lists the messages that pass the filter, in the order of the
// service, each page when it is reached. One that is sent meanwhile may shift
// another onto the next page, which then comes twice. An error ends the
// sequence.
func (c *Client) Messages(ctx context.Context, filter MessageFilter) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		for number := 1; ; number++ {
			page, err := c.messagePage(ctx, "list messages", filter, number, PageSize)
			if err != nil {
				yield(Message{}, err)
				return
			}
			for _, message := range page.items {
				if !yield(message, nil) {
					return
				}
			}
			if len(page.items) < PageSize || int64(number)*PageSize >= page.total {
				return
			}
		}
	}
}
