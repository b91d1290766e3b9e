package mockserver

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// mock calls a hook.
func (r *rig) mock(call string, body any) reply {
	r.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	return r.send(method, "/_mock"+path, "", body)
}

func TestHooksForEveryKindOfObject(t *testing.T) {
	r := newRig(t, Options{})
	r.mock("POST /streams", object{"name": "Codes", "type": "otp", "tags": []any{"a"}, "allowed_ips": []any{"203.0.113.7"}}).want(201)
	r.mock("PATCH /streams/101", object{"enabled": false, "otp": object{"code_length": 7}}).want(200)
	stream, _ := r.Stream(101)
	equal(t, "stream", []any{stream.State, stream.OTP.CodeLength, stream.IPACL, stream.Tags}, []any{Disabled, 7, "203.0.113.7", []string{"a"}})
	r.mock("PATCH /streams/101", object{"state": "ready"}).want(200)
	equal(t, "unknown field", r.mock("PATCH /streams/101", object{"colour": "x"}).violations(), []string{"colour UNKNOWN_FIELD"})
	r.mock("GET /streams/101", nil).want(200)
	equal(t, "token", r.mock("GET /streams/101/token", nil).object()["token"], any(r.Token(101)))

	r.mock("POST /streams/101/events", object{"name": "n", "key": "k", "template": "{code}"}).want(201)
	r.mock("PATCH /streams/101/events/1", object{"name": "m"}).want(200)
	equal(t, "events", r.Events(101), []Event{{1, "m", "k", "{code}"}})
	r.mock("DELETE /streams/101/events/1", nil).want(204)

	r.mock("POST /streams", object{"name": "Desk", "type": "two_way"}).want(201)
	r.mock("POST /streams/102/webhooks", object{"url": "https://example.com/", "headers": object{"X-A": "b"}}).want(201)
	r.mock("PATCH /streams/102/webhooks/1", object{"enabled": false}).want(200)
	equal(t, "webhooks", r.Webhooks(102), []Webhook{{1, "https://example.com/", "POST", []Header{{"X-A", "b"}}, false}})
	r.mock("DELETE /streams/102/webhooks/1", nil).want(204)

	r.mock("POST /streams", object{"name": "Chat", "type": "whatsapp", "whatsapp": object{"business_id": "b"}}).want(201)
	r.mock("POST /streams/103/templates", object{"name": "hello"}).want(201)
	equal(t, "templates", len(r.mock("GET /streams/103/templates", nil).list()), 1)
	r.mock("DELETE /streams/103/templates/1", nil).want(204)

	r.mock("POST /senders", object{"value": "SHOP", "sender_type": "numeric", "daily_limit": 5}).want(201)
	r.mock("PATCH /senders/5", object{"status": "rejected"}).want(200)
	equal(t, "sender", r.Senders()[4], Sender{ID: 5, Value: "SHOP", Type: "numeric", DailyLimit: 5, Status: Rejected})
	r.mock("DELETE /senders/5", nil).want(204)
	r.mock("DELETE /senders/5", nil).want(404)
	r.mock("POST /senders", object{"colour": "red"}).want(422)
	r.mock("POST /domains", object{"name": "a.example.com"}).want(201)
	r.mock("PATCH /domains/3", object{"status": DomainBlocked}).want(200)
	equal(t, "domain", r.Domains()[2], Domain{ID: 3, Name: "a.example.com", Status: DomainBlocked})
	r.mock("DELETE /domains/3", nil).want(204)

	added := r.mock("POST /messages", object{"stream": "101", "to": phoneA, "from": "ACME", "text": "hi", "status": "queued"}).want(201).object()
	equal(t, "status", r.Messages()[0].Status, "queued")
	r.mock("PATCH /messages/"+added["uuid"].(string), object{"status": "rejected"}).want(200)
	equal(t, "status", r.Messages()[0].Status, Refused)
	r.mock("POST /messages", object{"stream": 7}).want(422)
	equal(t, "messages", len(r.mock("GET /messages", nil).object()["sent"].([]any)), 1)
	r.mock("DELETE /messages/"+added["uuid"].(string), nil).want(204)
	equal(t, "test message", r.mock("POST /streams/101/send", object{"to": phoneA, "text": "hi", "sender": "GLOBAL"}).outcome(), "true; ok")
	for path, want := range map[string]int{"/senders": 4, "/domains": 2} {
		equal(t, path, len(r.mock("GET "+path, nil).list()), want)
	}
}

func TestIndexListsTheHooks(t *testing.T) {
	r := newRig(t, Options{})
	list := r.mock("GET ", nil).want(200).object()["endpoints"].([]any)
	if len(list) < 40 {
		t.Errorf("%d endpoints", len(list))
	}
	for _, entry := range list {
		if entry.(object)["help"] == "" || !strings.HasPrefix(entry.(object)["path"].(string), "/_mock") {
			t.Errorf("%v", entry)
		}
	}
	if p := r.mock("GET /nothing", nil).want(404); !strings.Contains(string(p.body), "GET /_mock lists all hooks") {
		t.Errorf("%s", p.body)
	}
	equal(t, "health", r.mock("GET /health", nil).want(200).object()["status"], any("ok"))
}

func TestOtherOriginsAreRefused(t *testing.T) {
	r := newRig(t, Options{})
	for header, want := range map[[2]string]int{
		{"Origin", "https://evil.example"}: 403, {"Origin", "null"}: 403, {"Origin", r.url}: 201, {"Sec-Fetch-Site", "cross-site"}: 403, {"X-None", ""}: 201,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/_mock/streams", strings.NewReader(`{"name": "a", "type": "otp"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "text/plain")
		req.Header.Set(header[0], header[1])
		equal(t, strings.Join(header[:], " "), r.exchange(req).status, want)
	}
	equal(t, "streams", len(r.Streams()), 2)
}

func TestClockMovesCodesAndMessages(t *testing.T) {
	r := newRig(t, Options{DeliveryDelay: time.Minute})
	r.AddStream(Stream{Type: OTP, DefaultSender: "ACME"})
	r.token("/otp/auth", 101, object{"recipient_phone": phoneA}).want(200)
	code := r.Code(101, phoneA)
	equal(t, "before", r.Messages()[0].Status, Sent)
	equal(t, "clock", r.mock("POST /clock", object{"advance": "10m"}).want(200).object()["now"], any("2026-03-01T12:10:00Z"))
	equal(t, "after", r.Messages()[0].Status, Delivered)
	equal(t, "code", r.verify(101, phoneA, code), "code has expired")
	for _, body := range []object{{"advance": "-1m"}, {"advance": "long"}, {}, {"advance": "1m", "x": 1}} {
		r.mock("POST /clock", body).want(400)
	}
	r.mock("POST /reset", nil).want(204)
	equal(t, "reset", r.mock("GET /clock", nil).object()["now"], any("2026-03-01T12:00:00Z"))
	equal(t, "account", len(r.Streams())+len(r.Messages()), 0)
}

func TestFaultsAreListedCountedAndChecked(t *testing.T) {
	r := newRig(t, Options{})
	r.mock("POST /faults", object{"pattern": "GET /streams", "status": 503, "times": 2, "delay": "1ms"}).want(204)
	r.do("GET /streams", nil).want(503)
	fault := r.mock("GET /faults", nil).want(200).list()[0]
	equal(t, "listed", []any{fault["pattern"], fault["hits"], fault["left"], fault["delay"]}, []any{"GET /streams", 1.0, 1.0, "1ms"})
	for _, body := range []object{{"pattern": "GET /streamz"}, {"pattern": "GET /streams/101"}, {"path": "streams"}, {"status": 99}} {
		r.mock("POST /faults", body).want(400)
	}
	equal(t, "filtered", r.mock("GET /requests?pattern=GET+/streams&count=1", nil).object()["count"], any(1.0))
	equal(t, "filtered", r.mock("GET /requests?pattern=GET+/senders&count=1", nil).object()["count"], any(0.0))
}

func TestFaultsInOneLine(t *testing.T) {
	s := New(Options{})
	for text, want := range map[string]Fault{
		"POST /streams=503x2":              {Pattern: "POST /streams", Status: 503, Times: 2},
		"GET /streams/{id}=drop@after":     {Pattern: "GET /streams/{id}", Drop: true, Stage: After},
		"PATCH /streams/{id}=truncatexall": {Pattern: "PATCH /streams/{id}", Truncate: true, Times: -1},
		"GET /senders=429+1.5sx3":          {Pattern: "GET /senders", Status: 429, Delay: 1500 * time.Millisecond, Times: 3},
		"GET /senders=+20ms":               {Pattern: "GET /senders", Delay: 20 * time.Millisecond},
	} {
		got, err := s.ParseFault(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		got.Match = nil
		equal(t, text, string(mustJSON(t, got))+got.Delay.String(), string(mustJSON(t, want))+want.Delay.String())
	}
	for _, text := range []string{"", "POST /streams", "POST /streams=", "POST /streams=5x", "streams=503", "POST /streamz=503", "GET /streams=700"} {
		if _, err := s.ParseFault(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
