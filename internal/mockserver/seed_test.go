package mockserver

import (
	"strings"
	"testing"
)

func TestSeedInTermsOfTerraform(t *testing.T) {
	r := newRig(t, Options{})
	err := r.Seed([]byte(`{
		"api_key": "seeded-key",
		"streams": [
			{"id": 107, "name": "Codes", "type": "otp", "allowed_ips": ["203.0.113.7", "198.51.100.0/24"], "tags": ["a", "b"], "enabled": false,
			 "otp": {"code_length": 6, "code_ttl_seconds": 60, "sending_limit": {"max_messages": 2, "period_seconds": 30}},
			 "events": [{"key": "login", "template": "{code}"}]},
			{"name": "Desk", "type": "two_way", "default_sender": "ACME", "webhooks": [{"url": "https://example.com/in", "headers": {"X-A": "b"}}]},
			{"id": 103, "name": "Chat", "type": "whatsapp", "whatsapp": {"business_id": "b", "access_token": "t"},
			 "token": "known-token", "whatsapp_templates": [{"name": "hello", "body": "Hi"}]}
		],
		"senders": [{"value": "SHOP"}],
		"domains": []
	}`))
	if err != nil {
		t.Fatal(err)
	}
	codes := r.do("GET /streams/107", nil).want(200).object()
	equal(t, "codes", []any{codes["ipAcl"], codes["state"], codes["name"]}, []any{"203.0.113.7, 198.51.100.0/24", "disabled", "Codes"})
	stored, _ := r.Stream(107)
	equal(t, "otp", string(mustJSON(t, stored.OTP)), `{"codeGeneration":"commpeak","codeLength":6,"codeTtl":60,"maxFailures":3,"sendingLimit":{"messages":2,"periodSeconds":30}}`)
	equal(t, "events", r.Events(107), []Event{{1, "login", "login", "{code}"}})
	equal(t, "webhooks", r.Webhooks(108), []Webhook{{1, "https://example.com/in", "POST", []Header{{"X-A", "b"}}, true}})
	equal(t, "token", []string{r.Token(103), r.APIKey()}, []string{"known-token", "seeded-key"})
	equal(t, "senders", r.Senders(), []Sender{{ID: 1, Name: "SHOP", Value: "SHOP", Type: "alphanumeric", Status: Approved}})
	equal(t, "domains", len(r.Domains()), 0)
	equal(t, "leftovers", len(r.Leftovers()), 0)

	next := int(r.do("POST /streams", object{"name": "new", "type": "marketing"}).want(201).object()["id"].(float64))
	equal(t, "next", next, 109)
	equal(t, "leftovers", r.Leftovers()[0].ID, 109)
	r.RemoveStream(107)
	r.Reset()
	equal(t, "after the reset", len(r.Streams()), 3)
	equal(t, "leftovers", len(r.Leftovers()), 0)
}

func TestSeedNamesWhatIsWrong(t *testing.T) {
	for seed, want := range map[string]string{
		`nonsense`:         "read the seed: ",
		`{"stream": []}`:   "stream: this field was not expected",
		`{"streams": {}}`:  "streams: must be a list",
		`{"streams": [7]}`: "streams[0]: must be an object",
		`{"streams": [{"name": "a", "type": "otp", "colour": "b"}]}`:                                          "streams[0]: colour: ",
		`{"streams": [{"name": "a", "type": "sms"}]}`:                                                         "streams[0]: type: ",
		`{"streams": [{"id": 7, "name": "a", "type": "otp"}, {"id": 7, "name": "b", "type": "otp"}]}`:         "streams[1]: the ID 7 is used twice",
		`{"streams": [{"name": "a", "type": "otp", "events": [{"key": "k", "text": "t"}]}]}`:                  "events[0]: text: ",
		`{"senders": [{"value": "A", "colour": "red"}]}`:                                                      `senders[0]: json: unknown field "colour"`,
		`{"domains": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]}`:                                       "the ID 1 of a domain is used twice",
		`{"streams": [{"name": "a", "type": "otp", "otp": {"code_colour": 5}}]}`:                              "otpSettings.codeColour: ",
		`{"streams": [{"name": "a", "type": "otp", "allowed_ips": ["nonsense"]}]}`:                            "ipAcl: ",
		`{"streams": [{"name": "a", "type": "two_way", "webhooks": [{"url": "ftp://a", "method": "POST"}]}]}`: "webhooks[0]: url: ",
	} {
		r := newRig(t, Options{})
		r.AddStream(Stream{Name: "Kept"})
		if err := r.Seed([]byte(seed)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", seed, err, want)
		}
		equal(t, "streams", r.Streams()[0].Name, "Kept")
	}
}

func TestStateWrittenByHandIsCompleted(t *testing.T) {
	r := newRig(t, Options{})
	if err := r.Restore([]byte(`{"streams": [{"id": 205, "type": "otp", "tags": ["x"]}, {"id": 107, "name": "Codes", "type": "otp", "events": [{"key": "k"}]}, {"name": "New"}]}`)); err != nil {
		t.Fatal(err)
	}
	var ids []int
	for _, st := range r.Streams() {
		ids = append(ids, st.ID)
		if st.UID == "" || st.Name == "" || st.State != Ready || st.CreatedAt.IsZero() || len(r.Token(st.ID)) < 50 {
			t.Errorf("incomplete: %+v", st)
		}
		r.do("GET /streams/"+decimal(st.ID), nil).want(200)
	}
	equal(t, "ids", ids, []int{107, 205, 206})
	equal(t, "next", r.AddStream(Stream{}).ID, 207)
	equal(t, "events", r.Events(107)[0].ID, 1)
	equal(t, "senders", len(r.Senders()), 4)
	stream, _ := r.Stream(205)
	equal(t, "otp", stream.OTP.CodeLength, 5)
	equal(t, "tag", r.do("GET /streams/205", nil).object()["streamTags"], any([]any{object{"id": 1.0, "value": "x"}}))

	for _, text := range []string{
		`{"streams": [{"id": 107}, {"id": 107}]}`, `{"streams": [null]}`, `{"streams": [{"id": -1}]}`,
		`{"streams": [{"events": [{"id": 1}]}, {"events": [{"id": 1}]}]}`,
	} {
		if err := r.Restore([]byte(text)); err == nil {
			t.Errorf("restored %s", text)
		}
	}
	equal(t, "unchanged", len(r.Streams()), 4)
}

func TestEmptyTokenNeverAuthorizes(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{DefaultSender: "ACME"})
	r.account.Streams[0].Token = ""
	r.send("POST", "/simple_send/", "", texts(text(phoneA, "hi"))).want(401)
	equal(t, "messages", len(r.Messages()), 0)
}
