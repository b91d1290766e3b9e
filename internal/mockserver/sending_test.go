package mockserver

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

const phoneA, phoneB = "447700900123", "447700900456"

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

// token sends a call of the messaging API with the stream's current token.
func (r *rig) token(path string, streamID int, body any) reply {
	r.t.Helper()
	return r.send("POST", path, r.Token(streamID), body)
}

func texts(messages ...object) object {
	list := []any{}
	for _, m := range messages {
		list = append(list, m)
	}
	return object{"messages": list}
}

func text(recipient, content string) object {
	return object{"recipient_phone": recipient, "message_content": content, "sender": "ACME"}
}

// outcome returns "status details" of a whole send, and the details of each message, "ok" for those accepted.
func (p reply) outcome() string {
	p.t.Helper()
	body := decodeAs[struct {
		Status   bool
		Details  *string
		Messages []struct {
			MessageUUID *string `json:"message_uuid"`
			Error       *string
			Details     *string
		}
	}](p.want(200))
	said := fmt.Sprint(body.Status)
	if body.Details != nil {
		said += " " + *body.Details
	}
	for _, m := range body.Messages {
		if (m.MessageUUID == nil) != (m.Error != nil && m.Details != nil) {
			p.t.Errorf("neither accepted nor refused: %s", p.body)
		}
		if m.Details == nil {
			said += "; ok"
		} else {
			said += "; " + *m.Details
		}
	}
	return said
}

func TestSimpleSend(t *testing.T) {
	many := func(n int) object {
		list := []object{}
		for range n {
			list = append(list, text(phoneA, "hi"))
		}
		return texts(list...)
	}
	plain := Stream{}
	for _, tt := range []struct {
		name   string
		stream Stream
		body   object
		want   string
	}{
		{"one", plain, texts(text(phoneA, "hi")), "true; ok"},
		{"the sender at the top", plain, object{"sender": "GLOBAL", "messages": []any{object{"recipient_phone": phoneA, "message_content": "hi"}}}, "true; ok"},
		{"the message's sender wins", plain, object{"sender": "GLOBAL", "messages": []any{object{"recipient_phone": phoneA, "message_content": "hi", "sender": "MISSING"}}}, `false; sender "MISSING" is not allowed sender`},
		{"the default sender", Stream{DefaultSender: "ACME"}, texts(object{"recipient_phone": phoneA, "message_content": "hi"}), "true; ok"},
		{"no sender", plain, texts(object{"recipient_phone": phoneA, "message_content": "hi"}), "false; sender is required"},
		{"pending sender", Stream{DefaultSender: "AcmeShop"}, texts(object{"recipient_phone": phoneA, "message_content": "hi"}), `false; sender "AcmeShop" is not allowed sender`},
		{"rejected sender", plain, texts(object{"recipient_phone": phoneA, "message_content": "hi", "sender": "442079460123"}), `false; sender "442079460123" is not allowed sender`},
		{"another stream's sender", plain, texts(object{"recipient_phone": phoneA, "message_content": "hi", "sender": "OTHER"}), `false; sender "OTHER" is not allowed sender`},
		{"its own sender", plain, texts(object{"recipient_phone": phoneA, "message_content": "hi", "sender": "OWN"}), "true; ok"},
		{
			"some of them", plain, texts(text("+"+phoneA, "hi"), text("0"+phoneA, "hi"), text("123456", "hi"), text(phoneA, ""), text(phoneB, "hi")),
			`true; recipient_phone "+` + phoneA + `" is not valid; recipient_phone "0` + phoneA + `" is not valid; recipient_phone "123456" is not valid; message_content is empty; ok`,
		},
		{"as many as can be", plain, many(250), "true" + strings.Repeat("; ok", 250)},
		{"too many", plain, many(251), "false 251 messages are more than 250"},
		{"disabled", Stream{State: Disabled}, texts(text(phoneA, "hi")), "false stream is disabled"},
		{"draft", Stream{State: Draft}, texts(text(phoneA, "hi")), "false stream is draft"},
		{"whatsapp", Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "t"}}, texts(text(phoneA, "hi")), "false a stream of type whatsapp cannot do this"},
	} {
		for _, path := range []string{"/simple_send/", "/textpeak/streams/simple_send"} {
			t.Run(tt.name+" "+path, func(t *testing.T) {
				r := newRig(t, Options{})
				r.AddStream(tt.stream)
				r.AddSender(Sender{Value: "OTHER", Status: Approved, StreamID: 7})
				r.AddSender(Sender{Value: "OWN", Status: Approved, StreamID: 101})
				p := r.token(path, 101, tt.body)
				equal(t, "outcome", p.outcome(), tt.want)
				equal(t, "messages", len(r.Messages()), strings.Count(tt.want, "ok"))
				stream, _ := r.Stream(101)
				equal(t, "last activity", stream.LastActivityAt, r.clock.Now())
			})
		}
	}
}

func TestSendAnswer(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: TwoWay})
	messages := func(p reply) []any { return p.want(200).object()["messages"].([]any) }
	first := messages(r.token("/simple_send/", 101, texts(
		object{"recipient_phone": phoneA, "message_content": "a", "sender": "ACME", "internal_id": "x"},
		object{"recipient_phone": phoneB, "message_content": "b", "sender": "ACME", "internal_id": 7},
		object{"recipient_phone": phoneB, "message_content": "c", "sender": "ACME"},
	)))
	equal(t, "internal ids", []any{first[0].(object)["internal_id"], first[1].(object)["internal_id"], first[2].(object)["internal_id"]}, []any{"x", 7.0, nil})
	conversation := func(i int) any { return first[i].(object)["conversation_uuid"] }
	if conversation(0) == nil || conversation(0) == conversation(1) || conversation(1) != conversation(2) {
		t.Errorf("conversations: %v", first)
	}
	sent := r.Messages()[0]
	equal(t, "uuid", first[0].(object)["message_uuid"], any(sent.UUID))
	equal(t, "message", []any{sent.StreamID, sent.StreamType, sent.Sender, sent.Recipient, sent.Text, sent.ContentType, sent.Channel, sent.Cost, sent.SentAt},
		[]any{101, "two_way", "ACME", phoneA, "a", "text", "sms", 0.01, r.clock.Now()})

	r.AddStream(Stream{Demo: true})
	simulated := messages(r.token("/simple_send/", 102, texts(text(phoneA, "a"))))
	equal(t, "no conversation", simulated[0].(object)["conversation_uuid"], nil)
	equal(t, "cost of a demo", r.Messages()[3].Cost, 0.0)
}

func TestSendViolations(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP})
	for _, tt := range []struct {
		path string
		body object
		want []string
	}{
		{"/simple_send/", object{}, []string{"messages REQUIRED"}},
		{"/simple_send/", object{"messages": []any{}}, []string{"messages REQUIRED"}},
		{
			"/simple_send/",
			object{"messages": []any{"a", object{"to": 1}}, "sender": 1, "x": 1},
			[]string{"messages[0] INVALID_TYPE", "messages[1].recipient_phone REQUIRED", "messages[1].to UNKNOWN_FIELD", "sender INVALID_TYPE", "x UNKNOWN_FIELD"},
		},
		{
			"/simple_send/", texts(object{"recipient_phone": 1, "message_content": 1, "sender": 1, "internal_id": true}),
			[]string{"messages[0].internal_id INVALID_TYPE", "messages[0].message_content INVALID_TYPE", "messages[0].recipient_phone INVALID_TYPE", "messages[0].sender INVALID_TYPE"},
		},
		{
			"/event_send/",
			object{"recipients": []any{object{"recipient_phone": phoneA, "template_variables": object{"a": 1}}}},
			[]string{"event REQUIRED", "recipients[0].template_variables.a INVALID_TYPE"},
		},
		{"/messages_status/", object{}, []string{"message_uuids REQUIRED"}},
		{"/messages_status/", object{"message_uuids": []any{1}}, []string{"message_uuids INVALID_TYPE"}},
		{"/otp/auth", object{"x": 1}, []string{"recipient_phone REQUIRED", "x UNKNOWN_FIELD"}},
		{"/otp/verify", object{"code": 12345}, []string{"code INVALID_TYPE", "recipient_phone REQUIRED"}},
	} {
		equal(t, fmt.Sprint(tt.path, tt.body), sorted(r.token(tt.path, 101, tt.body).violations()), tt.want)
	}
	equal(t, "messages", len(r.Messages()), 0)
}

func TestStreamTokenAuthorises(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{})
	old := r.Token(101)
	status := func(auth string) int {
		return r.send("POST", "/simple_send/", auth, texts(text(phoneA, "hi"))).status
	}
	equal(t, "current", status(old), 200)
	equal(t, "with Bearer", status("Bearer "+old), 401)
	equal(t, "none", status(""), 401)
	equal(t, "the API key", status(r.APIKey()), 401)
	r.do("POST /streams/101/token", nil).want(200)
	equal(t, "old", status(old), 401)
	equal(t, "new", status(r.Token(101)), 200)
	current := r.Token(101)
	r.RemoveStream(101)
	equal(t, "of no stream", status(current), 401)
}

func TestAddressLists(t *testing.T) {
	for _, tt := range []struct {
		acl        string
		restricted bool
		from       string // empty: the true one, 127.0.0.1
		status     int
	}{
		{"", false, "", 200},
		{"", true, "", 403},
		{"127.0.0.1", false, "", 200},
		{"127.0.0.1", true, "", 200},
		{"203.0.113.7", false, "", 403},
		{"198.51.100.1; 127.0.0.0/8", false, "", 200},
		{"nonsense 127.0.0.1", false, "", 200},
		{"nonsense", false, "", 403},
		{"203.0.113.0/24", false, "203.0.113.99", 200},
		{"203.0.113.0/24", false, "203.0.114.1", 403},
		{"203.0.113.0/24", false, "::ffff:203.0.113.99", 200},
		{"2001:db8::/32", false, "2001:db8::1", 200},
		{"2001:db8::/32", false, "2001:db9::1", 403},
		{"0.0.0.0/0", false, "nonsense", 403},
	} {
		r := newRig(t, Options{TrustClientIP: true})
		r.AddStream(Stream{IPACL: tt.acl, Restricted: tt.restricted})
		p := r.sendFrom(tt.from)
		equal(t, fmt.Sprint(tt), p.status, tt.status)
		stream, _ := r.Stream(101)
		equal(t, "activity", stream.LastActivityAt.IsZero(), tt.status != 200)
		if tt.status == 403 {
			equal(t, "text", string(p.body), `{"message":"IP ACL restriction"}`)
		}
	}

	r := newRig(t, Options{})
	r.AddStream(Stream{IPACL: "203.0.113.7"})
	equal(t, "a pretence that is not trusted", r.sendFrom("203.0.113.7").status, 403)
}

// sendFrom sends through the first stream, pretending to have an address if one is given.
func (r *rig) sendFrom(address string) reply {
	r.t.Helper()
	body := string(mustJSON(r.t, texts(text(phoneA, "hi"))))
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/simple_send/", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", r.Token(101))
	req.Header.Set("Content-Type", plainJSON)
	if address != "" {
		req.Header.Set("X-Mock-Client-Ip", address)
	}
	return r.exchange(req)
}

func TestTrailingSlash(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{})
	for _, path := range []string{"/simple_send", "/event_send", "/messages_status", "/whatsapp/initial", "/whatsapp/media", "/whatsapp/reply"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		equal(t, path, []any{resp.StatusCode, resp.Header.Get("Location"), r.Count("POST " + path)}, []any{307, path + "/", 1})
	}
	r.send("GET", "/simple_send/", r.Token(101), nil).want(405)
	r.send("POST", "/simple_send/more", r.Token(101), object{}).want(404)
}

func TestEventSend(t *testing.T) {
	recipients := func(variables ...object) object {
		list := []any{}
		for _, v := range variables {
			list = append(list, object{"recipient_phone": phoneA, "sender": "ACME", "template_variables": v})
		}
		return object{"event": "welcome", "recipients": list}
	}
	r := newRig(t, Options{})
	for _, streamType := range []string{Transactional, OTP, Marketing} {
		id := r.AddStream(Stream{Type: streamType}).ID
		r.AddEvent(id, Event{Key: "welcome", Template: "{{name}} Hi {name}, {name}! {x_1} {} {a b}"})
		p := r.token("/event_send/", id, recipients(object{"name": "{x_1}", "x_1": "", "other": "z"}, object{"name": "a"}, nil))
		if streamType == Marketing {
			equal(t, streamType, p.outcome(), "false a stream of type marketing cannot do this")
			continue
		}
		equal(t, streamType, p.outcome(), `true; ok; variable "x_1" is missing; variable "name" is missing`)
		sent := r.Messages()[len(r.Messages())-1]
		equal(t, "text", sent.Text, "{{x_1}} Hi {x_1}, {x_1}!  {} {a b}")
		equal(t, "no event", r.token("/event_send/", id, object{"event": "bye", "recipients": []any{object{"recipient_phone": phoneA}}}).outcome(), `false event "bye" does not exist`)
	}
}

func TestDelivery(t *testing.T) {
	r := newRig(t, Options{DeliveryDelay: time.Minute, Outcome: func(m Message) string {
		if m.Recipient == phoneB {
			return NoRoutes
		}
		return Delivered
	}})
	r.AddStream(Stream{})
	r.AddStream(Stream{})
	r.token("/simple_send/", 101, texts(text(phoneA, "a"), text(phoneB, "b"))).want(200)
	look := func() []any {
		list := r.do("GET /streams/messages", nil).want(200).object()["items"].([]any)
		stream := r.do("GET /streams/101", nil).want(200).object()
		uuids := []any{r.Messages()[1].UUID, "unknown", r.Messages()[0].UUID}
		asked := r.token("/messages_status/", 101, object{"message_uuids": uuids}).want(200).object()["messages"].([]any)
		equal(t, "of the other stream", len(r.token("/messages_status/", 102, object{"message_uuids": uuids}).object()["messages"].([]any)), 0)
		return []any{
			stream["state"], list[0].(object)["status"], list[0].(object)["delivered_at"], list[1].(object)["status"], list[1].(object)["delivered_at"],
			len(asked), asked[0].(object)["status"], asked[1].(object)["status"], r.Messages()[1].Status,
		}
	}
	equal(t, "at once", look(), []any{"sending", "sent", nil, "sent", nil, 2, "sent", "sent", "sent"})
	r.EditStream(101, func(s *Stream) { s.Name = "edited while sending" })
	r.clock.Advance(time.Minute)
	equal(t, "later", look(), []any{"ready", "delivered", "2026-03-01 12:01:00", "no_routes", nil, 2, "delivered", "no_routes", "no_routes"})
}

func TestDisabledWhileSending(t *testing.T) {
	r := newRig(t, Options{DeliveryDelay: time.Minute})
	r.AddStream(Stream{})
	for range 2 { // A stream that sends takes more.
		equal(t, "send", r.token("/simple_send/", 101, texts(text(phoneA, "a"))).outcome(), "true; ok")
	}
	equal(t, "disabled", r.do("PATCH /streams/101", object{"state": "disabled"}).want(200).object()["state"], any("disabled"))
	equal(t, "resumed", r.do("PATCH /streams/101", object{"state": "ready"}).want(200).object()["state"], any("sending"))
}

func TestMessageSearch(t *testing.T) {
	r := newRig(t, Options{Spelling: Spelling{Case: Title}})
	r.AddStream(Stream{})
	r.AddStream(Stream{Type: TwoWay})
	day := func(n int) time.Time { return time.Date(2026, 1, n, 10, 0, 0, 500, time.UTC) }
	r.AddMessage(Message{StreamID: 101, SentAt: day(1), Text: "1", Recipient: phoneA})
	r.AddMessage(Message{StreamID: 102, SentAt: day(2), Text: "2", Recipient: phoneB, Status: Undelivered})
	r.AddMessage(Message{StreamID: 102, SentAt: day(3), Text: "3", Recipient: phoneA, Status: Sent})
	for _, tt := range []struct {
		query string
		want  string // texts, and the total
	}{
		{"", "321 3"},
		{"?streamId=101", "1 1"},
		{"?streamId=7", " 0"},
		{"?status=delivered", "1 1"},
		{"?status=undelivered", "2 1"},
		{"?status=sent", "3 1"},
		{"?phone=" + phoneA, "31 2"},
		{"?type=outgoing", "321 3"},
		{"?type=incoming", " 0"},
		{"?type=two_way", " 0"},
		{"?startDate=2026-01-02+10:00:00", "32 2"},
		{"?startDate=2026-01-02+10:00:01", "3 1"},
		{"?endDate=2026-01-02+10:00:00", "21 2"},
		{"?endDate=2026-01-02+09:59:59", "1 1"},
		{"?startDate=2026-01-02+00:00:00&endDate=2026-01-02+23:59:59&streamId=102&phone=" + phoneB, "2 1"},
		{"?itemsPerPage=1", "3 3"},
		{"?itemsPerPage=1&page=2", "2 3"},
		{"?itemsPerPage=2&page=2", "1 3"},
		{"?page=9", " 3"},
		{"?page=0", "400"},
		{"?itemsPerPage=101", "400"},
		{"?status=gone", " 0"},
		{"?streamId=x", "400"},
		{"?startDate=2026-01-02", "32 2"},
		{"?endDate=2026-01-02", "21 2"},
		{"?endDate=2026-01-01", "1 1"},
		{"?startDate=2026-13-01", "400"},
		{"?endDate=yesterday", "400"},
	} {
		p := r.do("GET /streams/messages"+tt.query, nil)
		if tt.want == "400" {
			p.want(400)
			continue
		}
		body := decodeAs[struct {
			Items []struct{ Content struct{ Text string } }
			Total int
		}](p.want(200))
		got := ""
		for _, item := range body.Items {
			got += item.Content.Text
		}
		equal(t, tt.query, fmt.Sprint(got, " ", body.Total), tt.want)
	}
	r.RemoveStream(101)
	equal(t, "outlives its stream", r.do("GET /streams/messages?streamId=101", nil).object()["total"], any(1.0))
}

// verify checks a code and returns what is wrong with it, or "right".
func (r *rig) verify(streamID int, recipient, code string) string {
	r.t.Helper()
	p := r.token("/otp/verify", streamID, object{"recipient_phone": recipient, "code": code}).want(200)
	body := decodeAs[struct {
		Status  bool
		Details *string
	}](p)
	if body.Status != (body.Details == nil) {
		r.t.Errorf("a contradiction: %s", p.body)
	}
	if body.Status {
		return "right"
	}
	return *body.Details
}

// The path of the call is seen with and without a trailing slash.
func TestOTPPathWithSlash(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP, DefaultSender: "ACME"})
	for _, path := range []string{"/otp/auth", "/otp/auth/"} {
		equal(t, path, r.token(path, 101, object{"recipient_phone": phoneA}).outcome(), "true; ok")
	}
}

func TestOTP(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP, DefaultSender: "ACME", OTP: &OTPSettings{CodeGeneration: "commpeak", CodeLength: 6, CodeTTL: 60, MaxFailures: 2}})
	auth := func() string {
		t.Helper()
		equal(t, "auth", r.token("/otp/auth", 101, object{"recipient_phone": phoneA}).outcome(), "true; ok")
		code := r.Code(101, phoneA)
		if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
			t.Errorf("code %q", code)
		}
		return code
	}
	equal(t, "none yet", r.verify(101, phoneA, "123456"), "no code was sent to this number")
	code := auth()
	equal(t, "text", r.Messages()[0].Text, "Your code is "+code)
	equal(t, "another phone", r.verify(101, phoneB, code), "no code was sent to this number")
	equal(t, "wrong once", r.verify(101, phoneA, "x"), "code is wrong")
	equal(t, "right", r.verify(101, phoneA, code), "right")
	equal(t, "used", r.verify(101, phoneA, code), "no code was sent to this number")

	code = auth()
	equal(t, "wrong once", r.verify(101, phoneA, "x"), "code is wrong")
	equal(t, "wrong twice", r.verify(101, phoneA, "x"), "code is wrong")
	equal(t, "void", r.verify(101, phoneA, code), "too many failures")

	code = auth() // A new code has a new life.
	r.clock.Advance(59 * time.Second)
	equal(t, "wrong once", r.verify(101, phoneA, "x"), "code is wrong")
	r.clock.Advance(time.Second)
	equal(t, "expired", r.verify(101, phoneA, code), "code has expired")

	old, fresh := auth(), auth()
	if old != fresh { // One in a million is the same.
		equal(t, "replaced", r.verify(101, phoneA, old), "code is wrong")
	}
	r.EditStream(101, func(s *Stream) { s.State = Disabled })
	equal(t, "disabled", r.verify(101, phoneA, fresh), "stream is disabled")
	equal(t, "disabled", r.token("/otp/auth", 101, object{"recipient_phone": phoneA}).outcome(), "false stream is disabled")
	equal(t, "kept", r.Code(101, phoneA), fresh)

	r.AddStream(Stream{Type: Transactional})
	equal(t, "no OTP stream", r.verify(102, phoneA, "1"), "a stream of type transactional cannot do this")
	equal(t, "no OTP stream", r.token("/otp/auth", 102, object{"recipient_phone": phoneA}).outcome(), "false a stream of type transactional cannot do this")
}

func TestOTPOfTheCustomer(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: OTP, OTP: &OTPSettings{CodeGeneration: "customer", CodeLength: 6, CodeTTL: 60, MaxFailures: 2}})
	r.AddEvent(101, Event{Key: "k", Template: "{brand}: {code}"})
	auth := func(variables object) string {
		return r.token("/otp/auth", 101, object{"recipient_phone": phoneA, "sender": "ACME", "template_variables": variables}).outcome()
	}
	equal(t, "no code", auth(object{"brand": "Acme"}), `false; variable "code" is missing`)
	equal(t, "no brand", auth(object{"code": "abc"}), `false; variable "brand" is missing`)
	equal(t, "nothing was sent", r.Code(101, phoneA), "")
	equal(t, "sent", auth(object{"brand": "Acme", "code": "abc"}), "true; ok")
	equal(t, "text", r.Messages()[0].Text, "Acme: abc")
	equal(t, "right", r.verify(101, phoneA, "abc"), "right")
}

func TestSendingLimit(t *testing.T) {
	r := newRig(t, Options{})
	settings := defaultOTP()
	settings.SendingLimit = &SendingLimit{Messages: 2, PeriodSeconds: 60}
	r.AddStream(Stream{Type: OTP, DefaultSender: "ACME", OTP: &settings})
	auth := func(recipient string) string {
		return r.token("/otp/auth", 101, object{"recipient_phone": recipient}).outcome()
	}
	equal(t, "first", auth(phoneA), "true; ok")
	r.clock.Advance(30 * time.Second)
	equal(t, "second", auth(phoneA), "true; ok")
	code := r.Code(101, phoneA)
	equal(t, "third", auth(phoneA), "false; sending limit is reached")
	equal(t, "the code stays", r.Code(101, phoneA), code)
	equal(t, "another phone", auth(phoneB), "true; ok")
	r.clock.Advance(30 * time.Second)
	equal(t, "the first is a period ago", auth(phoneA), "true; ok")
	equal(t, "the second is not", auth(phoneA), "false; sending limit is reached")
}

// called is a call of a webhook.
type called struct {
	method, path, query, body, header, contentType string
}

// webhookTarget returns the URL of a server that notes its calls and answers the status.
func webhookTarget(t *testing.T, status int) (string, *[]called) {
	t.Helper()
	var calls []called
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		calls = append(calls, called{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Get("X-Key"), r.Header.Get("Content-Type")})
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL, &calls
}

func TestReceive(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: TwoWay})
	url, calls := webhookTarget(t, 302)
	headers := []Header{{"X-Key", "k"}}
	r.AddWebhook(101, Webhook{URL: url + "/post", Headers: headers, Enabled: true})
	r.AddWebhook(101, Webhook{URL: url + "/get?a=b", Method: "GET", Headers: headers, Enabled: true})
	r.AddWebhook(101, Webhook{URL: url + "/off"})
	r.AddWebhook(101, Webhook{URL: "http://127.0.0.1:0", Enabled: true})

	m, deliveries, err := r.Receive(t.Context(), 101, phoneA, "ACME", "Hi & bye")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "statuses", []any{len(deliveries), deliveries[0].Status, deliveries[1].Status, deliveries[2].Status}, []any{3, 302, 302, 0})
	equal(t, "which", []int{deliveries[0].WebhookID, deliveries[1].WebhookID, deliveries[2].WebhookID}, []int{1, 2, 4})
	if deliveries[2].Error == "" {
		t.Error("no error for a webhook that cannot be reached")
	}
	equal(t, "calls", *calls, []called{
		{"POST", "/post", "", `{"contact_name":null,"conversation_uuid":"` + m.ConversationUUID + `","country_code":"44","country_iso":"GB",` +
			`"country_name":"United Kingdom","destination_number":"ACME","length":8,"message_uuid":"` + m.UUID + `","received_at":"2026-03-01 12:00:00",` +
			`"source_number":"` + phoneA + `","stream_id":"101","text":"Hi \u0026 bye"}`, "k", plainJSON},
		{"GET", "/get", "a=b&contact_name=&conversation_uuid=" + m.ConversationUUID + "&country_code=44&country_iso=GB&country_name=United+Kingdom" +
			"&destination_number=ACME&length=8&message_uuid=" + m.UUID + "&received_at=2026-03-01+12%3A00%3A00&source_number=" + phoneA +
			"&stream_id=101&text=Hi+%26+bye", "", "k", ""},
	})

	r.clock.Advance(time.Hour)
	again, _, err := r.Receive(t.Context(), 101, phoneA, "ACME", "again")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "conversation", again.ConversationUUID, m.ConversationUUID)
	for query, want := range map[string]float64{
		"": 2, "?sender=" + phoneA: 2, "?sender=" + phoneB: 0, "?destination=ACME": 2, "?destination=GLOBAL": 0,
		"?streamId=101": 2, "?streamId=102": 0, "?startDate=2026-03-01+12:30:00": 1, "?endDate=2026-03-01+12:30:00": 1,
	} {
		equal(t, query, r.do("GET /streams/incoming_messages"+query, nil).want(200).object()["total"], any(want))
	}
	equal(t, "newest first", r.do("GET /streams/incoming_messages?itemsPerPage=1", nil).object()["items"].([]any)[0].(object)["message_uuid"], any(again.UUID))
	equal(t, "Incoming", len(r.Incoming()), 2)
	r.do("GET /streams/incoming_messages?streamId=x", nil).want(400)

	r.AddStream(Stream{Type: OTP})
	for _, id := range []int{102, 7} {
		if _, _, err := r.Receive(t.Context(), id, phoneA, "ACME", "hi"); err == nil {
			t.Errorf("stream %d received", id)
		}
	}
}

func TestIncomingHook(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: WhatsApp})
	r.AddStream(Stream{})
	url, calls := webhookTarget(t, 200)
	r.AddWebhook(101, Webhook{URL: url, Enabled: true})
	body := object{"from": phoneA, "to": phoneB, "text": "hi"}
	p := r.send("POST", "/_mock/streams/101/incoming", "", body).want(201).object()
	equal(t, "deliveries", len(p["deliveries"].([]any)), 1)
	equal(t, "calls", len(*calls), 1)
	r.send("POST", "/_mock/streams/101/incoming", "", object{"from": phoneA}).want(422)
	r.send("POST", "/_mock/streams/102/incoming", "", body).want(422)
	r.send("POST", "/_mock/streams/7/incoming", "", body).want(404)
}

func TestWhatsAppSends(t *testing.T) {
	r := newRig(t, Options{})
	r.AddStream(Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"business", "access"}})
	r.AddStream(Stream{Type: TwoWay})
	r.AddTemplate(101, WhatsAppTemplate{Name: "hello", Language: "en", Status: "APPROVED", Body: "Hi {name}"})
	r.AddTemplate(101, WhatsAppTemplate{Name: "later", Language: "en", Status: "PENDING"})
	received, _, err := r.Receive(t.Context(), 101, phoneB, "business", "hi")
	if err != nil {
		t.Fatal(err)
	}
	initial := func(template, language string) object {
		return object{"recipient_phone": phoneA, "template": template, "language": language, "template_variables": object{"name": "Ann"}}
	}
	for _, tt := range []struct {
		path string
		body object
		want string
	}{
		{"initial", initial("hello", "en"), "true; ok"},
		{"initial", initial("hello", "de"), `false; template "hello" is not approved`},
		{"initial", initial("later", "en"), `false; template "later" is not approved`},
		{"initial", object{"recipient_phone": phoneA, "template": "hello"}, `false; variable "name" is missing`},
		{"reply", object{"conversation_uuid": received.ConversationUUID, "message_content": "yes"}, "true; ok"},
		{"reply", object{"conversation_uuid": "unknown", "message_content": "yes"}, `false; conversation "unknown" does not exist`},
		{"media", object{"conversation_uuid": received.ConversationUUID, "media_url": "https://example.com/a.png"}, "true; ok"},
	} {
		equal(t, fmt.Sprint(tt.path, tt.body), r.token("/whatsapp/"+tt.path+"/", 101, tt.body).outcome(), tt.want)
	}
	var sent []string
	for _, m := range r.Messages() {
		sent = append(sent, m.Channel+" "+m.Sender+" "+m.Recipient+" "+m.ContentType+" "+m.Text)
	}
	equal(t, "messages", sent, []string{
		"whatsapp business " + phoneA + " template Hi Ann", "whatsapp business " + phoneB + " text yes", "whatsapp business " + phoneB + " media ",
	})
	uuid := r.Messages()[0].ConversationUUID
	equal(t, "reply to an initial", r.token("/whatsapp/reply/", 101, object{"conversation_uuid": uuid, "message_content": "and"}).outcome(), "true; ok")
	equal(t, "another type", r.token("/whatsapp/initial/", 102, initial("hello", "en")).outcome(), "false a stream of type two_way cannot do this")
	equal(t, "violations", r.token("/whatsapp/media/", 101, object{"media_url": "a"}).violations(), []string{"conversation_uuid REQUIRED", "media_url INVALID_URL"})
}

func TestSendsAreNoWrites(t *testing.T) {
	for _, opts := range []Options{{Writes: WritesNotAllowed}, {Writes: WritesNotFound}, {DocumentedOnly: true}} {
		r := newRig(t, opts)
		r.AddStream(Stream{Type: WhatsApp, WhatsApp: &WhatsAppSettings{"b", "t"}})
		r.AddStream(Stream{})
		equal(t, "simple send", r.token("/simple_send/", 102, texts(text(phoneA, "hi"))).outcome(), "true; ok")
		status := r.token("/whatsapp/reply/", 101, object{"conversation_uuid": "a", "message_content": "b"}).status
		equal(t, fmt.Sprint("whatsapp ", opts.Writes), status, map[bool]int{true: 404, false: 200}[opts.DocumentedOnly])
	}
}
