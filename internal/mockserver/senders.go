package mockserver

import (
	"fmt"
	"slices"
)

// Statuses of senders, in canonical spelling.
const (
	Approved = "approved"
	Pending  = "pending"
	Rejected = "rejected"
)

// Sender is a sender ID of the account. Its words are in canonical spelling.
type Sender struct {
	ID         int    `json:"id"`
	Name       string `json:"name"`
	Value      string `json:"value"`      // the originator that recipients see
	DailyLimit int    `json:"dailyLimit"` // messages a day; 0: none, told as null
	StreamID   int    `json:"streamId"`   // the stream it is for; 0: any, told as null
	Type       string `json:"senderType"` // "alphanumeric" or "numeric"
	Status     string `json:"status"`     // Approved, Pending or Rejected
}

// DefaultSenders returns the senders of an account that says nothing of its own: the shared one, and those of a small
// company.
func DefaultSenders() []Sender {
	return []Sender{
		{Name: "Global", Value: "GLOBAL", Type: "alphanumeric", Status: Approved},
		{Name: "Acme", Value: "ACME", Type: "alphanumeric", Status: Approved, DailyLimit: 10000},
		{Name: "Acme shop", Value: "AcmeShop", Type: "alphanumeric", Status: Pending},
		{Name: "Acme support", Value: "442079460123", Type: "numeric", Status: Rejected},
	}
}

// Senders returns the sender IDs, ascending by id.
func (s *Server) Senders() []Sender {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.account.Senders)
}

// AddSender adds a sender ID and returns it with its ID.
func (s *Server) AddSender(sender Sender) Sender {
	s.update(func() { sender = s.account.addSender(sender) })
	return sender
}

func (a *account) addSender(sender Sender) Sender {
	sender.ID = a.nextID("sender")
	a.Senders = append(a.Senders, sender)
	return sender
}

// wireSender is a sender in an answer.
type wireSender struct {
	ID         any     `json:"id"`
	Name       string  `json:"name"`
	Value      string  `json:"value"`
	DailyLimit *int    `json:"dailyLimit"`
	Stream     *string `json:"stream"` // an IRI
	SenderType string  `json:"senderType"`
	Status     string  `json:"status"`
}

func (s *Server) wireSender(sender Sender) wireSender {
	spell := s.opts.Spelling
	w := wireSender{
		ID: spell.id(sender.ID), Name: sender.Name, Value: sender.Value,
		SenderType: spell.word(sender.Type), Status: spell.word(sender.Status),
	}
	if sender.DailyLimit != 0 {
		w.DailyLimit = &sender.DailyLimit
	}
	if sender.StreamID != 0 {
		w.Stream = new(fmt.Sprintf("/streams/%d", sender.StreamID))
	}
	return w
}

func (s *Server) listSenders(c *call) *answer { return listed(c, s.account.Senders, s.wireSender) }

// allowed reports whether messages of a stream may come from the originator.
func (a *account) allowed(originator string, streamID int) bool {
	return slices.ContainsFunc(a.Senders, func(s Sender) bool {
		return s.Value == originator && s.Status == Approved && (s.StreamID == 0 || s.StreamID == streamID)
	})
}
