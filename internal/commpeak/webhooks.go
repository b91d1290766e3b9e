package commpeak

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"
)

// WebhookStreamTypes are the types of streams that have webhooks.
var WebhookStreamTypes = []StreamType{TwoWay, WhatsApp}

// WebhookMethods are how a webhook can be called.
var WebhookMethods = []string{http.MethodGet, http.MethodPost}

// HeaderMask stands for the value of a header that the API does not return.
const HeaderMask = "********"

// IsHeaderMask reports whether a header's value is a mask: only asterisks, at
// least three.
func IsHeaderMask(value string) bool {
	return len(value) >= 3 && strings.Trim(value, "*") == ""
}

// Header is an HTTP header that CommPeak sends to a webhook.
type Header struct {
	Name string `json:"name"`
	// Value may be a mask if it was read: see [IsHeaderMask].
	Value string `json:"value"`
	// Secret marks a value that is a credential: it never appears in an error or a
	// log.
	Secret bool `json:"-"`
}

// WebhookSpec is what a client can set of a webhook.
type WebhookSpec struct {
	URL string
	// Method is one of [WebhookMethods].
	Method string
	// Headers is the whole list. Nil leaves the list of the webhook as it is.
	Headers []Header
	Enabled bool
}

// Webhook is where CommPeak delivers the incoming messages of a stream. A nil field
// was not returned.
type Webhook struct {
	ID      string
	URL     string
	Method  string
	Headers []Header
	Enabled *bool

	fields Fields
}

// ReturnedFields are the fields that the answer contained.
func (w Webhook) ReturnedFields() Fields { return w.fields }

// wireWebhook is the API's form of a webhook that is read.
type wireWebhook struct {
	ID      flexID      `json:"id"`
	URL     flexString  `json:"url"`
	Method  flexString  `json:"method"`
	Headers wireHeaders `json:"headers"`
	Enabled *flexBool   `json:"enabled"`
}

// wireHeaders reads a list of headers; null is an empty list.
type wireHeaders []Header

func (h *wireHeaders) UnmarshalJSON(data []byte) error {
	var list flexList[struct {
		Name  flexString  `json:"name"`
		Value *flexString `json:"value"`
	}]
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*h = []Header{}
	for _, wire := range list {
		header := Header{Name: string(wire.Name), Value: HeaderMask}
		if wire.Value != nil {
			header.Value = string(*wire.Value)
		}
		*h = append(*h, header)
	}
	return nil
}

// UnmarshalJSON reads the API's form.
func (w *Webhook) UnmarshalJSON(data []byte) error {
	var wire wireWebhook
	fields, err := decodeFields(data, &wire)
	if err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("a webhook without an ID")
	}
	*w = Webhook{
		ID: string(wire.ID), URL: string(wire.URL), Method: parseEnum(string(wire.Method), WebhookMethods),
		Headers: wire.Headers, Enabled: (*bool)(wire.Enabled), fields: fields,
	}
	return nil
}

// webhookBody is the API's form of a webhook that is written.
type webhookBody struct {
	URL     string    `json:"url"`
	Method  string    `json:"method"`
	Headers *[]Header `json:"headers,omitempty"`
	Enabled bool      `json:"enabled"`
}

func (s WebhookSpec) body() webhookBody {
	body := webhookBody{URL: s.URL, Method: s.Method, Enabled: s.Enabled}
	if s.Headers != nil {
		headers := make([]Header, len(s.Headers))
		for i, header := range s.Headers {
			headers[i] = Header{Name: header.Name, Value: header.Value}
		}
		body.Headers = &headers
	}
	return body
}

// Differences names the fields in which the API returns a different value than the
// spec has. Fields that were not returned, or are masked, do not differ.
func (w Webhook) Differences(spec WebhookSpec) []string {
	got := WebhookSpec{URL: w.URL, Method: w.Method, Headers: w.Headers, Enabled: orElse(w.Enabled, spec.Enabled)}
	if w.Headers == nil || spec.Headers != nil && sameHeaders(w.Headers, spec.Headers) {
		got.Headers = spec.Headers
	}
	return differences[webhookBody, wireWebhook](got.body(), spec.body(), w.fields)
}

// sameHeaders compares headers that were read with headers that were written, in any
// order. The case of a name does not matter.
func sameHeaders(read, written []Header) bool {
	byName := func(a, b Header) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) }
	return slices.EqualFunc(slices.SortedFunc(slices.Values(read), byName), slices.SortedFunc(slices.Values(written), byName),
		func(r, w Header) bool {
			return strings.EqualFold(r.Name, w.Name) && (r.Value == w.Value || IsHeaderMask(r.Value))
		})
}

// Webhooks lists the webhooks of a stream, in ascending order of ID; [ErrNotFound] if
// there is no such stream.
func (c *Client) Webhooks(ctx context.Context, streamID string) iter.Seq2[Webhook, error] {
	return pages[Webhook](ctx, c, listWebhooks.call(streamID))
}

// WebhooksPage returns one page of [Client.Webhooks], counted from 1.
func (c *Client) WebhooksPage(ctx context.Context, streamID string, number int) ([]Webhook, error) {
	return page[Webhook](ctx, c, listWebhooks.call(streamID), number)
}

// Webhook reads one webhook; [ErrNotFound] if there is none, or no such stream.
func (c *Client) Webhook(ctx context.Context, streamID, webhookID string) (Webhook, error) {
	return readObject[Webhook](ctx, c, readWebhook.call(streamID, webhookID))
}

// CreateWebhook creates a webhook and returns it; [ErrNotFound] if there is no
// such stream. It is repeated only if it certainly had no effect.
func (c *Client) CreateWebhook(ctx context.Context, streamID string, spec WebhookSpec) (Webhook, error) {
	spec.KeepSecrets(c)
	spec.Headers = append([]Header{}, spec.Headers...)
	request := createWebhook.call(streamID)
	request.body = spec.body()
	webhook, err := send[Webhook](ctx, c, request)
	if err == nil {
		c.created(readWebhook.call(streamID, webhook.ID))
	}
	return webhook, err
}

// KeepSecrets keeps the secrets of a spec out of errors and logs, before it is sent. The URL
// often contains a token.
func (s WebhookSpec) KeepSecrets(c *Client) {
	c.secrets.add(s.URL)
	for _, header := range s.Headers {
		if header.Secret {
			c.secrets.add(header.Value)
		}
	}
}

// UpdateWebhook changes what differs between two specs and returns the webhook as it
// is now. If nothing differs it sends nothing and returns false. The headers are one
// list: they are written all together or, if the second spec has none, not at all.
func (c *Client) UpdateWebhook(ctx context.Context, streamID, webhookID string, from, to WebhookSpec) (Webhook, bool, error) {
	to.KeepSecrets(c)
	return update(ctx, c, updateWebhook.call(streamID, webhookID), from.body(), to.body(), func(ctx context.Context) (Webhook, error) {
		return c.Webhook(ctx, streamID, webhookID)
	})
}

// DeleteWebhook deletes a webhook. A webhook that does not exist is no error.
func (c *Client) DeleteWebhook(ctx context.Context, streamID, webhookID string) error {
	return deleteObject(ctx, c, deleteWebhook.call(streamID, webhookID))
}
