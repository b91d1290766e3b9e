package commpeak

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
)

// MaxSend is how many messages one send may hold.
const MaxSend = 250

// TextMessage is a text to send.
type TextMessage struct {
	// InternalID is the caller's own name for the message, given back in the
	// answer; it may be empty.
	InternalID string `json:"internal_id,omitempty"`
	// Sender may be empty where the stream has a default sender.
	Sender string `json:"sender,omitempty"`
	// Recipient is a number in international digits, without a plus sign.
	Recipient string `json:"recipient_phone"`
	Text      string `json:"message_content"`
}

// EventMessage is an event's template to send.
type EventMessage struct {
	InternalID string `json:"internal_id,omitempty"`
	Recipient  string `json:"recipient_phone"`
	Sender     string `json:"sender,omitempty"`
	// Variables are the values of the template's placeholders.
	Variables map[string]string `json:"template_variables,omitempty"`
}

// The bodies of the calls of the messaging API.
type (
	simpleSend struct {
		Sender   string        `json:"sender,omitempty"`
		Messages []TextMessage `json:"messages"`
	}
	eventSend struct {
		Event      string         `json:"event"`
		Recipients []EventMessage `json:"recipients"`
	}
)

// SentMessage is what became of one message of a send.
type SentMessage struct {
	InternalID string
	// UUID is the API's name of the message; empty if it was refused.
	UUID             string
	ConversationUUID string
	// Code and Details say why it was refused; a code looks like "0x1".
	Code, Details string
}

// Accepted reports whether CommPeak accepted the message.
func (m SentMessage) Accepted() bool { return m.UUID != "" }

// Refusal is why the message was refused, in one line.
func (m SentMessage) Refusal() string {
	text := cmp.Or(withCode(m.Details, m.Code), "CommPeak gives no reason")
	if m.InternalID == "" {
		return text
	}
	return "message " + m.InternalID + ": " + text
}

// withCode appends the code of a refusal to its text.
func withCode(text, code string) string {
	switch {
	case text == "":
		return code
	case code == "":
		return text
	}
	return text + " (" + code + ")"
}

// wireSent is the API's form of a [SentMessage].
type wireSent struct {
	InternalID       flexString `json:"internal_id"`
	UUID             flexString `json:"message_uuid"`
	ConversationUUID flexString `json:"conversation_uuid"`
	Error            errorText  `json:"error"`
	Details          errorText  `json:"details"`
}

func (c *Client) sentMessages(wire []wireSent) []SentMessage {
	messages := make([]SentMessage, len(wire))
	for i, w := range wire {
		messages[i] = SentMessage{
			InternalID: c.clean(string(w.InternalID)), UUID: c.clean(string(w.UUID)), ConversationUUID: string(w.ConversationUUID),
			Code: c.clean(string(w.Error)), Details: c.clean(string(w.Details)),
		}
	}
	return messages
}

// refusedMessages returns the messages of an answer that were refused.
func (c *Client) refusedMessages(wire []wireSent) []SentMessage {
	refused := slices.DeleteFunc(c.sentMessages(wire), SentMessage.Accepted)
	if len(refused) == 0 {
		return nil
	}
	return refused
}

// SendTexts sends texts through the stream that the token belongs to, at most
// [MaxSend], and returns the outcome of each. A send of which nothing was accepted
// fails with [ErrRefused]. It is repeated only if it certainly had no effect.
func (c *Client) SendTexts(ctx context.Context, token string, messages ...TextMessage) ([]SentMessage, error) {
	return c.sendAll(ctx, token, sendTexts, len(messages), simpleSend{Messages: messages})
}

// SendEvent is [Client.SendTexts] for the template of an event, by its key.
func (c *Client) SendEvent(ctx context.Context, token, event string, recipients ...EventMessage) ([]SentMessage, error) {
	return c.sendAll(ctx, token, sendEvent, len(recipients), eventSend{Event: event, Recipients: recipients})
}

func (c *Client) sendAll(ctx context.Context, token string, how operation, messages int, body any) ([]SentMessage, error) {
	r := call{operation: how, subject: fmt.Sprintf("%d messages", messages), body: body, token: token}
	if messages == 1 {
		r.subject = "a message"
	}
	if messages < 1 || messages > MaxSend {
		err := fmt.Errorf("%w: it may hold 1 to %d messages", errUnsendable, MaxSend)
		return nil, &Error{Operation: r.describe(), Messaging: true, err: err}
	}
	c.secrets.add(token)
	got, err := send[struct {
		Messages flexList[wireSent] `json:"messages"`
	}](ctx, c, r)
	if err != nil {
		return nil, err
	}
	sent := c.sentMessages(got.Messages)
	if !slices.ContainsFunc(sent, SentMessage.Accepted) {
		return nil, &Error{Operation: r.describe(), Status: http.StatusOK, Sent: true, Messaging: true, Refused: sent}
	}
	return sent, nil
}
