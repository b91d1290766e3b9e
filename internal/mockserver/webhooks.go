package mockserver

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Webhook is where messages to a Two-way or WhatsApp stream are reported.
type Webhook struct {
	ID      int      `json:"id"`
	URL     string   `json:"url"`
	Method  string   `json:"method"` // GET or POST
	Headers []Header `json:"headers,omitempty"`
	Enabled bool     `json:"enabled"`
}

// Header is an HTTP header that is sent to a webhook. Its JSON is the wire's.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// headerMask replaces the value of a header under Options.MaskHeaders.
const headerMask = "********"

func (w Webhook) clone() Webhook {
	w.Headers = slices.Clone(w.Headers)
	return w
}

// Webhooks returns the webhooks of the stream, ascending by id, with the true values of their headers.
func (s *Server) Webhooks(streamID int) []Webhook {
	return childrenOf(s, streamID, func(st *stream) []Webhook {
		var webhooks []Webhook
		for _, w := range st.Webhooks {
			webhooks = append(webhooks, w.clone())
		}
		return webhooks
	})
}

// AddWebhook adds a webhook to the stream, as a console user would, and returns it with its ID. Nothing is
// validated; an empty method is POST. It reports false if there is no such stream.
func (s *Server) AddWebhook(streamID int, webhook Webhook) (Webhook, bool) {
	webhook = webhook.clone()
	if webhook.Method == "" {
		webhook.Method = http.MethodPost
	}
	found := s.updateStream(streamID, func(st *stream) {
		webhook.ID = s.account.nextID("webhook")
		st.Webhooks = append(st.Webhooks, webhook)
	})
	return webhook.clone(), found
}

// EditWebhook changes a webhook, as a console user would, and reports whether there is one. Its ID stays.
func (s *Server) EditWebhook(streamID, id int, change func(*Webhook)) bool {
	found := false
	s.updateStream(streamID, func(st *stream) {
		for i := range st.Webhooks {
			if st.Webhooks[i].ID != id {
				continue
			}
			found = true
			edited := st.Webhooks[i].clone()
			change(&edited)
			edited.ID = id
			st.Webhooks[i] = edited.clone()
		}
	})
	return found
}

// RemoveWebhook deletes a webhook, as a console user would, and reports whether there was one.
func (s *Server) RemoveWebhook(streamID, id int) bool {
	found := false
	s.updateStream(streamID, func(st *stream) { st.Webhooks, found = without(st.Webhooks, id, webhookID) })
	return found
}

func webhookID(w Webhook) int { return w.ID }

// wireWebhook is a webhook in an answer.
type wireWebhook struct {
	ID      any      `json:"id"`
	URL     string   `json:"url"`
	Method  string   `json:"method"`
	Headers []Header `json:"headers"`
	Enabled bool     `json:"enabled"`
}

func (s *Server) wireWebhook(w Webhook) wireWebhook {
	wire := wireWebhook{ID: s.opts.Spelling.id(w.ID), URL: w.URL, Method: w.Method, Headers: []Header{}, Enabled: w.Enabled}
	for _, header := range w.Headers {
		if s.opts.MaskHeaders {
			header.Value = headerMask
		}
		wire.Headers = append(wire.Headers, header)
	}
	return wire
}

func (s *Server) listWebhooks(c *call) *answer {
	return listed(c, c.stream.Webhooks, s.wireWebhook)
}

func (s *Server) createWebhook(c *call) *answer {
	webhook, violations := parseWebhook(c.doc, nil)
	if violations != nil {
		return invalid(violations)
	}
	webhook.ID = s.account.nextID("webhook")
	c.stream.Webhooks = append(c.stream.Webhooks, webhook)
	return created(s.wireWebhook(webhook))
}

func (s *Server) showWebhook(c *call) *answer {
	i, refusal := child(c, "webhook", c.stream.Webhooks, webhookID)
	if refusal != nil {
		return refusal
	}
	return ok(s.wireWebhook(c.stream.Webhooks[i]))
}

func (s *Server) patchWebhook(c *call) *answer {
	i, refusal := child(c, "webhook", c.stream.Webhooks, webhookID)
	if refusal != nil {
		return refusal
	}
	webhook, violations := parseWebhook(c.doc, &c.stream.Webhooks[i])
	if violations != nil {
		return invalid(violations)
	}
	c.stream.Webhooks[i] = webhook
	return ok(s.wireWebhook(webhook))
}

func (s *Server) deleteWebhook(c *call) *answer {
	i, refusal := child(c, "webhook", c.stream.Webhooks, webhookID)
	if refusal != nil {
		return refusal
	}
	c.stream.Webhooks = slices.Delete(c.stream.Webhooks, i, i+1)
	return noContent()
}

var (
	webhookShape = shape{"url": nil, "method": nil, "headers": nil, "enabled": nil}
	headerShape  = shape{"name": nil, "value": nil}
	headerName   = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
)

// parseWebhook returns the webhook that body makes: a new one, or base with a merge patch laid over it.
func parseWebhook(body map[string]any, base *Webhook) (Webhook, []violation) {
	violations := webhookShape.unknown(body, "")
	result, doc := Webhook{}, body
	if base != nil {
		result, doc = base.clone(), merged(document(base), body)
	}
	f := fields{doc, "", &violations}
	result.URL = f.readURL("url")
	result.Method = f.choice("method", "", http.MethodGet, http.MethodPost)
	f.require("method")
	result.Headers = f.readHeaders()
	result.Enabled = f.flag("enabled") || !f.has("enabled")
	return result, violations
}

// readURL reads an absolute http or https URL.
func (f fields) readURL(key string) string {
	text, isText := f.text(key)
	parsed, err := url.Parse(text)
	bad := err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || strings.ContainsAny(text, " \t")
	if bad && (isText || !f.has(key)) {
		f.refuse(key, "INVALID_URL", "This value is not an http or https URL.")
	}
	return text
}

// readHeaders reads the list of headers.
func (f fields) readHeaders() []Header {
	var headers []Header
	for _, item := range f.objects("headers", headerShape) {
		item.require("name", "value")
		name, isText := item.text("name")
		if isText && !headerName.MatchString(name) {
			item.refuse("name", "INVALID_HEADER", "This is no name of a header.")
		}
		value, _ := item.text("value")
		if strings.ContainsAny(value, "\r\n") {
			item.refuse("value", "INVALID_HEADER", "The value of a header is one line.")
		}
		headers = append(headers, Header{name, value})
	}
	return headers
}
