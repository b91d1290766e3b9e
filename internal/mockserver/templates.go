package mockserver

// WhatsAppTemplate is a template of a WhatsApp stream. It is managed at WhatsApp and only read here. Its JSON is the
// wire's, but for the spelling of the ID.
type WhatsAppTemplate struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"` // such as "en_US"
	Category string `json:"category"` // such as "MARKETING"
	Status   string `json:"status"`   // such as "APPROVED"
	Body     string `json:"body"`
}

// AddTemplate adds a template to the WhatsApp stream, as WhatsApp would, and returns it with its ID. It reports false if
// there is no such stream.
func (s *Server) AddTemplate(streamID int, template WhatsAppTemplate) (WhatsAppTemplate, bool) {
	found := s.updateStream(streamID, func(st *stream) {
		template.ID = s.account.nextID("template")
		st.Templates = append(st.Templates, template)
	})
	return template, found
}

// wireTemplate is a template in an answer.
type wireTemplate struct {
	ID any `json:"id"`
	WhatsAppTemplate
}

func (s *Server) listTemplates(c *call) *answer {
	list := []wireTemplate{}
	for _, template := range c.stream.Templates {
		list = append(list, wireTemplate{s.opts.Spelling.id(template.ID), template})
	}
	return ok(list)
}
