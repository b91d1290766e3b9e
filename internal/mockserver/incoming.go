package mockserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"
)

// webhookTimeout is how long, in real time, a webhook may take to answer.
const webhookTimeout = 10 * time.Second

// Delivery is one call of a webhook.
type Delivery struct {
	WebhookID int    `json:"webhookId"`
	Method    string `json:"method"`
	URL       string `json:"url"`
	Status    int    `json:"status"`          // of the webhook's answer; 0: there was none
	Error     string `json:"error,omitempty"` // why there was none
}

// Receive lets a message from a phone come in for a Two-way or WhatsApp stream. The stream's enabled webhooks have been
// called when it returns, one after the other; that one of them fails is no error. An error means that there is no such
// stream, or that streams of its type receive nothing.
func (s *Server) Receive(ctx context.Context, streamID int, from, to, text string) (Message, []Delivery, error) {
	var m Message
	var webhooks []Webhook
	err := errors.New("there is no such stream")
	s.updateStream(streamID, func(st *stream) {
		if !hasConversations(st.Type) {
			err = fmt.Errorf("a stream of type %s receives nothing", st.Type)
			return
		}
		err = nil
		m = s.complete(Message{
			StreamID: st.ID, Sender: from, Recipient: to, Text: text, ConversationUUID: s.account.conversation(st.ID, from),
		})
		s.account.Incoming = append(s.account.Incoming, m)
		for _, w := range st.Webhooks {
			if w.Enabled {
				webhooks = append(webhooks, w.clone())
			}
		}
	})
	if err != nil {
		return Message{}, nil, fmt.Errorf("receive for stream %d: %w", streamID, err)
	}
	var deliveries []Delivery
	for _, w := range webhooks {
		deliveries = append(deliveries, w.call(ctx, receivedFields(m)))
	}
	return m, deliveries, nil
}

// asQuery returns the fields of a message as a query: text as it is, null as empty text.
func asQuery(message fieldsOf) url.Values {
	query := url.Values{}
	for name, value := range message {
		text := ""
		switch value := value.(type) {
		case nil:
		case *string:
			if value != nil {
				text = *value
			}
		default:
			text = fmt.Sprint(value)
		}
		query.Set(name, text)
	}
	return query
}

// call sends a message to the webhook: the documented fields of a received message, in the body of a POST or the query of a GET.
func (w Webhook) call(ctx context.Context, message fieldsOf) Delivery {
	d := Delivery{WebhookID: w.ID, Method: w.Method, URL: w.URL}
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	req, err := w.request(ctx, message)
	if err == nil {
		d.Status, err = exchange(req)
	}
	if err != nil {
		d.Error = err.Error()
	}
	return d
}

func (w Webhook) request(ctx context.Context, message fieldsOf) (*http.Request, error) {
	target, body := w.URL, []byte(nil)
	if w.Method == http.MethodGet {
		parsed, err := url.Parse(w.URL)
		if err != nil {
			return nil, fmt.Errorf("read the URL: %w", err)
		}
		query := parsed.Query()
		maps.Copy(query, asQuery(message))
		parsed.RawQuery = query.Encode()
		target = parsed.String()
	} else {
		body, _ = json.Marshal(message)
	}
	req, err := http.NewRequestWithContext(ctx, w.Method, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", plainJSON)
	}
	for _, header := range w.Headers {
		req.Header.Set(header.Name, header.Value)
	}
	return req, nil
}

// exchange sends a request and returns the status of its answer, be it a redirect.
func exchange(req *http.Request) (int, error) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("call the webhook: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody)) // so that the connection can be used again
	return resp.StatusCode, nil
}

// hookIncoming lets a message come in: {"from", "to", "text"}.
func (s *Server) hookIncoming(c *call) *answer {
	s.mu.Lock()
	refusal := s.checkStream(c)
	s.mu.Unlock()
	if refusal != nil {
		return refusal
	}
	violations := shape{"from": nil, "to": nil, "text": nil}.unknown(c.doc, "")
	f := fields{c.doc, "", &violations}
	from, to, text := f.filled("from", maxName), f.filled("to", maxName), f.filled("text", maxTemplate)
	if violations != nil {
		return invalid(violations)
	}
	m, deliveries, err := s.Receive(c.request.Context(), c.stream.ID, from, to, text)
	if err != nil {
		return invalid([]violation{{Message: err.Error(), Code: "NOT_ALLOWED"}})
	}
	return created(map[string]any{"message_uuid": m.UUID, "conversation_uuid": m.ConversationUUID, "deliveries": deliveries})
}
