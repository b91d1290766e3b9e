package mockserver

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSnapshotRoundTrip(t *testing.T) {
	text := "d"
	first := newRig(t, Options{})
	first.AddStream(Stream{Type: OTP, Description: &text, Tags: []string{"a", "b"}, LastActivityAt: first.clock.Now().Add(time.Minute)})
	first.AddStream(Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "access"}})
	first.AddSender(Sender{Value: "MINE"})
	first.AddEvent(101, Event{Key: "k", Template: "{code}"})
	first.AddStream(Stream{Type: TwoWay})
	first.AddWebhook(103, Webhook{URL: "u", Headers: []Header{{"a", "b"}}})
	if _, _, err := first.Receive(t.Context(), 103, phoneA, "ACME", "hi"); err != nil {
		t.Fatal(err)
	}
	first.AddTemplate(102, WhatsAppTemplate{Name: "t"})
	first.token("/otp/auth", 101, object{"recipient_phone": phoneA, "sender": "ACME"}).want(200)
	first.RemoveStream(first.AddStream(Stream{}).ID)
	snapshot, err := first.Snapshot()
	if err != nil {
		t.Fatal(err)
	}

	second := newRig(t, Options{Now: first.clock.Now})
	if err := second.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	equal(t, "streams", string(mustJSON(t, second.Streams())), string(mustJSON(t, first.Streams())))
	equal(t, "senders", second.Senders(), first.Senders())
	equal(t, "wire", string(second.do("GET /streams", nil).body), string(first.do("GET /streams", nil).body))
	equal(t, "key", second.APIKey(), first.APIKey())
	for _, secret := range []string{second.APIKey(), first.Token(101), first.Token(102), "access"} {
		if !slices.Contains(second.Secrets(), secret) {
			t.Errorf("%q is not known as a secret", secret)
		}
	}
	equal(t, "token", second.Token(101), first.Token(101))
	equal(t, "next id", second.AddStream(Stream{Tags: []string{"b"}}).ID, 105)

	equal(t, "events", second.Events(101), first.Events(101))
	equal(t, "webhooks", second.Webhooks(103), first.Webhooks(103))
	equal(t, "messages", [][]Message{second.Messages(), second.Incoming()}, [][]Message{first.Messages(), first.Incoming()})
	equal(t, "templates", len(second.do("GET /streams/102/whatsapp/templates", nil).want(200).list()), 1)
	equal(t, "code", second.verify(101, phoneA, first.Code(101, phoneA)), "right")
	equal(t, "next event", second.do("POST /streams/101/events", object{"name": "n", "key": "l", "template": "t"}).want(201).object()["id"], any(2.0))

	third := New(Options{APIKey: "mine"})
	if err := third.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	equal(t, "a key of choice", third.APIKey(), "mine")
}

func TestRestoreNonsense(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{})
	if err := r.Restore([]byte("nonsense")); err == nil {
		t.Error("restored nonsense")
	}
	equal(t, "streams", len(r.Streams()), 1)
	if err := r.Restore([]byte("{}")); err != nil {
		t.Fatal(err)
	}
	equal(t, "the first stream has an id", r.AddStream(Stream{Tags: []string{"a"}}).ID > 0, true)
	r.do("GET /streams", nil).want(200)
}

func TestHooks(t *testing.T) {
	r := newRig(t, Options{Writes: WritesNotFound})
	hook := func(call string, body any) reply {
		t.Helper()
		method, path, _ := strings.Cut(call, " ")
		return r.send(method, "/_mock"+path, "", body)
	}
	hook("POST /streams", object{"name": "a", "type": "whatsapp", "whatsApp": object{"businessId": "b", "accessToken": "shh"}}).want(201)
	hook("PATCH /streams/101", object{"name": "b"}).want(200)
	hook("PATCH /streams/101", object{"name": ""}).want(422)
	hook("PATCH /streams/7", object{"name": "b"}).want(404)
	hook("PATCH /streams/101", "{").want(400)
	equal(t, "by hand", hook("GET /streams", nil).want(200).list()[0]["name"], any("b"))
	token := r.Token(101)
	hook("POST /streams/101/token", nil).want(200)
	if r.Token(101) == token {
		t.Error("the token is the old one")
	}

	hook("POST /faults", object{"pattern": "GET /streams", "status": 503, "delay": "1ms", "stage": "after", "header": object{"X-A": "b"}}).want(204)
	equal(t, "fault", r.do("GET /streams", nil).want(503).header.Get("X-A"), "b")
	for _, body := range []object{{"patern": "GET /streams"}, {"delay": "long"}, {"stage": "during"}, {"status": "503"}} {
		hook("POST /faults", body).want(400)
	}
	hook("POST /faults", object{"status": 500}).want(204)
	hook("DELETE /faults", nil).want(204)
	r.do("GET /streams", nil).want(200)

	r.do("PATCH /streams/101", object{"whatsApp": object{"accessToken": "never held"}, "description": "shh"}).want(404)
	p := hook("GET /requests", nil).want(200)
	equal(t, "requests", len(p.list()), 3)
	for _, secret := range []string{"never held", "shh"} {
		if strings.Contains(string(p.body), secret) {
			t.Errorf("the secret %q is in the response: %s", secret, p.body)
		}
	}
	hook("DELETE /requests", nil).want(204)
	equal(t, "requests", r.Count(""), 0)
	hook("DELETE /streams/101", nil).want(204)
	equal(t, "streams", len(r.Streams()), 0)
}
