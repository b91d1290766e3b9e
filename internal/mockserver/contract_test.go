package mockserver

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
)

func TestCallsAreThoseOfTheContract(t *testing.T) {
	want := map[string]string{}
	for _, op := range contract.Operations() {
		want[op.Method+" "+op.Path] = fmt.Sprint(op.ID, " ", op.Host, " ", op.Evidence)
	}
	got := map[string]string{}
	for _, rt := range New(Options{}).calls() {
		host, evidence := contract.Messaging, contract.Documented
		if strings.Contains(rt.muxPattern(), ManagementPath) {
			host = contract.Management
		}
		if rt.assumed {
			evidence = contract.Assumed
		}
		got[rt.pattern] = fmt.Sprint(rt.operation, " ", host, " ", evidence)
	}
	for _, pattern := range slices.Sorted(maps.Keys(want)) {
		if got[pattern] != want[pattern] {
			t.Errorf("%s: the server has %q, the document %q", pattern, got[pattern], want[pattern])
		}
		delete(got, pattern)
	}
	equal(t, "calls that the document lacks", got, map[string]string{})
}

// violationLog collects what the validator reports, by the side that is to blame.
type violationLog struct {
	mu    sync.Mutex
	sides map[contract.Side][]string
}

func (l *violationLog) report(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	side := contract.Answer
	if v := new(contract.Violation); errors.As(err, &v) {
		side = v.Side
	}
	l.sides[side] = append(l.sides[side], err.Error())
}

// validated returns a rig whose requests and answers are held to the contract.
func validated(t *testing.T, opts Options) (*rig, *violationLog) {
	t.Helper()
	validator, err := contract.NewValidator()
	if err != nil {
		t.Fatal(err)
	}
	clock, log := newClock(), &violationLog{sides: map[contract.Side][]string{}}
	opts.Now = clock.Now
	server := New(opts)
	listening := httptest.NewServer(validator.Middleware(http.Handler(server), log.report))
	t.Cleanup(listening.Close)
	return &rig{server, t, clock, listening.URL}, log
}

func TestAnswersKeepTheContract(t *testing.T) {
	for name, opts := range map[string]Options{
		"plain":   {},
		"spelled": {Spelling: Spelling{Case: Title, StringIDs: true}, MaskHeaders: true, DeliveryDelay: 1e9},
		"upper":   {Spelling: Spelling{Case: Upper}, ErrorKey: "error", TotalName: TotalItems},
		"labels":  {Spelling: Spelling{Case: Labels}, MessageVersion: VersionB, TotalName: TotalItemsInSnake, ErrorKey: "detail"},
		"php":     {PHPArrays: true, ErrorKey: "title", ReplaceNested: true, IgnoreStatusFilter: true},
	} {
		t.Run(name, func(t *testing.T) {
			r, log := validated(t, opts)
			callEverything(r)
			equal(t, "violations", log.sides, map[contract.Side][]string{})
			for _, op := range contract.Operations() {
				if r.Count(op.Method+" "+op.Path) == 0 {
					t.Errorf("%s %s was not called", op.Method, op.Path)
				}
			}
		})
	}
	t.Run("documented only", func(t *testing.T) {
		r, log := validated(t, Options{DocumentedOnly: true})
		r.AddStream(Stream{Type: OTP, Tags: []string{"a"}})
		r.do("GET /streams", nil).want(200)
		r.do("GET /streams/101", nil).want(200)
		r.do("POST /streams", object{"name": "a", "type": "otp"}).want(404)
		equal(t, "violations", log.sides, map[contract.Side][]string{})
	})
	t.Run("read-only", func(t *testing.T) {
		r, log := validated(t, Options{Writes: WritesNotAllowed})
		r.AddStream(Stream{Type: OTP, Tags: []string{"a"}})
		r.do("POST /streams", object{"name": "a", "type": "otp"}).want(405)
		r.do("PATCH /streams/101", object{"name": "b"}).want(405)
		r.do("DELETE /streams/101", nil).want(405)
		equal(t, "violations", log.sides, map[contract.Side][]string{})
	})
}

// callEverything makes every call of the contract, well-formed, so that it succeeds or fails as calls do.
func callEverything(r *rig) {
	r.do("POST /streams", object{
		"name": "o", "type": "otp", "defaultSender": "ACME", "description": nil, "ipAcl": "127.0.0.1, ::1", "streamTags": []any{object{"value": "a"}},
		"otpSettings": object{"sendingLimit": object{"messages": 2, "periodSeconds": 60}},
	}).want(201)
	r.do("POST /streams", object{"name": "t", "type": "two_way", "defaultSender": "ACME", "demo": true}).want(201)
	r.do("POST /streams", object{"name": "w", "type": "whatsapp", "whatsApp": object{"businessId": "b"}}).want(201)
	r.do("PATCH /streams/103", object{"whatsApp": object{"businessId": "b", "accessToken": "t"}}).want(200)
	r.do("POST /streams", object{"name": "d", "type": "marketing", "state": "disabled", "restricted": true}).want(201)
	r.AddTemplate(103, WhatsAppTemplate{Name: "hello", Status: "APPROVED", Body: "Hi"})
	r.do("GET /streams?_page=1&itemsPerPage=100", nil).want(200)
	r.do("GET /streams/101", nil).want(200)
	r.do("GET /streams/7", nil).want(404)
	r.do("GET /streams/101/token", nil).want(200)
	r.do("POST /streams/101/token", nil).want(200)
	r.do("GET /senders", nil).want(200)
	r.do("GET /domains?_page=1&itemsPerPage=100", nil).want(200)
	r.send("GET", "/textpeak/streams", "wrong", nil).want(401)

	r.do("POST /streams/101/events", object{"name": "n", "key": "k", "template": "{code}"}).want(201)
	r.do("POST /streams/101/events", object{"name": "n", "key": "k", "template": "{code}"}).want(422)
	r.do("GET /streams/101/events", nil).want(200)
	r.do("GET /streams/101/events/1", nil).want(200)
	r.do("PATCH /streams/101/events/1", object{"name": "m"}).want(200)
	r.do("GET /streams/102/events", nil).want(422)

	r.do("POST /streams/102/webhooks", object{"url": "https://127.0.0.1:1/", "method": "POST", "enabled": false, "headers": []any{object{"name": "X-A", "value": "b"}}}).want(201)
	r.do("GET /streams/102/webhooks", nil).want(200)
	r.do("GET /streams/102/webhooks/1", nil).want(200)
	r.do("PATCH /streams/102/webhooks/1", object{"headers": []any{}}).want(200)
	r.do("GET /streams/103/whatsapp/templates", nil).want(200)
	r.do("GET /streams/101/whatsapp/templates", nil).want(422)

	r.token("/simple_send/", 102, texts(text(phoneA, "hi"), object{"recipient_phone": phoneA, "message_content": "hi", "sender": "MISSING"})).want(200)
	r.token("/textpeak/streams/simple_send", 103, texts(text(phoneA, "hi"))).want(200)
	r.token("/simple_send/", 104, texts(text(phoneA, "hi"))).want(403)
	r.token("/event_send/", 101, object{"event": "k", "recipients": []any{object{"recipient_phone": phoneB, "internal_id": "1", "template_variables": object{"code": "1"}}}}).want(200)
	r.token("/event_send/", 101, object{"event": "gone", "recipients": []any{object{"recipient_phone": phoneB}}}).want(200)
	r.token("/messages_status/", 102, object{"message_uuids": []any{r.Messages()[0].UUID}}).want(200)
	for range 3 { // the last one meets the sending limit
		r.token("/otp/auth", 101, object{"recipient_phone": phoneA}).want(200)
	}
	r.token("/otp/verify", 101, object{"recipient_phone": phoneA, "code": "wrong"}).want(200)
	r.token("/otp/verify", 101, object{"recipient_phone": phoneA, "code": r.Code(101, phoneA)}).want(200)
	r.token("/whatsapp/initial/", 103, object{"recipient_phone": phoneA, "template": "hello"}).want(200)
	received, _, err := r.Receive(r.t.Context(), 103, phoneA, "b", "hi")
	if err != nil {
		r.t.Fatal(err)
	}
	r.token("/whatsapp/reply/", 103, object{"conversation_uuid": received.ConversationUUID, "message_content": "a"}).want(200)
	r.token("/whatsapp/media/", 103, object{"conversation_uuid": received.ConversationUUID, "media_url": "https://example.com/"}).want(200)
	r.do("GET /streams/messages?streamId=101&itemsPerPage=1&page=1", nil).want(200)
	r.do("GET /streams/messages", nil).want(200)
	r.do("GET /streams/messages?type=outgoing&status=odd&startDate=2026-01-01&endDate=2026-12-31", nil).want(200)
	r.do("GET /streams/incoming_messages", nil).want(200)
	r.do("GET /streams/incoming_messages?phone="+phoneA, nil).want(200)

	r.do("DELETE /streams/101/events/1", nil).want(204)
	r.do("DELETE /streams/102/webhooks/1", nil).want(204)
	r.do("DELETE /streams/101", nil).want(204)
	r.do("DELETE /streams/101", nil).want(404)
}

// TestRefusalsKeepTheContract sends what the contract does not allow; only the answers must keep it.
func TestRefusalsKeepTheContract(t *testing.T) {
	r, log := validated(t, Options{RateLimit: 5})
	r.AddStream(Stream{Type: OTP})
	r.do("GET /streams?_page=0", nil).want(400)
	r.do("POST /streams", "nonsense").want(400)
	r.do("POST /streams", object{}).want(422)
	r.token("/simple_send/", 101, object{}).want(422)
	r.do("GET /streams", nil).want(200)
	r.do("GET /streams", nil).want(429)
	equal(t, "violations", log.sides[contract.Answer], []string(nil))
	if len(log.sides[contract.Request]) == 0 {
		t.Error("the validator does not look")
	}
}
