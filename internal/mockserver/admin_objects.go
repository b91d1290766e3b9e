package mockserver

import (
	"net/http"
	"slices"
	"strconv"
)

// streamHooks change streams and let them send and receive, as the console can.
func (s *Server) streamHooks() []hook {
	create := func(c *call) *answer { c.doc = apiStream(c.doc); return s.createStream(c) }
	change := func(c *call) *answer { c.doc = apiStream(c.doc); return s.patchStream(c) }
	return []hook{
		{"GET /_mock/streams", "all streams", true, func(*call) *answer { return s.hookStreams() }},
		{"POST /_mock/streams", "create a stream, with the API's names or Terraform's", true, create},
		{"GET /_mock/streams/{id}", "one stream", true, s.showStream},
		{"PATCH /_mock/streams/{id}", "change a stream", true, change},
		{"DELETE /_mock/streams/{id}", "delete a stream", true, s.deleteStream},
		{"GET /_mock/streams/{id}/token", "show the token of a stream", true, s.showToken},
		{"POST /_mock/streams/{id}/token", "reset the token of a stream", true, s.resetToken},
		{"POST /_mock/streams/{id}/send", `send a test message: {"to", "text", "sender"}`, true, s.hookSend},
		{"POST /_mock/streams/{id}/incoming", `receive a message: {"from", "to", "text"}; webhooks are called`, false, s.hookIncoming},
	}
}

// childHooks change what a stream has.
func (s *Server) childHooks() []hook {
	webhook := func(serve handler) handler {
		return withWebhooks(func(c *call) *answer { c.doc = apiWebhook(c.doc); return serve(c) })
	}
	create := webhook(func(c *call) *answer { withDefault(c.doc, "method", http.MethodPost); return s.createWebhook(c) })
	return []hook{
		{"GET /_mock/streams/{id}/events", "the event templates of a stream", true, withEvents(s.listEvents)},
		{"POST /_mock/streams/{id}/events", "create an event template", true, withEvents(s.createEvent)},
		{"PATCH /_mock/streams/{id}/events/{eventId}", "change an event template", true, withEvents(s.patchEvent)},
		{"DELETE /_mock/streams/{id}/events/{eventId}", "delete an event template", true, withEvents(s.deleteEvent)},
		{"GET /_mock/streams/{id}/webhooks", "the webhooks of a stream", true, withWebhooks(s.listWebhooks)},
		{"POST /_mock/streams/{id}/webhooks", "create a webhook", true, create},
		{"PATCH /_mock/streams/{id}/webhooks/{webhookId}", "change a webhook", true, webhook(s.patchWebhook)},
		{"DELETE /_mock/streams/{id}/webhooks/{webhookId}", "delete a webhook", true, withWebhooks(s.deleteWebhook)},
		{"GET /_mock/streams/{id}/templates", "the WhatsApp templates of a stream", true, withTemplates(s.listTemplates)},
		{"POST /_mock/streams/{id}/templates", "create a WhatsApp template", true, withTemplates(s.hookAddTemplate)},
		{"DELETE /_mock/streams/{id}/templates/{templateId}", "delete a WhatsApp template", true, withTemplates(s.hookRemoveTemplate)},
	}
}

// accountHooks change what the account has in addition to its streams.
func (s *Server) accountHooks() []hook {
	senders := editable[Sender]{"sender", func() *[]Sender { return &s.account.Senders }, func(x *Sender) *int { return &x.ID }}
	domains := editable[Domain]{"domain", func() *[]Domain { return &s.account.Domains }, func(x *Domain) *int { return &x.ID }}
	return []hook{
		{"GET /_mock/senders", "all Sender IDs", true, func(*call) *answer { return ok(slices.Concat([]Sender{}, s.account.Senders)) }},
		{"POST /_mock/senders", "create a Sender ID", true, senders.create(s, Sender{Status: Approved, Type: "alphanumeric"})},
		{"PATCH /_mock/senders/{senderId}", "change a Sender ID", true, senders.change},
		{"DELETE /_mock/senders/{senderId}", "delete a Sender ID", true, senders.remove},
		{"GET /_mock/domains", "all domains", true, func(*call) *answer { return ok(slices.Concat([]Domain{}, s.account.Domains)) }},
		{"POST /_mock/domains", "create a domain", true, domains.create(s, Domain{Status: DomainConfigured})},
		{"PATCH /_mock/domains/{domainId}", "change a domain", true, domains.change},
		{"DELETE /_mock/domains/{domainId}", "delete a domain", true, domains.remove},
		{"GET /_mock/messages", "the messages that were sent and received", true, s.hookMessages},
		{"POST /_mock/messages", `add a message that was sent: {"stream", "to", "from", "text", "status"}`, true, s.hookAddMessage},
		{"PATCH /_mock/messages/{uuid}", `change a message that was sent, for example its status`, true, s.hookEditMessage},
		{"DELETE /_mock/messages/{uuid}", "delete a message that was sent", true, s.hookRemoveMessage},
	}
}

// editable is a list of the account whose objects can be changed freely.
type editable[T any] struct {
	kind string
	list func() *[]T
	id   func(*T) *int
}

func (e editable[T]) create(s *Server, defaults T) handler {
	return func(c *call) *answer {
		item := defaults
		if err := fill(&item, e.kind, c.doc); err != nil {
			return problem(http.StatusUnprocessableEntity, err.Error())
		}
		*e.id(&item) = s.account.nextID(e.kind)
		*e.list() = append(*e.list(), item)
		return created(item)
	}
}

func (e editable[T]) change(c *call) *answer {
	i, refusal := e.find(c)
	if refusal != nil {
		return refusal
	}
	item := (*e.list())[i]
	id := *e.id(&item)
	if err := fill(&item, e.kind, c.doc); err != nil {
		return problem(http.StatusUnprocessableEntity, err.Error())
	}
	*e.id(&item) = id
	(*e.list())[i] = item
	return ok(item)
}

func (e editable[T]) remove(c *call) *answer {
	i, refusal := e.find(c)
	if refusal != nil {
		return refusal
	}
	*e.list() = slices.Delete(*e.list(), i, i+1)
	return noContent()
}

func (e editable[T]) find(c *call) (int, *answer) {
	return child(c, e.kind, *e.list(), func(item T) int { return *e.id(&item) })
}

func (s *Server) hookStreams() *answer {
	list := []wireStream{}
	for _, st := range s.account.Streams {
		list = append(list, s.wire(st))
	}
	return ok(list)
}

// hookSend sends a test message, as the console's row action does. The list of allowed IPs does not apply.
func (s *Server) hookSend(c *call) *answer {
	violations := shape{"to": nil, "text": nil, "sender": nil}.unknown(c.doc, "")
	f := fields{c.doc, "", &violations}
	to, text := f.filled("to", maxName), f.filled("text", maxTemplate)
	sender, _ := f.text("sender")
	if violations != nil {
		return invalid(violations)
	}
	return s.send(c.stream, []outgoing{{recipient: to, text: text, sender: sender}})
}

func (s *Server) hookAddTemplate(c *call) *answer {
	template := WhatsAppTemplate{Language: "en_US", Category: "UTILITY", Status: "APPROVED"}
	if err := fill(&template, "template", c.doc); err != nil {
		return problem(http.StatusUnprocessableEntity, err.Error())
	}
	template.ID = s.account.nextID("template")
	c.stream.Templates = append(c.stream.Templates, template)
	return created(template)
}

func (s *Server) hookRemoveTemplate(c *call) *answer {
	i, refusal := child(c, "template", c.stream.Templates, func(t WhatsAppTemplate) int { return t.ID })
	if refusal != nil {
		return refusal
	}
	c.stream.Templates = slices.Delete(c.stream.Templates, i, i+1)
	return noContent()
}

func (s *Server) hookMessages(*call) *answer {
	return ok(fieldsOf{"sent": slices.Concat([]Message{}, s.messagesNow()), "received": slices.Concat([]Message{}, s.account.Incoming)})
}

func (s *Server) hookAddMessage(c *call) *answer {
	m := Message{Status: Delivered}
	if refusal := s.fillMessage(c, &m); refusal != nil {
		return refusal
	}
	m = s.complete(m)
	s.account.Messages = append(s.account.Messages, m)
	return created(m)
}

func (s *Server) hookEditMessage(c *call) *answer {
	i, refusal := s.findMessage(c)
	if refusal != nil {
		return refusal
	}
	m := s.account.Messages[i]
	if refusal := s.fillMessage(c, &m); refusal != nil {
		return refusal
	}
	m.UUID = s.account.Messages[i].UUID
	s.account.Messages[i] = m
	return ok(m)
}

func (s *Server) hookRemoveMessage(c *call) *answer {
	i, refusal := s.findMessage(c)
	if refusal != nil {
		return refusal
	}
	s.account.Messages = slices.Delete(s.account.Messages, i, i+1)
	return noContent()
}

// fillMessage lays the body over a message. The stream may be given as text.
func (s *Server) fillMessage(c *call, m *Message) *answer {
	doc := apiNames("message", c.doc)
	if text, isText := doc["streamId"].(string); isText {
		doc["streamId"], _ = strconv.Atoi(text)
	}
	if err := fill(m, "message", doc); err != nil {
		return problem(http.StatusUnprocessableEntity, err.Error())
	}
	if s.account.stream(m.StreamID) == nil {
		return problem(http.StatusUnprocessableEntity, "stream: there is no such stream.")
	}
	return nil
}

func (s *Server) findMessage(c *call) (int, *answer) {
	uuid := c.request.PathValue("uuid")
	i := slices.IndexFunc(s.account.Messages, func(m Message) bool { return m.UUID == uuid })
	if i < 0 {
		return 0, notFound("No such message.")
	}
	return i, nil
}
