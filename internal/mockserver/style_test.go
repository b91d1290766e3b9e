package mockserver

import (
	"fmt"
	"testing"
)

func TestErrorKeyHoldsEveryErrorText(t *testing.T) {
	for _, key := range errorKeys {
		r := newRig(t, Options{ErrorKey: key, Writes: WritesNotAllowed})
		r.AddStream(Stream{Type: OTP})
		r.Inject(Fault{Pattern: "GET /senders", Status: 503})
		for name, reply := range map[string]reply{
			"401": r.send("GET", "/textpeak/streams", "wrong", nil).want(401),
			"404": r.do("GET /streams/7", nil).want(404),
			"405": r.do("POST /streams", object{}).want(405),
			"400": r.do("GET /streams?_page=0", nil).want(400),
			"422": r.do("GET /streams/101/webhooks", nil).want(422),
			"503": r.do("GET /senders", nil).want(503),
		} {
			body := reply.object()
			text, isText := body[key].(string)
			delete(body, "violations")
			if !isText || text == "" || len(body) != 1 {
				t.Errorf("%s, %s: %s", key, name, reply.body)
			}
		}
	}
}

func TestPHPArrays(t *testing.T) {
	r := newRig(t, Options{PHPArrays: true, Senders: []Sender{}})
	r.AddStream(Stream{Tags: []string{"a", "b"}})
	r.AddStream(Stream{})
	list := r.do("GET /streams", nil).want(200).list()
	tag := func(id float64, value string) object { return object{"id": id, "value": value} }
	equal(t, "list with holes", list[0]["streamTags"], any(object{"0": tag(1, "a"), "2": tag(2, "b")}))
	equal(t, "empty list", list[1]["streamTags"], any([]any{}))
	equal(t, "no object", fmt.Sprint(list[0]["otpSettings"], list[0]["whatsApp"]), "[] []")
	equal(t, "empty body", string(r.do("GET /senders", nil).want(200).body), "[]")

	r.AddMessage(Message{StreamID: 101})
	items, isList := r.do("GET /streams/messages", nil).want(200).object()["items"].([]any)
	equal(t, "items stay a list", fmt.Sprint(isList, len(items)), "true 1")
}

func TestNamesOfTheTotal(t *testing.T) {
	for _, name := range []string{Total, TotalItems, TotalItemsInSnake} {
		r := newRig(t, Options{TotalName: name})
		r.AddStream(Stream{})
		r.AddMessage(Message{StreamID: 101})
		for path, want := range map[string]float64{"messages": 1, "incoming_messages": 0} {
			body := r.do("GET /streams/"+path, nil).want(200).object()
			equal(t, name, []any{len(body), body[name]}, []any{2, want})
		}
	}
}

func TestStatusFilterCanBeIgnored(t *testing.T) {
	r := newRig(t, Options{IgnoreStatusFilter: true})
	r.AddStream(Stream{})
	r.AddMessage(Message{StreamID: 101})
	r.AddMessage(Message{StreamID: 101, Status: "queued"})
	for _, query := range []string{"", "?status=delivered", "?status=rejected"} {
		equal(t, query, r.do("GET /streams/messages"+query, nil).want(200).object()["total"], any(2.0))
	}
}

func TestReplaceNested(t *testing.T) {
	for replace, want := range map[bool]OTPSettings{
		false: {"customer", 8, 60, 2, &SendingLimit{9, 60}},
		true:  {"commpeak", 8, 300, 3, &SendingLimit{9, 60}},
	} {
		r := newRig(t, Options{ReplaceNested: replace})
		r.AddStream(Stream{Type: OTP, OTP: &OTPSettings{"customer", 6, 60, 2, &SendingLimit{3, 60}}})
		limit := object{"messages": 9, "periodSeconds": 60}
		r.do("PATCH /streams/101", object{"otpSettings": object{"codeLength": 8, "sendingLimit": limit}}).want(200)
		got, _ := r.Stream(101)
		equal(t, fmt.Sprint("replace: ", replace), string(mustJSON(t, got.OTP)), string(mustJSON(t, want)))
	}

	r := newRig(t, Options{ReplaceNested: true})
	r.AddStream(Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "token"}})
	r.do("PATCH /streams/101", object{"whatsApp": object{"businessId": "c"}}).want(200)
	equal(t, "access token", r.AccessToken(101), "token")
	r.do("PATCH /streams/101", object{"name": "n"}).want(200)
	got, _ := r.Stream(101)
	equal(t, "untouched", *got.WhatsApp, WhatsAppSettings{"c", "token"})
}

func TestOTPWithBothSlashes(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP, DefaultSender: "ACME"})
	for _, path := range []string{"/otp/auth", "/otp/auth/"} {
		equal(t, path, r.token(path, 101, object{"recipient_phone": phoneA}).outcome(), "true; ok")
	}
}

func TestDomains(t *testing.T) {
	r := newRig(t, Options{Domains: []Domain{{Name: "a.example.com", IP: "203.0.113.1", Status: DomainConfigured}}, Spelling: Spelling{Case: Upper}})
	equal(t, "added", r.AddDomain(Domain{Name: "b.example.com", Status: DomainReachedLimit}).ID, 2)
	equal(t, "listed", r.do("GET /domains", nil).want(200).list(), []map[string]any{
		{"id": 1.0, "name": "a.example.com", "ip": "203.0.113.1", "status": "Configured"},
		{"id": 2.0, "name": "b.example.com", "ip": nil, "status": "Reached Limit"},
	})
	equal(t, "Domains", len(r.Domains()), 2)
	equal(t, "default", len(newRig(t, Options{}).Domains()), 2)
}
