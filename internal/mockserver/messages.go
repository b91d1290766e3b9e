package mockserver

import (
	"cmp"
	"slices"
	"time"
)

// Statuses of messages, as documented.
const (
	Sent        = "sent"
	Delivered   = "delivered"
	SentFailed  = "sent_failed"
	Undelivered = "undelivered"
	NoRoutes    = "no_routes"
	Refused     = "rejected"
)

// Message is a message that a stream sent or, among the incoming ones, received.
type Message struct {
	UUID             string    `json:"uuid"`
	ConversationUUID string    `json:"conversationUuid,omitempty"` // of Two-way and WhatsApp streams
	StreamID         int       `json:"streamId"`
	StreamType       string    `json:"streamType"`
	StreamName       string    `json:"streamName,omitempty"`  // at the time of sending
	ExternalKey      string    `json:"externalKey,omitempty"` // the internal_id of the request
	Sender           string    `json:"sender"`
	Recipient        string    `json:"recipient"`
	ContentType      string    `json:"contentType"` // "text", "template" or "media"
	Text             string    `json:"text"`
	Channel          string    `json:"channel"` // "sms" or "whatsapp"
	Status           string    `json:"status"`  // empty for an incoming one
	Cost             float64   `json:"cost"`
	SentAt           time.Time `json:"sentAt"`
	SettledAt        time.Time `json:"settledAt"` // until then it is Sent, whatever the Status; for a delivered one its delivery
}

// at returns the message as it looks at a time.
func (m Message) at(now time.Time) Message {
	if m.Status != "" && now.Before(m.SettledAt) {
		m.Status = Sent
	}
	return m
}

// Messages returns the messages that were sent, the oldest first, as they look now.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messagesNow()
}

func (s *Server) messagesNow() []Message {
	messages := slices.Clone(s.account.Messages)
	for i, m := range messages {
		messages[i] = m.at(s.now())
	}
	return messages
}

// Incoming returns the messages that came in, the oldest first.
func (s *Server) Incoming() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.account.Incoming)
}

// AddMessage adds a message that was sent, for a test to count or search, and returns it. Nothing is validated. A zero
// UUID, type, channel, status (delivered), and both times (now, and the time of sending) are filled in.
func (s *Server) AddMessage(m Message) Message {
	s.update(func() {
		m = s.complete(m)
		m.Status = cmp.Or(m.Status, Delivered)
		s.account.Messages = append(s.account.Messages, m)
	})
	return m
}

// complete fills in what every message has.
func (s *Server) complete(m Message) Message {
	m.UUID = cmp.Or(m.UUID, newUUID())
	if st := s.account.stream(m.StreamID); st != nil {
		m.StreamType = cmp.Or(m.StreamType, st.Type)
		m.StreamName = cmp.Or(m.StreamName, st.Name)
	}
	m.ContentType = cmp.Or(m.ContentType, "text")
	m.Channel = cmp.Or(m.Channel, channelOf(m.StreamType))
	if m.SentAt.IsZero() {
		m.SentAt = s.now()
	}
	if m.SettledAt.IsZero() {
		m.SettledAt = m.SentAt
	}
	return m
}

func channelOf(streamType string) string {
	if streamType == WhatsApp {
		return "whatsapp"
	}
	return "sms"
}
