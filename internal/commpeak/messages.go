package commpeak

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"net/url"
	"strconv"
	"time"
)

// MessageStatus is what became of a message.
type MessageStatus string

// The statuses of messages. Others come as the API spells them.
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

// MessageFilter selects messages that were sent. A zero field does not select.
type MessageFilter struct {
	StreamID string
	Status   MessageStatus
	// Recipient is a number in international digits, without a plus sign.
	Recipient string
	// From and To bound the time of sending, inclusive, to the second.
	From, To time.Time
}

func (f MessageFilter) query() url.Values {
	return queryOf(map[string]string{
		"streamId": f.StreamID, "status": string(f.Status), "phone": f.Recipient,
		"startDate": wireTime(f.From), "endDate": wireTime(f.To),
	})
}

// queryOf leaves out what is empty.
func queryOf(values map[string]string) url.Values {
	query := url.Values{}
	for name, value := range values {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// wireTime writes a time as the API reads it; empty for the zero time.
func wireTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateTime)
}

// Message is a message that a stream sent. The two versions of CommPeak's reference
// have different fields: what a version does not have is empty.
type Message struct {
	UUID                 string
	StreamID, StreamName string
	Status               MessageStatus
	SentAt, DeliveredAt  *time.Time
	Sender, Recipient    string
	Channel, Text        string
}

// UnmarshalJSON reads the API's form, in both versions.
func (m *Message) UnmarshalJSON(data []byte) error {
	var wire struct {
		UUID        flexString     `json:"message_uuid"`
		StreamID    flexID         `json:"stream_id"`
		Stream      wireStreamName `json:"stream"`
		Status      flexString     `json:"status"`
		SentAt      *flexTime      `json:"sent_at"`
		DeliveredAt *flexTime      `json:"delivered_at"`
		SourceName  flexString     `json:"source_name"`
		Source      flexString     `json:"source_number"`
		Destination flexString     `json:"destination_number"`
		Channel     flexString     `json:"channel"`
		Platform    flexString     `json:"platform"`
		Content     struct {
			Text flexString `json:"text"`
			Body flexString `json:"body"`
		} `json:"content"`
	}
	if _, err := decodeFields(data, &wire); err != nil {
		return err
	}
	*m = Message{
		UUID: string(wire.UUID), StreamID: string(wire.StreamID), StreamName: string(wire.Stream),
		Status: parseEnum(string(wire.Status), MessageStatuses),
		SentAt: wire.SentAt.time(), DeliveredAt: wire.DeliveredAt.time(),
		Sender: string(cmp.Or(wire.SourceName, wire.Source)), Recipient: string(wire.Destination),
		Channel: string(cmp.Or(wire.Channel, wire.Platform)), Text: string(cmp.Or(wire.Content.Text, wire.Content.Body)),
	}
	return nil
}

// wireStreamName reads the name of a stream out of {"name"}, or the bare name.
type wireStreamName string

func (n *wireStreamName) UnmarshalJSON(data []byte) error {
	var object struct {
		Name flexString `json:"name"`
	}
	if json.Unmarshal(data, &object) == nil {
		*n = wireStreamName(object.Name)
		return nil
	}
	return (*flexString)(n).UnmarshalJSON(data)
}

// ReceivedMessageFilter selects messages that streams received. A zero field does not
// select.
type ReceivedMessageFilter struct {
	StreamID string
	// Sender and Recipient are numbers in international digits, without a plus sign.
	Sender, Recipient string
	// From and To bound the time of receipt, inclusive, to the second.
	From, To time.Time
}

func (f ReceivedMessageFilter) query() url.Values {
	return queryOf(map[string]string{
		"streamId": f.StreamID, "sender": f.Sender, "destination": f.Recipient,
		"startDate": wireTime(f.From), "endDate": wireTime(f.To),
	})
}

// ReceivedMessage is a message that a stream received. The two versions of CommPeak's
// reference have different fields: what a version does not have is empty.
type ReceivedMessage struct {
	UUID                 string
	StreamID, StreamName string
	ReceivedAt           *time.Time
	Sender, Recipient    string
	ContactName, Text    string
}

// UnmarshalJSON reads the API's form, in both versions.
func (m *ReceivedMessage) UnmarshalJSON(data []byte) error {
	var wire struct {
		UUID        flexString     `json:"message_uuid"`
		StreamID    flexID         `json:"stream_id"`
		Stream      wireStreamName `json:"stream"`
		ReceivedAt  *flexTime      `json:"received_at"`
		Source      flexString     `json:"source_number"`
		From        flexString     `json:"from"`
		Destination flexString     `json:"destination_number"`
		To          flexString     `json:"to"`
		ContactName flexString     `json:"contact_name"`
		Text        flexString     `json:"text"`
		Body        flexString     `json:"body"`
	}
	if _, err := decodeFields(data, &wire); err != nil {
		return err
	}
	*m = ReceivedMessage{
		UUID: string(wire.UUID), StreamID: string(wire.StreamID), StreamName: string(wire.Stream), ReceivedAt: wire.ReceivedAt.time(),
		Sender: string(cmp.Or(wire.Source, wire.From)), Recipient: string(cmp.Or(wire.Destination, wire.To)),
		ContactName: string(wire.ContactName), Text: string(cmp.Or(wire.Text, wire.Body)),
	}
	return nil
}

// messagePage is one page of messages, and how many there are in all.
type messagePage[T any] struct {
	items []T
	total int64
}

// UnmarshalJSON reads the API's form; the total has three names.
func (p *messagePage[T]) UnmarshalJSON(data []byte) error {
	var wire struct {
		Items      flexList[T] `json:"items"`
		Total      *flexInt    `json:"total"`
		TotalItems *flexInt    `json:"totalItems"`
		TotalSnake *flexInt    `json:"total_items"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	total := cmp.Or(wire.Total, wire.TotalItems, wire.TotalSnake)
	if total == nil || *total < 0 {
		return errors.New("a page of messages without a total")
	}
	*p = messagePage[T]{items: wire.Items, total: int64(*total)}
	return nil
}

func fetchMessages[T any](ctx context.Context, c *Client, list operation, query url.Values, number, size int) (messagePage[T], error) {
	r := list.call()
	r.query = url.Values{"page": {strconv.Itoa(number)}, "itemsPerPage": {strconv.Itoa(size)}}
	maps.Copy(r.query, query)
	page, err := send[messagePage[T]](ctx, c, r)
	if err == nil && len(page.items) > size {
		err = tooManyItems(r, len(page.items), size)
	}
	return page, err
}

// messagePages lists messages in the API's order, each page when it is reached. A
// message that is added meanwhile may shift an earlier one onto the next page, so that
// it appears twice. An error ends the sequence.
func messagePages[T any](ctx context.Context, c *Client, list operation, query url.Values) iter.Seq2[T, error] {
	return pagesOf(func(number int) ([]T, bool, error) {
		page, err := fetchMessages[T](ctx, c, list, query, number, PageSize)
		return page.items, len(page.items) < PageSize || int64(number)*PageSize >= page.total, err
	})
}

// CountMessages returns how many messages pass the filter. It is one request, whose
// answer contains at most one message.
func (c *Client) CountMessages(ctx context.Context, filter MessageFilter) (int64, error) {
	page, err := fetchMessages[Message](ctx, c, countMessages, filter.query(), 1, 1)
	return page.total, err
}

// MessageCounts are how many messages pass a filter, and how many of them have each status.
type MessageCounts struct {
	Total int64
	// ByStatus has each of the [MessageStatuses]. It is nil if the API ignores the filter by
	// status, so that it returns the total for each.
	ByStatus map[MessageStatus]int64
}

// Other returns how many messages have a status that CommPeak does not document.
func (c MessageCounts) Other() int64 {
	other := c.Total
	for _, count := range c.ByStatus {
		other -= count
	}
	return max(0, other)
}

// MessageCounts counts the messages that pass the filter. It is one request if there are
// none, and seven otherwise. Messages that change their status meanwhile may count twice.
func (c *Client) MessageCounts(ctx context.Context, filter MessageFilter) (MessageCounts, error) {
	total, err := c.CountMessages(ctx, filter)
	counts := MessageCounts{Total: total, ByStatus: map[MessageStatus]int64{}}
	if err != nil || total == 0 {
		return counts, err
	}
	ignored := true
	for _, status := range MessageStatuses {
		filter.Status = status
		if counts.ByStatus[status], err = c.CountMessages(ctx, filter); err != nil {
			return MessageCounts{}, err
		}
		ignored = ignored && counts.ByStatus[status] >= total
	}
	if ignored {
		counts.ByStatus = nil
	}
	return counts, nil
}

// Messages lists the messages that pass the filter: see [messagePages].
func (c *Client) Messages(ctx context.Context, filter MessageFilter) iter.Seq2[Message, error] {
	return messagePages[Message](ctx, c, listMessages, filter.query())
}

// CountReceivedMessages returns how many received messages pass the filter.
func (c *Client) CountReceivedMessages(ctx context.Context, filter ReceivedMessageFilter) (int64, error) {
	page, err := fetchMessages[ReceivedMessage](ctx, c, listReceivedMessages, filter.query(), 1, 1)
	return page.total, err
}

// LastReceived returns how many received messages pass the filter, and the time of the last
// one; nil if there is none. CommPeak does not document an order, so this reads the first and
// the last page.
func (c *Client) LastReceived(ctx context.Context, filter ReceivedMessageFilter) (count int64, last *time.Time, err error) {
	page, err := fetchMessages[ReceivedMessage](ctx, c, listReceivedMessages, filter.query(), 1, PageSize)
	if err != nil {
		return 0, nil, err
	}
	messages := page.items
	if page.total > PageSize {
		lastPage := int((page.total + PageSize - 1) / PageSize)
		end, err := fetchMessages[ReceivedMessage](ctx, c, listReceivedMessages, filter.query(), lastPage, PageSize)
		if err != nil {
			return 0, nil, err
		}
		messages = append(messages, end.items...)
	}
	for _, message := range messages {
		if message.ReceivedAt != nil && (last == nil || message.ReceivedAt.After(*last)) {
			last = message.ReceivedAt
		}
	}
	return page.total, last, nil
}

// ReceivedMessages lists the received messages that pass the filter: see
// [messagePages].
func (c *Client) ReceivedMessages(ctx context.Context, filter ReceivedMessageFilter) iter.Seq2[ReceivedMessage, error] {
	return messagePages[ReceivedMessage](ctx, c, listReceivedMessages, filter.query())
}
