package mockserver

var (
	initialShape = shape{"internal_id": nil, "recipient_phone": nil, "template": nil, "language": nil, "template_variables": nil}
	mediaShape   = shape{"internal_id": nil, "conversation_uuid": nil, "media_url": nil, "caption": nil}
	replyShape   = shape{"internal_id": nil, "conversation_uuid": nil, "message_content": nil}
)

// whatsAppInitial starts a conversation with an approved template.
func (s *Server) whatsAppInitial(c *call) *answer {
	f := c.read(initialShape)
	f.require("template")
	out := f.readOutgoing("")
	out.contentType = "template"
	name, _ := f.text("template")
	language, _ := f.text("language")
	values := f.readVariables()
	template, found := c.stream.approved(name, language)
	if found {
		out.fill(template.Body, values)
	} else {
		out.refused = noTemplate(name)
	}
	return s.sendWhatsApp(c, f, out)
}

// approved returns the approved template of the name, in the language if one is given.
func (st *stream) approved(name, language string) (WhatsAppTemplate, bool) {
	for _, template := range st.Templates {
		if template.Name == name && matches(language, template.Language) && template.Status == "APPROVED" {
			return template, true
		}
	}
	return WhatsAppTemplate{}, false
}

func (s *Server) whatsAppMedia(c *call) *answer {
	f := c.read(mediaShape)
	out := s.readReply(c, f)
	out.contentType = "media"
	f.readURL("media_url")
	out.text, _ = f.text("caption")
	return s.sendWhatsApp(c, f, out)
}

func (s *Server) whatsAppReply(c *call) *answer {
	f := c.read(replyShape)
	out := s.readReply(c, f)
	f.require("message_content")
	out.text, _ = f.text("message_content")
	return s.sendWhatsApp(c, f, out)
}

// readReply reads the conversation that a message belongs to, which tells its recipient.
func (s *Server) readReply(c *call, f fields) outgoing {
	f.require("conversation_uuid")
	uuid, _ := f.text("conversation_uuid")
	out := outgoing{internalID: f.doc["internal_id"], conversation: uuid, refused: noConversation(uuid)}
	for _, m := range s.account.Messages {
		if m.StreamID == c.stream.ID && m.ConversationUUID == uuid {
			out.recipient, out.refused = m.Recipient, nil
		}
	}
	for _, m := range s.account.Incoming {
		if m.StreamID == c.stream.ID && m.ConversationUUID == uuid {
			out.recipient, out.refused = m.Sender, nil
		}
	}
	return out
}

func (s *Server) sendWhatsApp(c *call, f fields, out outgoing) *answer {
	switch {
	case *f.violations != nil:
		return invalid(*f.violations)
	case c.stream.Type != WhatsApp:
		return failed(wrongType(c.stream.Type))
	}
	out.sender = c.stream.WhatsApp.BusinessID
	return s.send(c.stream, []outgoing{out})
}
