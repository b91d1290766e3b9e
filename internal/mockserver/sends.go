package mockserver

import (
	"maps"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
)

const (
	maxSend = 250 // messages in one request

	// messageCost is what a message costs, unless its stream is a demo.
	messageCost = 0.01
)

// checkAddress refuses a client that the stream's list, or its restriction, keeps out. A client that passes counts as a call.
func (s *Server) checkAddress(c *call) *answer {
	entries := splitACL(c.stream.IPACL)
	if len(entries) > 0 && !listHas(entries, s.clientAddr(c.request)) || len(entries) == 0 && c.stream.Restricted {
		return refusedAddress()
	}
	c.stream.LastActivityAt = s.now()
	return nil
}

// listHas reports whether an IP list lets an address in. Entries that are none are passed over.
func listHas(entries []string, addr netip.Addr) bool {
	for _, entry := range entries {
		if prefix, err := netip.ParsePrefix(entry); err == nil && prefix.Contains(addr) {
			return true
		}
		if single, err := netip.ParseAddr(entry); err == nil && single.Unmap() == addr {
			return true
		}
	}
	return false
}

// clientAddr returns the address that a request comes from, or pretends to.
func (s *Server) clientAddr(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if pretended := r.Header.Get("X-Mock-Client-Ip"); pretended != "" && s.opts.TrustClientIP {
		host = pretended
	}
	addr, _ := netip.ParseAddr(host) // The zero address is on no list.
	return addr.Unmap()
}

// slashMissing redirects a call without its trailing slash, as the real API does.
func slashMissing(pattern string) route {
	return route{pattern: pattern, serve: func(c *call) *answer {
		ans := &answer{status: http.StatusTemporaryRedirect, header: http.Header{}}
		ans.set("Location", c.request.URL.Path+"/")
		return ans
	}}
}

// outgoing is one message to send.
type outgoing struct {
	internalID   any // as given
	sender       string
	recipient    string
	contentType  string // empty: text
	text         string
	conversation string   // empty: the one with the recipient, if the stream has conversations
	refused      *refusal // why it cannot be sent, if that is known already
}

// externalKey returns the identifier of the request as text.
func (out outgoing) externalKey() string {
	switch id := out.internalID.(type) {
	case string:
		return id
	case float64:
		return strconv.FormatFloat(id, 'f', -1, 64)
	}
	return ""
}

var phone = regexp.MustCompile(`^[1-9][0-9]{6,14}$`)

// send accepts what may be sent through the stream and answers what became of each message.
func (s *Server) send(st *stream, messages []outgoing) *answer {
	if len(messages) > maxSend {
		return failed(tooMany(len(messages)))
	}
	if state := st.state(s.now()); state != Ready && state != Sending {
		return failed(notSendable(state))
	}
	accepted, results := false, []wireResult{}
	for _, out := range messages {
		result := s.sendOne(st, out)
		accepted = accepted || result.Error == nil
		results = append(results, result)
	}
	return ok(map[string]any{"status": accepted, "task_id": newUUID(), "messages": results})
}

// wireResult is what became of one message of a send.
type wireResult struct {
	InternalID       any     `json:"internal_id"`
	MessageUUID      *string `json:"message_uuid"`
	ConversationUUID *string `json:"conversation_uuid"`
	Error            *string `json:"error"`
	Details          *string `json:"details"`
}

func (s *Server) sendOne(st *stream, out outgoing) wireResult {
	if out.sender == "" {
		out.sender = st.DefaultSender
	}
	if why := s.refuse(st, out); why != nil {
		return wireResult{InternalID: out.internalID, Error: &why.code, Details: &why.details}
	}
	m := s.complete(Message{
		StreamID: st.ID, Sender: out.sender, Recipient: out.recipient, ContentType: out.contentType, Text: out.text,
		Status: Delivered, Cost: messageCost, ExternalKey: out.externalKey(), ConversationUUID: out.conversation,
		SettledAt: s.now().Add(s.opts.DeliveryDelay),
	})
	if m.ConversationUUID == "" && hasConversations(st.Type) {
		m.ConversationUUID = s.account.conversation(st.ID, out.recipient)
	}
	if st.Demo {
		m.Cost = 0
	}
	if s.opts.Outcome != nil {
		m.Status = s.opts.Outcome(m)
	}
	st.SendingTo = m.SettledAt
	s.account.Messages = append(s.account.Messages, m)
	return wireResult{InternalID: out.internalID, MessageUUID: &m.UUID, ConversationUUID: orNull(m.ConversationUUID)}
}

// refuse returns why a message cannot be sent, or nil.
func (s *Server) refuse(st *stream, out outgoing) *refusal {
	switch {
	case out.refused != nil:
		return out.refused
	case !phone.MatchString(out.recipient):
		return badPhone(out.recipient)
	case out.text == "" && out.contentType == "":
		return nothingToSay()
	case s.limited(st, out.recipient):
		return limitReached()
	case st.Type == WhatsApp: // It has no senders but itself.
		return nil
	case out.sender == "":
		return noSender()
	case !s.account.allowed(out.sender, st.ID):
		return notAllowedSender(out.sender)
	}
	return nil
}

func hasConversations(streamType string) bool { return streamType == TwoWay || streamType == WhatsApp }

// conversation returns the UUID of a stream's conversation with a phone, a new one if there is none yet.
func (a *account) conversation(streamID int, phone string) string {
	for _, m := range a.Messages {
		if m.StreamID == streamID && m.Recipient == phone && m.ConversationUUID != "" {
			return m.ConversationUUID
		}
	}
	for _, m := range a.Incoming {
		if m.StreamID == streamID && m.Sender == phone {
			return m.ConversationUUID
		}
	}
	return newUUID()
}

var (
	simpleShape      = shape{"sender": nil, "messages": nil}
	simpleItemShape  = shape{"internal_id": nil, "sender": nil, "recipient_phone": nil, "message_content": nil}
	eventSendShape   = shape{"event": nil, "recipients": nil}
	recipientShape   = shape{"internal_id": nil, "recipient_phone": nil, "sender": nil, "template_variables": nil}
	statusQueryShape = shape{"message_uuids": nil}
)

// read returns the fields of the body, which has the shape.
func (c *call) read(sh shape) fields {
	violations := sh.unknown(c.doc, "")
	return fields{c.doc, "", &violations}
}

func (s *Server) simpleSend(c *call) *answer {
	f := c.read(simpleShape)
	f.require("messages")
	common, _ := f.text("sender")
	var messages []outgoing
	for _, item := range f.objects("messages", simpleItemShape) {
		out := item.readOutgoing(common)
		out.text, _ = item.text("message_content")
		messages = append(messages, out)
	}
	switch {
	case *f.violations != nil:
		return invalid(*f.violations)
	case c.stream.Type == WhatsApp:
		return failed(wrongType(c.stream.Type))
	}
	return s.send(c.stream, messages)
}

func (s *Server) eventSend(c *call) *answer {
	f := c.read(eventSendShape)
	f.require("event", "recipients")
	key, _ := f.text("event")
	template, found := c.stream.template(key)
	var messages []outgoing
	for _, item := range f.objects("recipients", recipientShape) {
		out := item.readOutgoing("")
		out.fill(template, item.readVariables())
		messages = append(messages, out)
	}
	switch {
	case *f.violations != nil:
		return invalid(*f.violations)
	case c.stream.Type != OTP && c.stream.Type != Transactional:
		return failed(wrongType(c.stream.Type))
	case !found:
		return failed(noEvent(key))
	}
	return s.send(c.stream, messages)
}

// readOutgoing reads what messages of every kind have. The text is up to the kind.
func (f fields) readOutgoing(sender string) outgoing {
	f.require("recipient_phone")
	out := outgoing{internalID: f.doc["internal_id"], sender: sender}
	switch out.internalID.(type) {
	case nil, string, float64:
	default:
		f.refuse("internal_id", "INVALID_TYPE", "This value should be of type string or int.")
	}
	out.recipient, _ = f.text("recipient_phone")
	if own, isText := f.text("sender"); isText {
		out.sender = own
	}
	return out
}

// readVariables reads the values of a template's variables.
func (f fields) readVariables() map[string]string {
	values := map[string]string{}
	variables, _ := f.object("template_variables")
	for _, name := range slices.Sorted(maps.Keys(variables.doc)) {
		if value, isText := variables.text(name); isText {
			values[name] = value
		}
	}
	return values
}

// fill makes the message's text from a template.
func (out *outgoing) fill(template string, values map[string]string) {
	text, missing := filledIn(template, values)
	if missing != "" && out.refused == nil {
		out.refused = missingVariable(missing)
	}
	out.text = text
}

// template returns the template of the event with the key, and whether there is one.
func (st *stream) template(key string) (string, bool) {
	for _, event := range st.Events {
		if event.Key == key {
			return event.Template, true
		}
	}
	return "", false
}

func (s *Server) messagesStatus(c *call) *answer {
	f := c.read(statusQueryShape)
	f.require("message_uuids")
	asked := map[any]bool{}
	for _, uuid := range f.list("message_uuids") {
		if _, isText := uuid.(string); !isText {
			f.refuse("message_uuids", "INVALID_TYPE", "This value should be a list of type string.")
			continue
		}
		asked[uuid] = true
	}
	if *f.violations != nil {
		return invalid(*f.violations)
	}
	list := []map[string]string{}
	for _, m := range s.messagesNow() {
		if m.StreamID == c.stream.ID && asked[m.UUID] {
			list = append(list, map[string]string{"message_uuid": m.UUID, "status": m.Status})
		}
	}
	return ok(map[string]any{"status": true, "messages": list})
}
