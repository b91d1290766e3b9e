package mockserver

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// pageActions takes the forms of the page.
const pageActions = "POST /_mock/actions"

// pageActions are what the forms of the page can ask for, by the value of "do". Each returns what to report.
func (s *Server) pageActions() map[string]func(*call, int, url.Values) pageNote {
	edit := func(text string, change func(*Stream)) func(*call, int, url.Values) pageNote {
		return func(_ *call, id int, _ url.Values) pageNote { return noteIf(s.EditStream(id, change), text) }
	}
	return map[string]func(*call, int, url.Values) pageNote{ // the server's lock is free
		"pause":      edit("The stream is paused.", func(st *Stream) { st.State = Disabled }),
		"resume":     edit("The stream is resumed.", func(st *Stream) { st.State = Ready }),
		"restrict":   edit("The stream is restricted.", func(st *Stream) { st.Restricted = true }),
		"unrestrict": edit("The stream is not restricted any more.", func(st *Stream) { st.Restricted = false }),
		"edit":       s.actEdit,
		"delete": func(_ *call, id int, _ url.Values) pageNote {
			return noteIf(s.RemoveStream(id), fmt.Sprintf("Stream %d is deleted.", id))
		},
		"reset-token": func(_ *call, id int, _ url.Values) pageNote {
			return noteIf(s.ResetToken(id) != "", "The token is reset. The old token does not work any more.")
		},
		"show-token": func(_ *call, id int, _ url.Values) pageNote { return pageNote{Token: s.Token(id), stream: id} },
		"send":       s.actSend,
		"receive":    s.actReceive,
		"create":     s.actCreate,
		"add-event": func(_ *call, id int, form url.Values) pageNote {
			_, found := s.AddEvent(id, Event{Name: form.Get("key"), Key: form.Get("key"), Template: form.Get("template")})
			return noteIf(found, "The event template is created.")
		},
		"delete-event": func(_ *call, id int, form url.Values) pageNote {
			return noteIf(s.RemoveEvent(id, number(form.Get("item"))), "The event template is deleted.")
		},
		"add-webhook": func(_ *call, id int, form url.Values) pageNote {
			_, found := s.AddWebhook(id, Webhook{URL: form.Get("url"), Method: form.Get("method"), Enabled: true})
			return noteIf(found, "The webhook is created.")
		},
		"delete-webhook": func(_ *call, id int, form url.Values) pageNote {
			return noteIf(s.RemoveWebhook(id, number(form.Get("item"))), "The webhook is deleted.")
		},
	}
}

// hookAction performs the action of a form and answers the page, or a redirect to it if there is nothing secret to show.
func (s *Server) hookAction(c *call) *answer {
	form := c.request.PostForm
	act, known := s.pageActions()[form.Get("do")]
	if !known {
		return problem(http.StatusBadRequest, fmt.Sprintf("There is no action %q.", form.Get("do")))
	}
	id := number(form.Get("stream"))
	note := act(c, id, form)
	if note.Token != "" {
		return s.page(c, note)
	}
	back := url.Values{"note": {note.Text}}
	if note.Failed {
		back.Set("failed", "1")
	}
	if note.stream == 0 {
		note.stream = id
	}
	if _, found := s.Stream(note.stream); found {
		back.Set("stream", decimal(note.stream))
	}
	ans := &answer{status: http.StatusSeeOther, header: http.Header{}}
	ans.set("Location", "/_mock?"+back.Encode())
	return ans
}

// noteOf returns the note that an action left in the link to the page.
func noteOf(query url.Values) pageNote {
	return pageNote{Text: query.Get("note"), Failed: query.Get("failed") != ""}
}

func noteIf(found bool, text string) pageNote {
	if !found {
		return pageNote{Text: "There is no such object any more.", Failed: true}
	}
	return pageNote{Text: text}
}

func (s *Server) actCreate(_ *call, _ int, form url.Values) pageNote {
	doc := map[string]any{"name": form.Get("name"), "type": form.Get("type")}
	if form.Get("type") == WhatsApp {
		doc["whatsApp"] = map[string]any{"businessId": "mock"}
	}
	attributes, violations := parseStream(doc, nil)
	if violations != nil {
		return pageNote{Text: asError(violations).Error(), Failed: true}
	}
	return pageNote{Text: "The stream is created.", stream: s.AddStream(attributes).ID}
}

// actEdit changes what the form has. Addresses are taken as they are, as in the console.
func (s *Server) actEdit(_ *call, id int, form url.Values) pageNote {
	name := strings.TrimSpace(form.Get("name"))
	if name == "" {
		return pageNote{Text: "A stream needs a name.", Failed: true}
	}
	return noteIf(s.EditStream(id, func(st *Stream) {
		st.Name, st.IPACL, st.DefaultSender = name, strings.Join(splitACL(form.Get("allowed_ips")), ", "), form.Get("default_sender")
		st.Tags = nil
		for tag := range strings.SplitSeq(form.Get("tags"), ",") {
			if tag = strings.TrimSpace(tag); tag != "" && !slices.Contains(st.Tags, tag) {
				st.Tags = append(st.Tags, tag)
			}
		}
	}), "The stream is changed.")
}

func (s *Server) actSend(_ *call, id int, form url.Values) pageNote {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.account.stream(id)
	if st == nil {
		return noteIf(false, "")
	}
	if state := st.state(s.now()); state != Ready && state != Sending {
		return pageNote{Text: "Not sent: " + notSendable(state).details + ".", Failed: true}
	}
	result := s.sendOne(st, outgoing{recipient: form.Get("to"), text: form.Get("text"), sender: form.Get("sender")})
	if result.Error != nil {
		return pageNote{Text: "Not sent: " + *result.Details + ".", Failed: true}
	}
	return pageNote{Text: "The message is sent."}
}

func (s *Server) actReceive(c *call, id int, form url.Values) pageNote {
	_, deliveries, err := s.Receive(c.request.Context(), id, form.Get("from"), form.Get("to"), form.Get("text"))
	if err != nil {
		return pageNote{Text: err.Error(), Failed: true}
	}
	var text strings.Builder
	text.WriteString("The message is received.")
	for _, d := range deliveries {
		fmt.Fprintf(&text, " Webhook %d answered %d.", d.WebhookID, d.Status)
	}
	return pageNote{Text: text.String()}
}

// number reads a number of a form; 0 if there is none.
func number(text string) int {
	n := 0
	_, _ = fmt.Sscan(text, &n)
	return n
}
