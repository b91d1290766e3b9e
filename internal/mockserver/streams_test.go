package mockserver

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

type object = map[string]any

func TestCreateStream(t *testing.T) {
	otpDefaults := object{"codeGeneration": "commpeak", "codeLength": 5.0, "codeTtl": 300.0, "maxFailures": 3.0, "sendingLimit": nil}
	for _, tt := range []struct {
		name string
		body object
		want object // what differs from a bare stream
	}{
		{"bare", object{"name": "a", "type": "marketing"}, object{}},
		{"all of it", object{
			"name": " Füße ", "type": "two_way", "description": "", "demo": true, "restricted": true, "state": "disabled",
			"ipAcl": "203.0.113.7;2001:db8::/32", "defaultSender": "anything",
			"streamTags": []any{object{"value": "b"}, object{"value": "a"}, object{"value": "b"}},
		}, object{
			"name": " Füße ", "type": "two_way", "description": "", "demo": true, "restricted": true, "state": "disabled",
			"ipAcl": "203.0.113.7, 2001:db8::/32", "defaultSender": "anything",
			"streamTags": []any{object{"id": 1.0, "value": "b"}, object{"id": 2.0, "value": "a"}},
		}},
		{"nulls", object{
			"name": "a", "type": "marketing", "description": nil, "ipAcl": nil, "streamTags": nil, "defaultSender": nil,
			"demo": nil, "restricted": nil, "otpSettings": nil, "whatsApp": nil, "state": nil,
		}, object{}},
		{"otp defaults", object{"name": "a", "type": "otp"}, object{"type": "otp", "otpSettings": otpDefaults}},
		{"otp, some of it", object{"name": "a", "type": "otp", "otpSettings": object{
			"codeGeneration": "customer", "codeLength": 10, "codeTtl": nil, "sendingLimit": object{"messages": 1, "periodSeconds": 60},
		}}, object{"type": "otp", "otpSettings": object{
			"codeGeneration": "customer", "codeLength": 10.0, "codeTtl": 300.0, "maxFailures": 3.0,
			"sendingLimit": object{"messages": 1.0, "periodSeconds": 60.0},
		}}},
		{
			"whatsapp",
			object{"name": "a", "type": "whatsapp", "whatsApp": object{"businessId": "b", "accessToken": "t"}},
			object{"type": "whatsapp", "whatsApp": object{"businessId": "b"}},
		},
		{
			"whatsapp draft",
			object{"name": "a", "type": "whatsapp", "whatsApp": object{"businessId": "b"}},
			object{"type": "whatsapp", "whatsApp": object{"businessId": "b"}, "state": "draft"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, Options{})
			got := r.do("POST /streams", tt.body).want(201).object()
			if uid, _ := got["streamUid"].(string); !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(uid) {
				t.Errorf("streamUid %q is no UUID", uid)
			}
			delete(got, "streamUid")
			want := object{
				"id": 101.0, "name": "a", "description": nil, "type": "marketing", "callerId": nil, "ipAcl": nil, "state": "ready",
				"streamTags": []any{}, "defaultSender": nil, "demo": false, "restricted": false, "otpSettings": nil, "whatsApp": nil,
				"createdAt": "2026-03-01 12:00:00", "lastActivityAt": nil,
			}
			maps.Copy(want, tt.want)
			equal(t, "stream", got, want)
			shown := r.do("GET /streams/101", nil).want(200).object()
			delete(shown, "streamUid")
			equal(t, "stream shown", shown, want)
		})
	}
}

func TestStreamViolations(t *testing.T) {
	long := strings.Repeat("ü", 256)
	otp := func(settings object) object { return object{"name": "a", "type": "otp", "otpSettings": settings} }
	with := func(key string, value any) object { return object{"name": "a", "type": "marketing", key: value} }
	acl := func(entry string) object { return with("ipAcl", entry) }
	for _, tt := range []struct {
		body object
		want []string // none: created
	}{
		{object{}, []string{"name NOT_BLANK", "type NOT_BLANK"}},
		{object{"name": nil, "type": nil}, []string{"name NOT_BLANK", "type NOT_BLANK"}},
		{object{"name": " \t", "type": "sms"}, []string{"name NOT_BLANK", "type INVALID_CHOICE"}},
		{object{"name": 5, "type": 5}, []string{"name INVALID_TYPE", "type INVALID_TYPE"}},
		{object{"name": "a", "type": "Two-way"}, []string{"type INVALID_CHOICE"}},
		{with("name", long), []string{"name TOO_LONG"}},
		{with("name", long[2:]), nil},
		{with("description", 1), []string{"description INVALID_TYPE"}},
		{with("demo", "yes"), []string{"demo INVALID_TYPE"}},
		{with("restricted", 1), []string{"restricted INVALID_TYPE"}},
		{with("state", "sending"), []string{"state INVALID_CHOICE"}},
		{with("state", "draft"), []string{"state INVALID_CHOICE"}},
		{with("enabled", true), []string{"enabled UNKNOWN_FIELD"}},
		{with("enabled", nil), []string{"enabled UNKNOWN_FIELD"}},
		{with("id", 5), []string{"id UNKNOWN_FIELD"}},
		{with("callerId", "1"), []string{"callerId UNKNOWN_FIELD"}},
		{with("defaultSender", ""), []string{"defaultSender NOT_BLANK"}},
		{with("defaultSender", "not one of the senders"), nil},
		{with("streamTags", "a"), []string{"streamTags INVALID_TYPE"}},
		{
			with("streamTags", []any{"a", object{"value": ""}, object{"value": long}}),
			[]string{"streamTags[0] INVALID_TYPE", "streamTags[1].value NOT_BLANK", "streamTags[2].value TOO_LONG"},
		},
		{with("streamTags", []any{object{"id": 1, "value": "a"}}), []string{"streamTags[0].id UNKNOWN_FIELD"}},
		{with("otpSettings", object{}), []string{"otpSettings NOT_ALLOWED"}},
		{with("whatsApp", object{"businessId": "b"}), []string{"whatsApp NOT_ALLOWED"}},

		{acl("203.0.113.7, 203.0.113.0/24;2001:db8::1\n2001:db8::/32 198.51.100.1/32"), nil},
		{acl(""), nil},
		{acl("203.0.113.7/24"), []string{"ipAcl INVALID_IP"}},
		{acl("203.0.113.007"), []string{"ipAcl INVALID_IP"}},
		{acl("2001:DB8::1"), []string{"ipAcl INVALID_IP"}},
		{acl("2001:db8:0::1"), []string{"ipAcl INVALID_IP"}},
		{acl("::ffff:203.0.113.7"), []string{"ipAcl INVALID_IP"}},
		{acl("fe80::1%eth0"), []string{"ipAcl INVALID_IP"}},
		{acl("localhost, 203.0.113.7/33"), []string{"ipAcl INVALID_IP", "ipAcl INVALID_IP"}},
		{with("ipAcl", []any{"203.0.113.7"}), []string{"ipAcl INVALID_TYPE"}},

		{otp(object{"codeLength": 4, "codeTtl": 30, "maxFailures": 1}), nil},
		{otp(object{"codeLength": 10, "codeTtl": 86400, "maxFailures": 10}), nil},
		{
			otp(object{"codeLength": 3, "codeTtl": 29, "maxFailures": 0}),
			[]string{"otpSettings.codeLength OUT_OF_RANGE", "otpSettings.codeTtl OUT_OF_RANGE", "otpSettings.maxFailures OUT_OF_RANGE"},
		},
		{
			otp(object{"codeLength": 11, "codeTtl": 86401, "maxFailures": 11}),
			[]string{"otpSettings.codeLength OUT_OF_RANGE", "otpSettings.codeTtl OUT_OF_RANGE", "otpSettings.maxFailures OUT_OF_RANGE"},
		},
		{otp(object{"codeLength": 4.5, "codeTtl": "30"}), []string{"otpSettings.codeLength INVALID_TYPE", "otpSettings.codeTtl INVALID_TYPE"}},
		{otp(object{"codeGeneration": "CommPeak"}), []string{"otpSettings.codeGeneration INVALID_CHOICE"}},
		{otp(object{"digits": 5}), []string{"otpSettings.digits UNKNOWN_FIELD"}},
		{otp(object{"sendingLimit": object{}}), []string{"otpSettings.sendingLimit.messages REQUIRED", "otpSettings.sendingLimit.periodSeconds REQUIRED"}},
		{
			otp(object{"sendingLimit": object{"messages": 0, "periodSeconds": -1, "per": "day"}}),
			[]string{"otpSettings.sendingLimit.per UNKNOWN_FIELD", "otpSettings.sendingLimit.messages OUT_OF_RANGE", "otpSettings.sendingLimit.periodSeconds OUT_OF_RANGE"},
		},
		{object{"name": "a", "type": "otp", "otpSettings": 5}, []string{"otpSettings INVALID_TYPE"}},

		{object{"name": "a", "type": "whatsapp"}, []string{"whatsApp REQUIRED"}},
		{object{"name": "a", "type": "whatsapp", "whatsApp": object{}}, []string{"whatsApp.businessId NOT_BLANK"}},
		{
			object{"name": "a", "type": "whatsapp", "whatsApp": object{"businessId": " ", "accessToken": "", "pin": 1}, "defaultSender": "b"},
			[]string{"whatsApp.pin UNKNOWN_FIELD", "defaultSender NOT_ALLOWED", "whatsApp.businessId NOT_BLANK", "whatsApp.accessToken NOT_BLANK"},
		},
	} {
		t.Run(fmt.Sprintf("%.60v", tt.body), func(t *testing.T) {
			r := newRig(t, Options{})
			p := r.do("POST /streams", tt.body)
			if tt.want == nil {
				p.want(201)
				return
			}
			equal(t, "violations", p.violations(), tt.want)
			equal(t, "streams", len(r.Streams()), 0)
		})
	}
}

func TestPatchStream(t *testing.T) {
	text := "before"
	limit := &SendingLimit{Messages: 3, PeriodSeconds: 60}
	bases := map[string]Stream{
		"otp":       {Name: "a", Type: OTP, OTP: &OTPSettings{"customer", 6, 60, 2, limit}},
		"whatsapp":  {Name: "a", Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "t"}},
		"marketing": {Name: "a", Description: &text, DefaultSender: "ACME", IPACL: "203.0.113.7 ;198.51.100.9/24", Tags: []string{"x", "y"}, Demo: true, Restricted: true, CallerID: "1"},
		"voice":     {Name: "a", Type: "voice", State: "archived"},
	}
	for _, tt := range []struct {
		base  string
		patch object
		want  func(*Stream) // what becomes different
	}{
		{"marketing", object{}, func(*Stream) {}},
		{"marketing", object{"name": "b"}, func(s *Stream) { s.Name = "b" }},
		{"marketing", object{"type": "marketing"}, func(*Stream) {}},
		{"marketing", object{"description": nil}, func(s *Stream) { s.Description = nil }},
		{"marketing", object{"defaultSender": nil}, func(s *Stream) { s.DefaultSender = "" }},
		{"marketing", object{"ipAcl": nil}, func(s *Stream) { s.IPACL = "" }},
		{"marketing", object{"ipAcl": ""}, func(s *Stream) { s.IPACL = "" }},
		{"marketing", object{"streamTags": []any{object{"value": "z"}}}, func(s *Stream) { s.Tags = []string{"z"} }},
		{"marketing", object{"streamTags": []any{}}, func(s *Stream) { s.Tags = nil }},
		{"marketing", object{"demo": false, "restricted": nil}, func(s *Stream) { s.Demo, s.Restricted = false, false }},
		{"marketing", object{"state": "disabled"}, func(s *Stream) { s.State = Disabled }},
		{"otp", object{"otpSettings": object{"codeLength": 8}}, func(s *Stream) { s.OTP.CodeLength = 8 }},
		{
			"otp",
			object{"otpSettings": object{"codeLength": nil, "sendingLimit": nil}},
			func(s *Stream) { s.OTP.CodeLength, s.OTP.SendingLimit = 5, nil },
		},
		{"otp", object{"otpSettings": object{"sendingLimit": object{"messages": 9}}}, func(s *Stream) { s.OTP.SendingLimit.Messages = 9 }},
		{"otp", object{"otpSettings": nil}, func(s *Stream) { s.OTP = new(defaultOTP()) }},
		{"whatsapp", object{"whatsApp": object{"businessId": "c"}}, func(s *Stream) { s.WhatsApp.BusinessID = "c" }},
		{"whatsapp", object{"whatsApp": object{"accessToken": "u"}}, func(s *Stream) { s.WhatsApp.AccessToken = "u" }},
		{"whatsapp", object{"whatsApp": object{"accessToken": nil}}, func(s *Stream) { s.WhatsApp.AccessToken, s.State = "", Draft }},
		{"voice", object{"name": "b"}, func(s *Stream) { s.Name = "b" }},
		{"voice", object{"state": "ready"}, func(s *Stream) { s.State = Ready }},
	} {
		t.Run(fmt.Sprintf("%s %v", tt.base, tt.patch), func(t *testing.T) {
			r := newRig(t, Options{})
			want := r.AddStream(bases[tt.base])
			token := r.Token(want.ID)
			tt.want(&want)
			answer := r.do("PATCH /streams/101", tt.patch).want(200).object()
			got, _ := r.Stream(101)
			equal(t, "stream", string(mustJSON(t, got)), string(mustJSON(t, want)))
			equal(t, "answer", answer, r.do("GET /streams/101", nil).object())
			equal(t, "token", r.Token(101), token)
		})
	}
}

func TestPatchViolations(t *testing.T) {
	for _, tt := range []struct {
		base  Stream
		patch object
		want  []string
	}{
		{Stream{}, object{"name": nil}, []string{"name NOT_BLANK"}},
		{Stream{}, object{"type": "otp"}, []string{"type IMMUTABLE"}},
		{Stream{}, object{"type": nil}, []string{"type IMMUTABLE"}},
		{Stream{}, object{"bogus": nil}, []string{"bogus UNKNOWN_FIELD"}},
		{Stream{}, object{"createdAt": "2026-01-01 00:00:00"}, []string{"createdAt UNKNOWN_FIELD"}},
		{Stream{}, object{"ipAcl": "nonsense"}, []string{"ipAcl INVALID_IP"}},
		{Stream{Type: OTP}, object{"otpSettings": object{"sendingLimit": object{"messages": 1}}}, []string{"otpSettings.sendingLimit.periodSeconds REQUIRED"}},
		{Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "t"}}, object{"whatsApp": nil}, []string{"whatsApp REQUIRED"}},
		{Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "t"}}, object{"whatsApp": object{"businessId": nil}}, []string{"whatsApp.businessId NOT_BLANK"}},
		{Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "t"}}, object{"defaultSender": "ACME"}, []string{"defaultSender NOT_ALLOWED"}},
	} {
		r := newRig(t, Options{})
		before := r.AddStream(tt.base)
		equal(t, fmt.Sprint(tt.patch), r.do("PATCH /streams/101", tt.patch).violations(), tt.want)
		after, _ := r.Stream(101)
		equal(t, "stream", string(mustJSON(t, after)), string(mustJSON(t, before)))
	}
}

func TestWhatsAppBecomesReady(t *testing.T) {
	r := newRig(t, Options{})
	state := func(want string) {
		t.Helper()
		equal(t, "state", r.do("GET /streams/101", nil).object()["state"], any(want))
	}
	r.AddStream(Stream{Type: WhatsApp, State: Draft, WhatsApp: &WhatsAppSettings{BusinessID: "b"}})
	state("draft")
	r.do("PATCH /streams/101", object{"state": "disabled"}).want(200)
	state("disabled")
	r.do("PATCH /streams/101", object{"state": "ready"}).want(200)
	state("draft")
	p := r.do("PATCH /streams/101", object{"whatsApp": object{"accessToken": "the-access-token"}}).want(200)
	state("ready")
	if strings.Contains(string(p.body), "the-access-token") {
		t.Errorf("the access token came back: %s", p.body)
	}
	equal(t, "access token", r.AccessToken(101), "the-access-token")
	equal(t, "kept as a secret", slices.Contains(r.Secrets(), "the-access-token"), true)

	// A draft of the console's, too, is one only until its token comes.
	r.AddStream(Stream{Type: WhatsApp, State: Draft, WhatsApp: &WhatsAppSettings{BusinessID: "b"}})
	r.EditStream(102, func(s *Stream) { s.WhatsApp.AccessToken = "u" })
	edited, _ := r.Stream(102)
	equal(t, "state", edited.State, Ready)
}

func TestDeleteStream(t *testing.T) {
	r := newRig(t, Options{})
	r.do("POST /streams", object{"name": "a", "type": "otp"}).want(201)
	p := r.do("DELETE /streams/101", nil).want(204)
	equal(t, "body", len(p.body), 0)
	r.do("GET /streams/101", nil).want(404)
	r.do("DELETE /streams/101", nil).want(404)
	equal(t, "the next id", r.do("POST /streams", object{"name": "a", "type": "otp"}).object()["id"], any(102.0))
}

func TestTagIDsAreTheAccounts(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Tags: []string{"a", "b"}})
	r.AddStream(Stream{Tags: []string{"b", "c"}})
	equal(t, "tags", r.do("GET /streams/102", nil).object()["streamTags"], any([]any{object{"id": 2.0, "value": "b"}, object{"id": 3.0, "value": "c"}}))
}

func TestPaging(t *testing.T) {
	r := newRig(t, Options{Senders: []Sender{}, Domains: []Domain{}})
	for range 35 {
		r.AddStream(Stream{})
		r.AddSender(Sender{})
		r.AddDomain(Domain{})
	}
	for _, tt := range []struct {
		query  string
		status int
		first  float64 // index, from 0
		n      int
	}{
		{"", 200, 0, 30},
		{"?_page=1", 200, 0, 30},
		{"?_page=2", 200, 30, 5},
		{"?_page=3", 200, 0, 0},
		{"?itemsPerPage=100", 200, 0, 35},
		{"?_page=2&itemsPerPage=7", 200, 7, 7},
		{"?_page=35&itemsPerPage=1", 200, 34, 1},
		{"?_page=2147483647&itemsPerPage=100", 200, 0, 0},
		{"?name=unknown&status=draft&page=9", 200, 0, 30}, // filters nothing
		{"?_page=0", 400, 0, 0},
		{"?_page=-1", 400, 0, 0},
		{"?_page=", 400, 0, 0},
		{"?_page=x", 400, 0, 0},
		{"?itemsPerPage=0", 400, 0, 0},
		{"?itemsPerPage=101", 400, 0, 0},
	} {
		for path, firstID := range map[string]float64{"/streams": 101, "/senders": 1, "/domains": 1} {
			p := r.do("GET "+path+tt.query, nil).want(tt.status)
			if tt.status != 200 {
				continue
			}
			list := p.list()
			equal(t, path+tt.query, len(list), tt.n)
			for i, item := range list {
				equal(t, path+tt.query, item["id"], any(firstID+tt.first+float64(i)))
			}
		}
	}
	equal(t, "empty page", string(r.do("GET /streams?_page=9", nil).body), "[]")
}

func TestConsole(t *testing.T) {
	r := newRig(t, Options{})
	added := r.AddStream(Stream{Name: "By hand", Tags: []string{"a"}, OTP: &OTPSettings{SendingLimit: &SendingLimit{}}, Type: OTP})
	equal(t, "created", added.CreatedAt, r.clock.Now())

	// What is returned and what was given are copies.
	added.Tags[0], added.OTP.SendingLimit.Messages = "b", 9
	kept, _ := r.Stream(101)
	equal(t, "tags", kept.Tags, []string{"a"})
	equal(t, "limit", kept.OTP.SendingLimit.Messages, 0)
	var inside *Stream
	r.EditStream(101, func(s *Stream) { inside = s; s.ID = 5; s.Tags = append(s.Tags, "c"); s.LastActivityAt = r.clock.Now() })
	inside.Tags[0] = "d"
	r.Streams()[0].Tags[0] = "e"
	shown := r.do("GET /streams/101", nil).want(200).object()
	equal(t, "tags", shown["streamTags"], any([]any{object{"id": 1.0, "value": "a"}, object{"id": 2.0, "value": "c"}}))
	equal(t, "last activity", shown["lastActivityAt"], any("2026-03-01 12:00:00"))

	equal(t, "edit nothing", r.EditStream(5, func(*Stream) {}), false)
	equal(t, "remove nothing", r.RemoveStream(5), false)
	equal(t, "remove", r.RemoveStream(101), true)
	if _, found := r.Stream(101); found {
		t.Error("the stream is still there")
	}
	equal(t, "id of choice", r.AddStream(Stream{ID: 500}).ID, 500)
	equal(t, "next id", r.AddStream(Stream{}).ID, 501)
}

func TestTokens(t *testing.T) {
	r := newRig(t, Options{})
	r.do("POST /streams", object{"name": "a", "type": "otp"}).want(201)
	shown := func() string { return r.do("GET /streams/101/token", nil).want(200).object()["token"].(string) }
	first := shown()
	if !strings.HasPrefix(first, "mock_stream_token_") || len(first) < 96 {
		t.Errorf("token %q", first)
	}
	equal(t, "shown again", shown(), first)
	second := r.do("POST /streams/101/token", nil).want(200).object()["token"].(string)
	third := r.ResetToken(101)
	equal(t, "shown", shown(), third)
	equal(t, "Token", r.Token(101), third)
	equal(t, "secrets", r.Secrets(), []string{r.APIKey(), first, second, third})
	if first == second || second == third {
		t.Error("a reset that changes nothing")
	}
	equal(t, "no stream", r.Token(5)+r.ResetToken(5), "")
}

func TestSenders(t *testing.T) {
	r := newRig(t, Options{})
	equal(t, "added", r.AddSender(Sender{Name: "n", Value: "v", StreamID: 101, Type: "numeric", Status: Approved}).ID, 5)
	list := r.do("GET /senders", nil).want(200).list()
	equal(t, "first", list[0], object{"id": 1.0, "name": "Global", "value": "GLOBAL", "dailyLimit": nil, "stream": nil, "senderType": "alphanumeric", "status": "approved"})
	equal(t, "limited", list[1]["dailyLimit"], any(10000.0))
	equal(t, "of a stream", list[4]["stream"], any("/streams/101"))
	statuses := map[any]bool{}
	for _, sender := range list {
		statuses[sender["status"]] = true
	}
	equal(t, "statuses", len(statuses), 3)
	equal(t, "none", len(newRig(t, Options{Senders: []Sender{}}).Senders()), 0)
}

func TestSpelling(t *testing.T) {
	for _, tt := range []struct {
		spelling Spelling
		want     []any // type, state, id, tag id, sender's id, type and status
	}{
		{Spelling{}, []any{"two_way", "disabled", 101.0, 1.0, 1.0, "alphanumeric", "approved"}},
		{Spelling{Case: Title}, []any{"Two-way", "Disabled", 101.0, 1.0, 1.0, "Alphanumeric", "Approved"}},
		{Spelling{Case: Labels}, []any{"SMS Two-Way", "Disabled", 101.0, 1.0, 1.0, "Alphanumeric", "Approved"}},
		{Spelling{Case: OtherLabels}, []any{"SMS/Two way SMS", "Disabled", 101.0, 1.0, 1.0, "Alphanumeric", "Approved"}},
		{Spelling{Case: Upper, StringIDs: true}, []any{"TWO_WAY", "DISABLED", "101", "1", "1", "ALPHANUMERIC", "APPROVED"}},
	} {
		r := newRig(t, Options{Spelling: tt.spelling})
		r.do("POST /streams", object{"name": "a", "type": "two_way", "state": "disabled", "streamTags": []any{object{"value": "t"}}}).want(201)
		stream, sender := r.do("GET /streams/101", nil).object(), r.do("GET /senders", nil).list()[0]
		tag := stream["streamTags"].([]any)[0].(object)
		equal(t, "spelling", []any{stream["type"], stream["state"], stream["id"], tag["id"], sender["id"], sender["senderType"], sender["status"]}, tt.want)
		kept, _ := r.Stream(101)
		equal(t, "kept", kept.Type, TwoWay)
	}
	title := Spelling{Case: Title}
	equal(t, "titles", []string{title.word(OTP), title.word(WhatsApp), title.word(Marketing), title.word("")}, []string{"OTP", "WhatsApp", "Marketing", ""})
}

func TestDocumentedOnly(t *testing.T) {
	r := newRig(t, Options{DocumentedOnly: true})
	r.AddStream(Stream{Type: OTP})
	for _, stream := range []object{r.do("GET /streams/101", nil).object(), r.do("GET /streams", nil).list()[0]} {
		keys := []string{}
		for key := range stream {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		equal(t, "fields", keys, []string{"callerId", "description", "id", "ipAcl", "name", "state", "streamTags", "streamUid", "type"})
	}
}

func TestTimesAreUTC(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{CreatedAt: time.Date(2026, 1, 1, 1, 30, 0, 0, time.FixedZone("east", 7200))})
	equal(t, "created", r.do("GET /streams/101", nil).object()["createdAt"], any("2025-12-31 23:30:00"))
}
