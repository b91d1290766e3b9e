package mockserver

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
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

var messageStatuses = []string{Sent, Delivered, SentFailed, Undelivered, NoRoutes, Refused}

// Message is a message that a stream sent or, among the incoming ones, received.
type Message struct {
	UUID             string    `json:"uuid"`
	ConversationUUID string    `json:"conversationUuid,omitempty"` // of Two-way and WhatsApp streams
	StreamID         int       `json:"streamId"`
	StreamType       string    `json:"streamType"`
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

func (s *Server) messageRoutes() []route {
	return []route{
		{pattern: "GET /streams/messages", auth: apiKey, serve: s.listMessages},
		{pattern: "GET /streams/incoming_messages", auth: apiKey, serve: s.listIncoming},
	}
}

// wireMessage is a message in an answer.
type wireMessage struct {
	UUID        string      `json:"message_uuid"`
	Status      *string     `json:"status"`
	SentAt      *string     `json:"sent_at"`
	DeliveredAt *string     `json:"delivered_at"`
	Source      string      `json:"source_name"`
	Destination string      `json:"destination_number"`
	Cost        float64     `json:"cost"`
	Channel     string      `json:"channel"`
	Content     wireContent `json:"content"`
	StreamID    any         `json:"stream_id"`
}

type wireContent struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

func (s *Server) wireMessage(m Message) wireMessage {
	w := wireMessage{
		UUID: m.UUID, Status: orNull(m.Status), SentAt: wireTime(m.SentAt), Source: m.Sender, Destination: m.Recipient,
		Cost: m.Cost, Channel: m.Channel, Content: wireContent{m.ContentType, m.Text}, StreamID: s.opts.Spelling.id(m.StreamID),
	}
	if m.Status == Delivered || m.Status == "" {
		w.DeliveredAt = wireTime(m.SettledAt)
	}
	return w
}

func (s *Server) listMessages(c *call) *answer {
	query := c.request.URL.Query()
	if status := query.Get("status"); query.Has("status") && !slices.Contains(messageStatuses, status) {
		return problem(http.StatusBadRequest, "status is none of the statuses of a message.")
	}
	streamType := query.Get("type")
	return s.search(c, s.messagesNow(), func(m Message) bool {
		return matches(query.Get("status"), m.Status) && matches(query.Get("phone"), m.Recipient) &&
			(matches(streamType, m.StreamType) || streamType == s.opts.Spelling.word(m.StreamType))
	})
}

func (s *Server) listIncoming(c *call) *answer {
	query := c.request.URL.Query()
	return s.search(c, s.account.Incoming, func(m Message) bool {
		return matches(query.Get("sender"), m.Sender) && matches(query.Get("destination"), m.Recipient)
	})
}

// matches reports whether a value passes a filter; an empty filter passes all.
func matches(filter, value string) bool { return filter == "" || filter == value }

// search answers a page of the messages that pass both the filters of both lists and its own, the newest first.
func (s *Server) search(c *call, messages []Message, passes func(Message) bool) *answer {
	common, refusal := c.messageFilters()
	if refusal != nil {
		return refusal
	}
	var found []Message
	for _, m := range messages {
		if common(m) && passes(m) {
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, func(a, b Message) int { return b.SentAt.Compare(a.SentAt) })
	shown, refusal := page(c, "page", found)
	if refusal != nil {
		return refusal
	}
	items := []wireMessage{}
	for _, m := range shown {
		items = append(items, s.wireMessage(m))
	}
	return ok(map[string]any{"items": items, "total": len(found)})
}

// messageFilters reads streamId, startDate and endDate; both dates belong to what they bound, to the second.
func (c *call) messageFilters() (func(Message) bool, *answer) {
	query := c.request.URL.Query()
	if _, err := strconv.Atoi(query.Get("streamId")); err != nil && query.Has("streamId") {
		return nil, problem(http.StatusBadRequest, "streamId must be a number.")
	}
	var bounds [2]time.Time
	for i, name := range []string{"startDate", "endDate"} {
		var err error
		if bounds[i], err = time.Parse(time.DateTime, query.Get(name)); err != nil && query.Has(name) {
			return nil, problem(http.StatusBadRequest, name+" must be a time like 2006-01-02 15:04:05.")
		}
	}
	start, end := bounds[0], bounds[1]
	return func(m Message) bool {
		sent := m.SentAt.Truncate(time.Second)
		return matches(query.Get("streamId"), decimal(m.StreamID)) && !sent.Before(start) && (end.IsZero() || !sent.After(end))
	}, nil
}

func decimal(n int) string { return strconv.Itoa(n) }
