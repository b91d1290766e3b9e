package mockserver

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"join": strings.Join}).Parse(pageSource))

// Sizes of the lists on the page.
const (
	pageStreams  = 20
	pageMessages = 20
	pageRequests = 30
)

// pageNote is what the page reports of an action.
type pageNote struct {
	Text   string
	Failed bool
	Token  string // shown because the person asked for it
	stream int    // selected; 0: the one in the query
}

// pageData is what the template shows.
type pageData struct {
	Note               pageNote
	Now                string
	Name, Status, Tag  string // filters
	Statuses, Tags     []string
	Rows               []pageRow
	Total, Page, Pages int
	Previous, Next     string // links; empty: none
	Panel              *pagePanel
	Sent, Received     []Message
	Requests           []hookRequest
	Senders            []Sender
	Domains            []Domain
}

// pageRow is a stream of the table.
type pageRow struct {
	Stream
	AllowedIPs   string
	LastActivity string
	Link         string
	Selected     bool
}

// pagePanel is everything about one stream.
type pagePanel struct {
	pageRow
	Created    string
	HasEvents  bool
	Receives   bool
	HasToken   bool // a WhatsApp access token
	Events     []Event
	Webhooks   []Webhook
	Templates  []WhatsAppTemplate
	Statistics []pageCount
	Received   int
	Samples    []pageSample
}

type pageCount struct {
	Status string
	Count  int
}

type pageSample struct{ Title, Curl string }

// page answers the page for people. It runs outside the server's lock.
func (s *Server) page(c *call, note pageNote) *answer {
	query := c.request.URL.Query()
	data := s.pageData(query, note, "http://"+c.request.Host)
	var html bytes.Buffer
	if err := pageTemplate.Execute(&html, data); err != nil {
		return problem(http.StatusInternalServerError, err.Error())
	}
	ans := &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body: html.Bytes()}
	ans.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	ans.set("Cache-Control", "no-store")
	return ans
}

func (s *Server) pageData(query url.Values, note pageNote, base string) pageData {
	s.mu.Lock()
	defer s.mu.Unlock()
	data := pageData{
		Note: note, Now: s.now().Format(time.DateTime), Name: query.Get("name"), Status: query.Get("status"), Tag: query.Get("tag"),
		Senders: slices.Clone(s.account.Senders), Domains: slices.Clone(s.account.Domains),
		Sent: latest(s.messagesNow(), pageMessages), Received: latest(s.account.Incoming, pageMessages),
		Tags: slices.Sorted(maps.Keys(s.account.Tags)), Statuses: []string{Ready, Sending, Draft, Disabled},
	}
	selected := note.stream
	if selected == 0 {
		selected, _ = strconv.Atoi(query.Get("stream"))
	}
	rows := []pageRow{}
	for _, st := range s.account.Streams {
		row := s.pageRow(st, query)
		row.Selected = st.ID == selected
		if row.Selected {
			data.Panel = s.panel(st, row, base)
		}
		if strings.Contains(strings.ToLower(row.Name), strings.ToLower(data.Name)) && matches(data.Status, row.State) &&
			(data.Tag == "" || slices.Contains(row.Tags, data.Tag)) {
			rows = append(rows, row)
		}
	}
	data.cut(rows, query)
	recent := []Request{}
	for _, entry := range latest(s.entries, pageRequests) {
		recent = append(recent, entry.copy())
	}
	data.Requests = readable(recent, s.secrets)
	return data
}

// cut leaves the rows of one page, and links to the pages around it.
func (d *pageData) cut(rows []pageRow, query url.Values) {
	d.Total = len(rows)
	d.Pages = max(1, (len(rows)+pageStreams-1)/pageStreams)
	d.Page, _ = strconv.Atoi(query.Get("page"))
	d.Page = min(max(1, d.Page), d.Pages)
	start := (d.Page - 1) * pageStreams
	d.Rows = rows[start:min(start+pageStreams, len(rows))]
	if d.Page > 1 {
		d.Previous = linkWith(query, "page", strconv.Itoa(d.Page-1))
	}
	if d.Page < d.Pages {
		d.Next = linkWith(query, "page", strconv.Itoa(d.Page+1))
	}
}

func (s *Server) pageRow(st *stream, query url.Values) pageRow {
	row := pageRow{Stream: st.export(s.now()), Link: linkWith(query, "stream", decimal(st.ID))}
	row.AllowedIPs = strings.Join(splitACL(st.IPACL), ", ")
	if last := wireTime(st.LastActivityAt); last != nil {
		row.LastActivity = *last
	}
	return row
}

func (s *Server) panel(st *stream, row pageRow, base string) *pagePanel {
	p := &pagePanel{
		pageRow: row, Created: st.CreatedAt.UTC().Format(time.DateTime), HasEvents: st.Type == OTP || st.Type == Transactional,
		Receives: hasConversations(st.Type), HasToken: st.WhatsApp != nil && st.WhatsApp.AccessToken != "",
		Events: slices.Clone(st.Events), Templates: slices.Clone(st.Templates),
	}
	for _, w := range st.Webhooks {
		w = w.clone()
		for i := range w.Headers {
			w.Headers[i].Value = headerMask // A value can be a secret.
		}
		p.Webhooks = append(p.Webhooks, w)
	}
	counts := map[string]int{}
	for _, m := range s.messagesNow() {
		if m.StreamID == st.ID {
			counts[m.Status]++
		}
	}
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		p.Statistics = append(p.Statistics, pageCount{status, counts[status]})
	}
	for _, m := range s.account.Incoming {
		if m.StreamID == st.ID {
			p.Received++
		}
	}
	p.Samples = samplesOf(st, base)
	return p
}

// samplesOf returns the requests that the tab Request API shows, with a placeholder for the token.
func samplesOf(st *stream, base string) []pageSample {
	sample := func(title, path string, body fieldsOf) pageSample {
		text, _ := json.Marshal(body)
		curl := fmt.Sprintf("curl -X POST %s%s \\\n  -H 'Authorization: TOKEN' -H 'Content-Type: application/json' \\\n  -d '%s'",
			base, path, strings.ReplaceAll(string(text), "'", `'\''`))
		return pageSample{title, curl}
	}
	const to = "447700900123"
	var samples []pageSample
	if st.Type == WhatsApp {
		return append(samples, sample("Start a conversation", "/whatsapp/initial/", fieldsOf{"recipient_phone": to, "template": "hello"}))
	}
	samples = append(samples, sample("Send a text", "/simple_send/", fieldsOf{
		"sender": "GLOBAL", "messages": []fieldsOf{{"recipient_phone": to, "message_content": "Hello"}},
	}))
	for _, event := range st.Events {
		variables := fieldsOf{}
		for _, match := range placeholder.FindAllStringSubmatch(event.Template, -1) {
			variables[match[1]] = match[1]
		}
		samples = append(samples, sample("Send the event "+event.Key, "/event_send/", fieldsOf{
			"event": event.Key, "recipients": []fieldsOf{{"recipient_phone": to, "sender": "GLOBAL", "template_variables": variables}},
		}))
	}
	if st.Type == OTP {
		samples = append(samples, sample("Send a code", "/otp/auth", fieldsOf{"recipient_phone": to, "sender": "GLOBAL"}))
	}
	return samples
}

// linkWith returns a link to the page with one field of its query changed.
func linkWith(query url.Values, name, value string) string {
	query = maps.Clone(query)
	query.Set(name, value)
	return "/_mock?" + query.Encode()
}

// latest returns the last items of a list, the newest first.
func latest[T any](list []T, most int) []T {
	list = slices.Clone(list[max(0, len(list)-most):])
	slices.Reverse(list)
	return list
}
