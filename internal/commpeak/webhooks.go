package commpeak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
)

// WebhookStreamTypes are the types of streams that have webhooks.
var WebhookStreamTypes = []StreamType{TwoWay, WhatsApp}

// WebhookMethods are how a webhook can be called.
var WebhookMethods = []string{http.MethodGet, http.MethodPost}

// HeaderMask stands for the value of a header that a service does not tell.
const HeaderMask = "********"

// IsHeaderMask reports whether a header's value is a mask: asterisks alone, as
// many as the service likes.
func IsHeaderMask(value string) bool {
	return len(value) >= 3 && strings.Trim(value, "*") == ""
}

// Header is an HTTP header that the service sends to a webhook.
type Header struct {
	Name string
	// Value may be a mask where it was read: see [IsHeaderMask].
	Value string
	// Secret is set by who writes a header whose value is a credential: it is
	// never repeated in an error or a log.
	Secret bool
}

// WebhookSpec is what a client can say of a webhook.
type WebhookSpec struct {
	URL string
	// Method is one of [WebhookMethods].
	Method string
	// Headers is the whole list. Nil leaves that of the webhook as it is.
	Headers []Header
	Enabled bool
}

// Webhook is where the service delivers the incoming messages of a stream. A
// nil field was not reported.
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

var webhookFields = []string{"id", "url", "method", "headers", "enabled"}

// UnmarshalJSON reads the API's form.
func (w *Webhook) UnmarshalJSON(data []byte) error {
	var wire struct {
		ID      id              `json:"id"`
		URL     text            `json:"url"`
		Method  text            `json:"method"`
		Headers json.RawMessage `json:"headers"`
		Enabled *flag           `json:"enabled"`
	}
	fields, err := decodeFields(data, &wire)
	if err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("a webhook without an id")
	}
	*w = Webhook{
		ID: string(wire.ID), URL: string(wire.URL),
		Method: canonical(string(wire.Method), WebhookMethods), Enabled: (*bool)(wire.Enabled), fields: fields,
	}
	if wire.Headers == nil {
		return nil
	}
	if json.Unmarshal(wire.Headers, &w.Headers) != nil {
		w.Headers = nil
		return nil
	}
	if w.Headers == nil {
		w.Headers = []Header{} // null is an answer, too.
	}
	return nil
}

// UnmarshalJSON reads the API's form. A value that is not told is a mask.
func (h *Header) UnmarshalJSON(data []byte) error {
	var wire struct {
		Name  text  `json:"name"`
		Value *text `json:"value"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*h = Header{Name: string(wire.Name), Value: HeaderMask}
	if wire.Value != nil {
		h.Value = string(*wire.Value)
	}
	return nil
}

// wire is the API's form of a spec.
func (s WebhookSpec) wire() map[string]any {
	body := map[string]any{"url": s.URL, "method": s.Method, "enabled": s.Enabled}
	if s.Headers != nil {
		headers := make([]map[string]any, 0, len(s.Headers))
		for _, header := range s.Headers {
			headers = append(headers, map[string]any{"name": header.Name, "value": header.Value})
		}
		body["headers"] = headers
	}
	return body
}

// Differences names the fields in which the service reports something else
// than the spec says. What is not reported, or masked, is not compared.
func (w Webhook) Differences(spec WebhookSpec) []string {
	var names []string
	if w.URL != spec.URL {
		names = append(names, "url")
	}
	if w.Method != spec.Method {
		names = append(names, "method")
	}
	if w.Headers != nil && spec.Headers != nil && !sameHeaders(w.Headers, spec.Headers) {
		names = append(names, "headers")
	}
	if w.Enabled != nil && *w.Enabled != spec.Enabled {
		names = append(names, "enabled")
	}
	return names
}

// sameHeaders compares headers that were read with those that were written, in
// any order. The case of a name does not matter.
func sameHeaders(read, written []Header) bool {
	byName := func(a, b Header) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) }
	return slices.EqualFunc(slices.SortedFunc(slices.Values(read), byName), slices.SortedFunc(slices.Values(written), byName),
		func(r, w Header) bool {
			return strings.EqualFold(r.Name, w.Name) && (r.Value == w.Value || IsHeaderMask(r.Value))
		})
}

// Webhooks lists the webhooks of a stream, in ascending order of id;
// [ErrNotFound] when there is no such stream. The call rests on an assumption:
// CommPeak documents none.
func (c *Client) Webhooks(ctx context.Context, streamID string) iter.Seq2[Webhook, error] {
	return func(yield func(Webhook, error) bool) {
		for webhook, err := range pages[Webhook](ctx, c, webhooksCall(streamID)) {
			if !yield(webhook, c.explainUnlisted(ctx, streamID, err)) {
				return
			}
		}
	}
}

// WebhooksPage returns one page of [Client.Webhooks], counted from 1.
func (c *Client) WebhooksPage(ctx context.Context, streamID string, number int) ([]Webhook, error) {
	webhooks, err := page[Webhook](ctx, c, webhooksCall(streamID), number)
	return webhooks, c.explainUnlisted(ctx, streamID, err)
}

// Webhook reads one webhook; [ErrNotFound] when there is none. The call rests
// on an assumption: CommPeak documents none.
func (c *Client) Webhook(ctx context.Context, streamID, webhookID string) (Webhook, error) {
	webhook, err := send[Webhook](ctx, c, webhookCall("read", http.MethodGet, streamID, webhookID))
	if errors.Is(err, ErrNotFound) {
		return Webhook{}, explainUnfound(c.Webhooks(ctx, streamID), err)
	}
	return webhook, err
}

func webhooksCall(streamID string) call {
	return call{does: "list the webhooks of stream " + streamID, method: http.MethodGet, path: "/streams/{id}/webhooks", args: []string{streamID}}
}

func webhookCall(does, method, streamID, webhookID string) call {
	return call{
		does: fmt.Sprintf("%s webhook %s of stream %s", does, webhookID, streamID), method: method,
		path: "/streams/{id}/webhooks/{webhookId}", args: []string{streamID, webhookID},
	}
}

// CreateWebhook creates a webhook and returns it; [ErrNotFound] when there is
// no such stream. It is repeated only if it certainly had no effect.
func (c *Client) CreateWebhook(ctx context.Context, streamID string, spec WebhookSpec) (Webhook, error) {
	request, err := c.createWebhookCall(streamID, spec)
	if err != nil {
		return Webhook{}, err
	}
	webhook, err := send[Webhook](ctx, c, request)
	if err != nil {
		return Webhook{}, c.explainMissingStream(ctx, streamID, err)
	}
	c.created(webhookCall("read", http.MethodGet, streamID, webhook.ID))
	return webhook, nil
}

func (c *Client) createWebhookCall(streamID string, spec WebhookSpec) (call, error) {
	c.keepSecret(spec.Headers)
	// What a new webhook has anyhow is left out.
	spec.Headers = append([]Header{}, spec.Headers...)
	body, err := mergePatch(WebhookSpec{Enabled: true, Headers: []Header{}}.wire(), spec.wire())
	return call{
		does: "create a webhook of stream " + streamID, method: http.MethodPost,
		path: "/streams/{id}/webhooks", args: []string{streamID}, body: body,
	}, err
}

// KeepSecrets keeps the secrets of a spec out of errors and logs, before it is sent.
func (s WebhookSpec) KeepSecrets(c *Client) { c.keepSecret(s.Headers) }

// keepSecret keeps the values of secret headers out of errors and logs.
func (c *Client) keepSecret(headers []Header) {
	for _, header := range headers {
		if header.Secret {
			c.secrets.add(header.Value)
		}
	}
}

// UpdateWebhook changes what differs between two specs and returns the webhook
// as it is now. Where nothing differs it sends nothing and returns false. The
// headers are one list to the service: they are written all together, or, where
// both specs have none, not at all. The call rests on an assumption: CommPeak
// documents none.
func (c *Client) UpdateWebhook(ctx context.Context, streamID, webhookID string, from, to WebhookSpec) (Webhook, bool, error) {
	patch, err := mergePatch(from.wire(), to.wire())
	if err != nil || patch == nil {
		return Webhook{}, false, err
	}
	c.keepSecret(to.Headers)
	request := webhookCall("update", http.MethodPatch, streamID, webhookID)
	request.body = patch
	webhook, err := send[Webhook](ctx, c, request)
	return webhook, err == nil, c.explainMissingWebhook(ctx, streamID, webhookID, err)
}

// DeleteWebhook deletes a webhook. One that is gone already is no error. The
// call rests on an assumption: CommPeak documents none.
func (c *Client) DeleteWebhook(ctx context.Context, streamID, webhookID string) error {
	_, err := send[nothing](ctx, c, webhookCall("delete", http.MethodDelete, streamID, webhookID))
	err = c.explainMissingWebhook(ctx, streamID, webhookID, err)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// explainMissingWebhook is [explainMissing] for a write to a webhook.
func (c *Client) explainMissingWebhook(ctx context.Context, streamID, webhookID string, err error) error {
	return explainMissing(err, func() error {
		_, readErr := c.Webhook(ctx, streamID, webhookID)
		return readErr
	})
}
