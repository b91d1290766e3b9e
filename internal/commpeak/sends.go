package commpeak

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
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

// The bodies of the run-time calls.
type (
	simpleSend struct {
		Sender   string        `json:"sender,omitempty"`
		Messages []TextMessage `json:"messages"`
	}
	eventSend struct {
		Event      string         `json:"event"`
		Recipients []EventMessage `json:"recipients"`
	}
	statusQuery struct {
		UUIDs []string `json:"message_uuids"`
	}
)

// The paths of the run-time calls. A closing slash belongs to them.
const (
	simpleSendPath     = "/simple_send/"
	eventSendPath      = "/event_send/"
	messagesStatusPath = "/messages_status/"
)

// SentMessage is what became of one message of a send.
type SentMessage struct {
	InternalID string
	// UUID is the service's name for the message; empty when it was refused.
	UUID             string
	ConversationUUID string
	// Code and Details say why it was refused; a code looks like "0x1".
	Code, Details string
}

// Accepted reports whether the service took the message.
func (m SentMessage) Accepted() bool { return m.UUID != "" }

// Refusal is why the message was refused, in one line.
func (m SentMessage) Refusal() string {
	words := cmp.Or(withCode(m.Details, m.Code), "the service gives no reason")
	if m.InternalID == "" {
		return words
	}
	return "message " + m.InternalID + ": " + words
}

// withCode appends the code of a refusal to its words.
func withCode(words, code string) string {
	switch {
	case words == "":
		return code
	case code == "":
		return words
	}
	return words + " (" + code + ")"
}

// wireSent is the API's form of a [SentMessage].
type wireSent struct {
	InternalID       text  `json:"internal_id"`
	UUID             text  `json:"message_uuid"`
	ConversationUUID text  `json:"conversation_uuid"`
	Error            words `json:"error"`
	Details          words `json:"details"`
}

func (c *Client) sent(wire []wireSent) []SentMessage {
	messages := make([]SentMessage, len(wire))
	for i, w := range wire {
		messages[i] = SentMessage{
			InternalID: c.clean(string(w.InternalID)), UUID: c.clean(string(w.UUID)), ConversationUUID: string(w.ConversationUUID),
			Code: c.clean(string(w.Error)), Details: c.clean(string(w.Details)),
		}
	}
	return messages
}

// refusedOf returns the refused messages of an answer; none where it names
// none that can be read.
func (c *Client) refusedOf(wire json.RawMessage) []SentMessage {
	var messages []wireSent
	if len(wire) == 0 || json.Unmarshal(wire, &messages) != nil {
		return nil
	}
	var refused []SentMessage
	for _, message := range c.sent(messages) {
		if !message.Accepted() {
			refused = append(refused, message)
		}
	}
	return refused
}

// SendTexts sends texts through the stream whose token it is, at most
// [MaxSend], and tells what became of each. A send of which nothing was
// accepted fails with [ErrRefused]. It is repeated only when it surely did
// nothing.
func (c *Client) SendTexts(ctx context.Context, token string, messages ...TextMessage) ([]SentMessage, error) {
	return c.sendAll(ctx, token, simpleSendPath, len(messages), simpleSend{Messages: messages})
}

// SendEvent is [Client.SendTexts] for the template of an event, by its key.
func (c *Client) SendEvent(ctx context.Context, token, event string, recipients ...EventMessage) ([]SentMessage, error) {
	return c.sendAll(ctx, token, eventSendPath, len(recipients), eventSend{Event: event, Recipients: recipients})
}

func (c *Client) sendAll(ctx context.Context, token, path string, messages int, body any) ([]SentMessage, error) {
	does := fmt.Sprintf("send %d messages", messages)
	if messages == 1 {
		does = "send a message"
	}
	if messages < 1 || messages > MaxSend {
		return nil, &Error{Operation: does, RunTime: true, err: fmt.Errorf("%w: it may hold 1 to %d messages", errUnsendable, MaxSend)}
	}
	c.secrets.add(token)
	got, err := send[struct {
		Messages []wireSent `json:"messages"`
	}](ctx, c, call{does: does, method: http.MethodPost, path: path, body: body, token: token})
	if err != nil {
		return nil, err
	}
	sent := c.sent(got.Messages)
	for _, message := range sent {
		if message.Accepted() {
			return sent, nil
		}
	}
	return nil, &Error{Operation: does, Status: http.StatusOK, Sent: true, RunTime: true, Refused: sent}
}

// StatusesOfMessages returns the status of each message that the stream knows,
// by its UUID. The call is documented, its answer is an assumption:
// [Client.Messages] tells the same by documented fields.
func (c *Client) StatusesOfMessages(ctx context.Context, token string, uuids ...string) (map[string]MessageStatus, error) {
	c.secrets.add(token)
	got, err := send[struct {
		Messages []struct {
			UUID   text `json:"message_uuid"`
			Status text `json:"status"`
		} `json:"messages"`
	}](ctx, c, call{
		does: "ask for the status of messages", method: http.MethodPost, path: messagesStatusPath,
		body: statusQuery{UUIDs: uuids}, token: token, asks: true,
	})
	if err != nil {
		return nil, err
	}
	statuses := map[string]MessageStatus{}
	for _, message := range got.Messages {
		statuses[string(message.UUID)] = canonical(string(message.Status), MessageStatuses)
	}
	return statuses, nil
}
