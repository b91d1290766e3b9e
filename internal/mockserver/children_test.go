package mockserver

import (
	"fmt"
	"strings"
	"testing"
)

func TestEvents(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP})
	r.AddStream(Stream{Type: Transactional})
	body := func(key string) object { return object{"name": "n", "key": key, "template": "{code}"} }
	first := r.do("POST /streams/101/events", body("a")).want(201).object()
	equal(t, "created", first, object{"id": 1.0, "name": "n", "key": "a", "template": "{code}"})
	r.do("POST /streams/102/events", body("a")).want(201) // The key is another stream's.
	equal(t, "twice", r.do("POST /streams/101/events", body("a")).violations(), []string{"key NOT_UNIQUE"})
	r.do("POST /streams/101/events", body("b")).want(201)

	equal(t, "shown", r.do("GET /streams/101/events/1", nil).want(200).object(), first)
	equal(t, "patched", r.do("PATCH /streams/101/events/1", object{"name": "m", "key": "a"}).want(200).object(), object{"id": 1.0, "name": "m", "key": "a", "template": "{code}"})
	equal(t, "another key", r.do("PATCH /streams/101/events/1", object{"key": "c"}).violations(), []string{"key IMMUTABLE"})
	equal(t, "no key", r.do("PATCH /streams/101/events/1", object{"key": nil}).violations(), []string{"key IMMUTABLE"})
	equal(t, "page", r.do("GET /streams/101/events?_page=2&itemsPerPage=1", nil).want(200).list()[0]["id"], any(3.0))
	r.do("GET /streams/101/events?_page=0", nil).want(400)
	r.do("GET /streams/101/events/2", nil).want(404) // another stream's
	r.do("GET /streams/101/events/01", nil).want(404)
	r.do("GET /streams/7/events", nil).want(404)
	r.do("DELETE /streams/101/events/1", nil).want(204)
	for _, call := range []string{"GET", "PATCH", "DELETE"} {
		r.do(call+" /streams/101/events/1", object{}).want(404)
	}
	equal(t, "left", r.Events(101), []Event{{3, "n", "b", "{code}"}})
}

func TestEventViolations(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP})
	with := func(key string, value any) object {
		o := object{"name": "n", "key": "k", "template": "t"}
		o[key] = value
		return o
	}
	for _, tt := range []struct {
		body object
		want []string // none: created
	}{
		{object{}, []string{"name NOT_BLANK", "template INVALID_LENGTH", "key INVALID_KEY"}},
		{object{"name": 1, "template": 1, "key": 1}, []string{"name INVALID_TYPE", "template INVALID_TYPE", "key INVALID_TYPE"}},
		{with("name", " "), []string{"name NOT_BLANK"}},
		{with("template", ""), []string{"template INVALID_LENGTH"}},
		{with("template", strings.Repeat("ü", 1601)), []string{"template INVALID_LENGTH"}},
		{with("key", "Upper"), []string{"key INVALID_KEY"}},
		{with("key", "a-b"), []string{"key INVALID_KEY"}},
		{with("key", strings.Repeat("a", 65)), []string{"key INVALID_KEY"}},
		{with("stream", 1), []string{"stream UNKNOWN_FIELD"}},
		{object{"name": "n", "key": strings.Repeat("_", 64), "template": strings.Repeat("ü", 1600)}, nil},
		{with("template", " "), nil},
	} {
		p := r.do("POST /streams/101/events", tt.body)
		if tt.want == nil {
			p.want(201)
		} else {
			equal(t, fmt.Sprintf("%.60v", tt.body), p.violations(), tt.want)
		}
	}
}

func TestWebhooks(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: TwoWay})
	header := func(value string) []any { return []any{object{"name": "X-A", "value": value}} }
	bare := r.do("POST /streams/101/webhooks", object{"url": "https://example.com/in?a=b", "method": "POST"}).want(201).object()
	equal(t, "bare", bare, object{"id": 1.0, "url": "https://example.com/in?a=b", "method": "POST", "headers": []any{}, "enabled": true})
	full := object{"id": 2.0, "url": "http://127.0.0.1:8080", "method": "GET", "headers": header("1"), "enabled": false}
	equal(t, "full", r.do("POST /streams/101/webhooks", object{"url": "http://127.0.0.1:8080", "method": "GET", "headers": header("1"), "enabled": false}).want(201).object(), full)
	equal(t, "shown", r.do("GET /streams/101/webhooks/2", nil).want(200).object(), full)
	equal(t, "listed", r.do("GET /streams/101/webhooks?itemsPerPage=1&_page=2", nil).want(200).list(), []map[string]any{full})

	full["url"], full["headers"], full["enabled"] = "http://localhost", []any{}, true
	equal(t, "patched", r.do("PATCH /streams/101/webhooks/2", object{"url": "http://localhost", "headers": nil, "enabled": true}).want(200).object(), full)
	full["headers"] = header("2")
	equal(t, "patched", r.do("PATCH /streams/101/webhooks/2", object{"headers": header("2")}).want(200).object(), full)
	r.do("DELETE /streams/101/webhooks/1", nil).want(204)
	r.do("GET /streams/101/webhooks/1", nil).want(404)
	equal(t, "left", r.Webhooks(101), []Webhook{{2, "http://localhost", "GET", []Header{{"X-A", "2"}}, true}})

	for _, tt := range []struct {
		body object
		want []string
	}{
		{object{}, []string{"url INVALID_URL", "method REQUIRED"}},
		{object{"url": 1, "method": 1, "headers": 1, "enabled": 1}, []string{"url INVALID_TYPE", "method INVALID_TYPE", "headers INVALID_TYPE", "enabled INVALID_TYPE"}},
		{object{"url": "ftp://a", "method": "post"}, []string{"url INVALID_URL", "method INVALID_CHOICE"}},
		{object{"url": "https://", "method": "POST"}, []string{"url INVALID_URL"}},
		{object{"url": "http://a/b c", "method": "POST"}, []string{"url INVALID_URL"}},
		{object{"url": "http://a", "method": "POST", "body": 1}, []string{"body UNKNOWN_FIELD"}},
		{
			object{"url": "http://a", "method": "POST", "headers": []any{1, object{"name": "a b", "value": "a\nb", "x": 1}, object{}}},
			[]string{"headers[0] INVALID_TYPE", "headers[1].x UNKNOWN_FIELD", "headers[2].name REQUIRED", "headers[2].value REQUIRED", "headers[1].name INVALID_HEADER", "headers[1].value INVALID_HEADER"},
		},
	} {
		got := r.do("POST /streams/101/webhooks", tt.body).violations()
		equal(t, fmt.Sprint(tt.body), sorted(got), sorted(tt.want))
	}
}

func TestMaskedHeaders(t *testing.T) {
	r := newRig(t, Options{MaskHeaders: true})
	r.AddStream(Stream{Type: TwoWay})
	p := r.do("POST /streams/101/webhooks", object{"url": "http://a", "method": "POST", "headers": []any{object{"name": "X-A", "value": "secret"}}}).want(201)
	for _, p := range []reply{p, r.do("GET /streams/101/webhooks", nil), r.do("PATCH /streams/101/webhooks/1", object{"enabled": false})} {
		if !strings.Contains(string(p.body), `"headers":[{"name":"X-A","value":"********"}]`) {
			t.Errorf("not masked: %s", p.body)
		}
	}
	equal(t, "kept", r.Webhooks(101)[0].Headers[0].Value, "secret")
}

func TestTemplates(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: WhatsApp})
	equal(t, "none", string(r.do("GET /streams/101/whatsapp/templates", nil).want(200).body), "[]")
	r.AddTemplate(101, WhatsAppTemplate{Name: "hello", Language: "en_US", Category: "UTILITY", Status: "APPROVED", Body: "Hi {{1}}"})
	equal(t, "one", r.do("GET /streams/101/whatsapp/templates", nil).list(), []map[string]any{{"id": 1.0, "name": "hello", "language": "en_US", "category": "UTILITY", "status": "APPROVED", "body": "Hi {{1}}"}})
	r.do("POST /streams/101/whatsapp/templates", object{}).want(405)
}

func TestWhatHangsOnWhichType(t *testing.T) {
	for path, types := range map[string]string{
		"/events": OTP + Transactional, "/webhooks": TwoWay + WhatsApp, "/whatsapp/templates": WhatsApp,
	} {
		for _, streamType := range []string{Marketing, Transactional, OTP, TwoWay, WhatsApp} {
			r := newRig(t, Options{})
			r.AddStream(Stream{Type: streamType})
			p := r.do("GET /streams/101"+path, nil)
			if strings.Contains(types, streamType) {
				p.want(200)
				continue
			}
			equal(t, path+" of "+streamType, p.violations(), []string{" NOT_ALLOWED"})
			if path != "/whatsapp/templates" {
				r.do("POST /streams/101"+path, object{}).want(422)
				r.do("GET /streams/101"+path+"/1", nil).want(422)
			}
		}
	}
}

func TestChildrenOfTheConsole(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP})
	event, _ := r.AddEvent(101, Event{Key: "Odd Key"})
	r.EditEvent(101, event.ID, func(e *Event) { e.ID, e.Name = 9, "edited" })
	equal(t, "events", r.Events(101), []Event{{1, "edited", "Odd Key", ""}})
	equal(t, "a name for the odd one", r.do("PATCH /streams/101/events/1", object{"name": "a", "template": "t"}).status, 200)
	equal(t, "removed", []bool{r.RemoveEvent(101, 1), r.RemoveEvent(101, 1), r.EditEvent(101, 1, nil)}, []bool{true, false, false})

	given := []Header{{"a", "b"}}
	hook, _ := r.AddWebhook(101, Webhook{URL: "u", Headers: given})
	given[0].Value = "c"
	hook.Headers[0].Value = "d"
	r.Webhooks(101)[0].Headers[0].Value = "e"
	r.EditWebhook(101, hook.ID, func(w *Webhook) { w.ID = 9; w.Enabled = true })
	equal(t, "webhooks", r.Webhooks(101), []Webhook{{1, "u", "POST", []Header{{"a", "b"}}, true}})
	equal(t, "removed", []bool{r.RemoveWebhook(101, 1), r.RemoveWebhook(101, 1)}, []bool{true, false})

	_, found := r.AddEvent(7, Event{})
	equal(t, "no stream", []any{found, len(r.Events(7)), len(r.Webhooks(7))}, []any{false, 0, 0})
}

func TestChildrenGoWithTheStream(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP})
	r.AddEvent(101, Event{Key: "k"})
	r.do("DELETE /streams/101", nil).want(204)
	r.do("GET /streams/101/events/1", nil).want(404)
	equal(t, "events", len(r.Events(101)), 0)
}
