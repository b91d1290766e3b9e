package testmessage_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const (
	sendAction = "commpeak_send_test_message"
	phone      = "491701234567"
)

// with returns the configuration changed; nil takes an attribute away.
func with(config, changes acctest.Values) acctest.Values {
	changed := acctest.Values{}
	maps.Copy(changed, config)
	maps.Copy(changed, changes)
	return changed
}

// hello is a configuration that sends a text through the stream.
func hello(stream mockserver.Stream) acctest.Values {
	return acctest.Values{"stream_id": strconv.Itoa(stream.ID), "recipient": phone, "text": "Hello", "sender": "ACME"}
}

func TestSendText(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "News", DefaultSender: "GLOBAL"})
	send := acctest.NewProtocol(t, account, nil).Action(sendAction)
	for _, sender := range []any{"ACME", nil} {
		progress, diagnostics := send.Invoke(with(hello(stream), acctest.Values{"sender": sender}))
		acctest.ExpectNone(t, diagnostics)
		message := account.Messages()[len(account.Messages())-1]
		want := []string{
			fmt.Sprintf("Sending a test message to %s through stream %d", phone, stream.ID),
			"CommPeak accepted message " + message.UUID,
		}
		if !slices.Equal(progress, want) {
			t.Errorf("told %q, not %q", progress, want)
		}
	}
	messages := account.Messages()
	if len(messages) != 2 || messages[0].Text != "Hello" || messages[0].Sender != "ACME" || messages[1].Sender != "GLOBAL" || messages[0].Recipient != phone {
		t.Errorf("sent %+v", messages)
	}
	if asked := account.Count(""); asked != 4 {
		t.Errorf("%d requests, not a token and a send for each message", asked)
	}
}

func TestSendEvent(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "Codes", Type: mockserver.OTP})
	account.AddEvent(stream.ID, mockserver.Event{Key: "login", Template: "Your code is {code}"})
	send := acctest.NewProtocol(t, account, nil).Action(sendAction)
	config := with(hello(stream), acctest.Values{"text": nil, "event_key": "login", "variables": acctest.Values{"code": "123"}})
	_, diagnostics := send.Invoke(config)
	acctest.ExpectNone(t, diagnostics)
	if messages := account.Messages(); len(messages) != 1 || messages[0].Text != "Your code is 123" {
		t.Errorf("sent %+v", messages)
	}
	_, diagnostics = send.Invoke(with(config, acctest.Values{"variables": nil}))
	acctest.Expect(t, diagnostics, `variable "code" is missing (0x5)`, "all of its variables")
	_, diagnostics = send.Invoke(with(config, acctest.Values{"event_key": "logout"}))
	acctest.Expect(t, diagnostics, `event "logout" does not exist (0x13)`, "has this event template")
}

// The error of a rejected message contains the text of the API, and what to do.
func TestSendRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stream mockserver.Stream
		config acctest.Values
		words  []string
	}{
		"disabled":       {mockserver.Stream{State: mockserver.Disabled}, nil, []string{"Could not send a test message through stream 101", "CommPeak rejected the message: stream is disabled (0x10).", "enabled = true", "Request ID: mock-"}},
		"draft":          {mockserver.Stream{State: mockserver.Draft}, nil, []string{"stream is draft", "setup is not complete"}},
		"whatsapp":       {mockserver.Stream{Type: mockserver.WhatsApp}, nil, []string{"cannot do this", "of a different type"}},
		"no events":      {mockserver.Stream{}, acctest.Values{"text": nil, "event_key": "login"}, []string{"cannot do this", "Only streams of type otp and transactional"}},
		"foreign sender": {mockserver.Stream{DefaultSender: "GLOBAL"}, acctest.Values{"sender": "EVIL"}, []string{`sender "EVIL" is not allowed sender (0x1)`, "commpeak_senders", `"GLOBAL"`}},
		"no sender":      {mockserver.Stream{}, acctest.Values{"sender": nil}, []string{"sender is required", "no default sender"}},
		"wrong address":  {mockserver.Stream{IPACL: "203.0.113.7"}, nil, []string{"HTTP 403: IP ACL restriction", "allowed IPs"}},
		"restricted":     {mockserver.Stream{Restricted: true}, nil, []string{"HTTP 403: IP ACL restriction", "restricted"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			stream := account.AddStream(test.stream)
			progress, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(with(hello(stream), test.config))
			acctest.Expect(t, diagnostics, test.words...)
			if text := fmt.Sprint(acctest.Texts(diagnostics), progress); strings.Contains(text, account.Token(stream.ID)) {
				t.Errorf("the token is shown: %s", text)
			}
			if n := len(account.Messages()); n != 0 {
				t.Errorf("%d messages were sent", n)
			}
		})
	}
}

// A token that dies between showing and sending is refused, and not shown.
func TestSendWithDeadToken(t *testing.T) {
	t.Parallel()
	var account *acctest.Account
	account = acctest.NewAccount(t, func(o *mockserver.Options) {
		o.OnRequest = func(r mockserver.Request) {
			if r.Pattern == "GET /streams/{id}/token" {
				account.ResetToken(101)
			}
		}
	})
	stream := account.AddStream(mockserver.Stream{})
	_, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(hello(stream))
	acctest.Expect(t, diagnostics, "HTTP 401", "may just have been reset")
	for _, secret := range account.Secrets() {
		if strings.Contains(acctest.Texts(diagnostics)[0], secret) {
			t.Error("a secret is shown")
		}
	}
}

func TestSendThroughNoStream(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	_, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(hello(mockserver.Stream{ID: 7}))
	acctest.Expect(t, diagnostics, "Could not get the token of stream 7", "HTTP 404")
}

func TestSendReadOnly(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	config := hello(account.AddStream(mockserver.Stream{}))
	send := acctest.NewProtocol(t, account, acctest.Values{"read_only": true}).Action(sendAction)
	acctest.Expect(t, acctest.Warnings(send.Plan(config)), "will not be sent", "read_only")
	_, diagnostics := send.Invoke(config)
	acctest.Expect(t, diagnostics, "read_only", "Nothing was sent")
	if n := account.Count("POST /simple_send/"); n != 0 {
		t.Errorf("%d sends", n)
	}
}

func TestSendPlan(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	send := acctest.NewProtocol(t, account, nil).Action(sendAction)
	acctest.ExpectNone(t, send.Plan(acctest.Values{"stream_id": acctest.Unknown, "recipient": acctest.Unknown, "text": acctest.Unknown}))
	if n := account.Count(""); n != 0 {
		t.Errorf("a plan costs %d requests", n)
	}
}

// A send whose outcome is not known is not repeated.
func TestSendLost(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Inject(mockserver.Fault{Pattern: "POST /simple_send/", Stage: mockserver.After, Status: 502})
	_, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(hello(account.AddStream(mockserver.Stream{})))
	acctest.Expect(t, diagnostics, "HTTP 502", "may have been sent", "before you send it again")
	if n := len(account.Messages()); n != 1 {
		t.Errorf("%d messages were sent", n)
	}
}

// late is an account whose clock stands still until messages were looked for so
// often; a message is on its way for a minute.
func late(t *testing.T, looks int32, outcome string) *acctest.Account {
	t.Helper()
	var ahead, looked atomic.Int32
	return acctest.NewAccount(t, func(o *mockserver.Options) {
		o.DeliveryDelay = time.Minute
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load()) * time.Minute) }
		o.Outcome = func(mockserver.Message) string { return outcome }
		o.OnRequest = func(r mockserver.Request) {
			if r.Pattern == "GET /streams/messages" && looked.Add(1) == looks {
				ahead.Store(2)
			}
		}
	})
}

func TestWaitForDelivery(t *testing.T) {
	t.Parallel()
	account := late(t, 2, mockserver.Delivered) // the first look takes two pages.
	stream := account.AddStream(mockserver.Stream{})
	for range 120 { // as many as make a second page.
		account.AddMessage(mockserver.Message{StreamID: stream.ID, Recipient: phone, SentAt: time.Now().Add(time.Second)})
	}
	progress, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(with(hello(stream), acctest.Values{"wait_for_delivery": true}))
	acctest.ExpectNone(t, diagnostics)
	uuid := account.Messages()[120].UUID
	if want := []string{"Message " + uuid + " is sent", "Message " + uuid + " is delivered"}; len(progress) != 4 || !slices.Equal(progress[2:], want) {
		t.Errorf("told %q, not %q at the end", progress, want)
	}
	for _, r := range account.Requests() {
		if r.Pattern == "GET /streams/messages" && (r.Query.Get("streamId") != strconv.Itoa(stream.ID) || r.Query.Get("phone") != phone || r.Query.Get("startDate") == "") {
			t.Errorf("searched for %v", r.Query)
		}
	}
}

func TestWaitForDeliveryInVain(t *testing.T) {
	t.Parallel()
	for status, words := range map[string]string{
		mockserver.SentFailed: "could not be sent", mockserver.Undelivered: "did not arrive",
		mockserver.NoRoutes: "no route", mockserver.Refused: "was rejected",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t, func(o *mockserver.Options) {
				o.Outcome = func(mockserver.Message) string { return status }
			})
			stream := account.AddStream(mockserver.Stream{})
			_, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(with(hello(stream), acctest.Values{"wait_for_delivery": true}))
			acctest.Expect(t, diagnostics, "The test message was not delivered", account.Messages()[0].UUID+" is "+status, words)
		})
	}
}

func TestWaitForDeliveryTooLong(t *testing.T) {
	t.Parallel()
	account := late(t, 1000, mockserver.Delivered)
	config := with(hello(account.AddStream(mockserver.Stream{})), acctest.Values{"wait_for_delivery": true, "delivery_timeout": "700ms"})
	begin := time.Now()
	_, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(config)
	acctest.Expect(t, diagnostics, "not delivered in time", "After 700ms", account.Messages()[0].UUID+" is sent", "delivery_timeout")
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// An interruption ends the wait at once, and tells what was sent.
func TestWaitForDeliveryInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	account := acctest.NewAccount(t, func(o *mockserver.Options) {
		o.DeliveryDelay = time.Hour
		o.OnRequest = func(r mockserver.Request) {
			if r.Pattern == "GET /streams/messages" {
				interrupt()
			}
		}
	})
	config := with(hello(account.AddStream(mockserver.Stream{})), acctest.Values{"wait_for_delivery": true})
	_, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).InvokeIn(ctx, config)
	acctest.Expect(t, diagnostics, "The wait for the delivery was interrupted", account.Messages()[0].UUID+" was sent")
}

func TestWaitForDeliveryUnseen(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Inject(mockserver.Fault{Pattern: "GET /streams/messages", Body: `{"items": [], "total": 0}`, Status: http.StatusOK})
	stream := account.AddStream(mockserver.Stream{})
	progress, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(with(hello(stream), acctest.Values{"wait_for_delivery": true}))
	acctest.ExpectNone(t, diagnostics)
	if told := strings.Join(progress, "\n"); !strings.Contains(told, "is not listed yet") || !strings.HasSuffix(told, "is delivered") {
		t.Errorf("told %q", progress)
	}
}

func TestWaitForDeliveryRefused(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Inject(mockserver.Fault{Pattern: "GET /streams/messages", Status: 403, Body: `{"message": "IP ACL restriction"}`})
	_, diagnostics := acctest.NewProtocol(t, account, nil).Action(sendAction).Invoke(with(hello(account.AddStream(mockserver.Stream{})), acctest.Values{"wait_for_delivery": true}))
	acctest.Expect(t, diagnostics, "cannot be used from this address", "HTTP 403")
}

func TestSendValidation(t *testing.T) {
	t.Parallel()
	send := acctest.NewProtocol(t, acctest.NewAccount(t), nil).Action(sendAction)
	good := hello(mockserver.Stream{ID: 7})
	acctest.ExpectNone(t, send.Validate(good))
	acctest.ExpectNone(t, send.Validate(with(good, acctest.Values{"delivery_timeout": "1h", "wait_for_delivery": acctest.Unknown, "recipient": acctest.Unknown})))
	for name, test := range map[string]struct {
		change acctest.Values
		words  []string
	}{
		"blank stream":         {acctest.Values{"stream_id": ""}, []string{"at stream_id:", "blank"}},
		"neither text nor key": {acctest.Values{"text": nil}, []string{"text", "event_key"}},
		"both text and key":    {acctest.Values{"event_key": "login"}, []string{"text", "event_key"}},
		"blank text":           {acctest.Values{"text": " "}, []string{"at text:", "blank"}},
		"blank key":            {acctest.Values{"text": nil, "event_key": ""}, []string{"at event_key:", "blank"}},
		"blank sender":         {acctest.Values{"sender": ""}, []string{"at sender:", "blank"}},
		"variables of a text":  {acctest.Values{"variables": acctest.Values{"code": "1"}}, []string{"at variables:", "event_key"}},
		"variable that is null": {
			acctest.Values{"text": nil, "event_key": "login", "variables": acctest.Values{"code": nil}},
			[]string{"at variables:", "Null Map Value"},
		},
		"timeout of words":      {acctest.Values{"delivery_timeout": "soon"}, []string{"at delivery_timeout:", `"soon" is not a duration`}},
		"timeout of nothing":    {acctest.Values{"delivery_timeout": "0s"}, []string{"at delivery_timeout:", "above zero"}},
		"timeout of days":       {acctest.Values{"delivery_timeout": "48h"}, []string{"at delivery_timeout:", "at most 1h"}},
		"recipient with a plus": {acctest.Values{"recipient": "+491701234567"}, []string{"at recipient:", `Write "491701234567"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Expect(t, send.Validate(with(good, test.change)), test.words...)
		})
	}
}

func TestRecipients(t *testing.T) {
	t.Parallel()
	send := acctest.NewProtocol(t, acctest.NewAccount(t), nil).Action(sendAction)
	for recipient, words := range map[string]string{
		"4917012":              "",
		"123456789012345":      "",
		"+49 (170) 123-45.67":  `Write "491701234567"`,
		"00491701234567":       `Write "491701234567"`,
		"49 170\u00a01234567":  `Write "491701234567"`,
		"01701234567":          "starts with 0",
		"+0491701234567":       "starts with 0",
		"491701":               "has 6 digits",
		"1234567890123456":     "has 16 digits",
		"":                     "has 0 digits",
		"+":                    "has 0 digits",
		"0049":                 "has 2 digits",
		"call me":              "is not a phone number",
		"49170123456x":         "is not a phone number",
		"٤٩١٧٠١٢٣٤٥٦٧":         "is not a phone number",
		"491701234567\n":       "is not a phone number",
		"491701234567,4917012": "is not a phone number",
	} {
		t.Run(recipient, func(t *testing.T) {
			t.Parallel()
			diagnostics := send.Validate(with(hello(mockserver.Stream{ID: 7}), acctest.Values{"recipient": recipient}))
			if words == "" {
				acctest.ExpectNone(t, diagnostics)
				return
			}
			acctest.Expect(t, diagnostics, "at recipient:", words)
		})
	}
}
