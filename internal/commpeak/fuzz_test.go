package commpeak_test

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"golang.org/x/text/unicode/norm"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// Whatever a service sends, reading it ends in an object that makes sense, or in
// an error; and what this client writes, it reads as the same.

// isID fails the test unless the text can go into a path as one segment.
func isID(t *testing.T, id string) {
	t.Helper()
	if id == "" || strings.Contains(id, "/") {
		t.Errorf("the ID %q", id)
	}
}

// withID is the API's form of a spec as the API would answer it.
func withID(t *testing.T, body []byte) []byte {
	t.Helper()
	answer, err := jsonpatch.MergePatch([]byte(`{"id": 7}`), body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// decoded is what must be readable.
func decoded[T any](t *testing.T, document []byte) T {
	t.Helper()
	var object T
	if err := json.Unmarshal(document, &object); err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return object
}

func noDifference(t *testing.T, document []byte, names []string) {
	t.Helper()
	if len(names) > 0 {
		t.Errorf("%s: it differs in %q", document, names)
	}
}

// specOf makes a spec out of what a fuzzer says.
func specOf(text string, flags uint8, number int64) commpeak.StreamSpec {
	word := func(i int) string {
		words := strings.Split(text, "|")
		return words[i%len(words)]
	}
	flag := func(i int) bool { return flags>>i&1 == 1 }
	spec := commpeak.StreamSpec{
		Name: word(0), Type: commpeak.StreamTypes[int(flags)%len(commpeak.StreamTypes)], Description: word(1), DefaultSender: word(2),
		Demo: flag(0), Enabled: flag(1), Restricted: flag(2),
	}
	for _, tag := range strings.FieldsFunc(word(3), unicode.IsSpace) {
		if !slices.Contains(spec.Tags, tag) {
			spec.Tags = append(spec.Tags, tag)
		}
	}
	if flag(3) {
		spec.OTP = &commpeak.OTPSettings{CodeGeneration: commpeak.CodesByCustomer, CodeLength: number, CodeTTL: -number, MaxFailures: number / 2}
	}
	if spec.OTP != nil && flag(4) {
		spec.OTP.SendingLimit = &commpeak.SendingLimit{Messages: number, Period: number / 3}
	}
	if flag(5) {
		spec.WhatsApp = &commpeak.WhatsAppSettings{BusinessID: word(4)}
	}
	return spec
}

// FuzzStreamSpec: a stream is what was created, and then what it was changed to.
func FuzzStreamSpec(f *testing.F) {
	f.Add("News|All of it|ACME|b a|1234", uint8(0xff), int64(6), "Codes||12025550123|2026 x|", uint8(0x0b), int64(-1))
	f.Add("", uint8(0), int64(0), "a|b", uint8(0x2a), int64(1)<<62)
	f.Fuzz(func(t *testing.T, text string, flags uint8, number int64, otherText string, otherFlags uint8, otherNumber int64) {
		if !utf8.ValidString(text) || !utf8.ValidString(otherText) {
			return
		}
		text, otherText = norm.NFC.String(text), norm.NFC.String(otherText) // As Terraform does.
		from, to := specOf(text, flags, number), specOf(otherText, otherFlags, otherNumber)
		whole, err := json.Marshal(commpeak.Wire(from))
		if err != nil {
			t.Fatal(err)
		}
		document := withID(t, whole)
		noDifference(t, document, decoded[commpeak.Stream](t, document).Differences(from))
		to.Type = from.Type // it never changes
		patch, err := json.Marshal(commpeak.Changes(from, to))
		if err != nil {
			t.Fatal(err)
		}
		if string(patch) == "{}" {
			noDifference(t, document, decoded[commpeak.Stream](t, document).Differences(to))
			return
		}
		if document, err = jsonpatch.MergePatch(document, patch); err != nil {
			t.Fatal(err)
		}
		noDifference(t, document, decoded[commpeak.Stream](t, document).Differences(to))
	})
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"id": "/streams/7/events/8", "name": "Shipped", "key": "order_shipped", "template": "{order}"}`))
	f.Add([]byte(`{"id": {"id": 8}, "name": 8, "key": null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var event commpeak.Event
		if json.Unmarshal(data, &event) != nil {
			return
		}
		isID(t, event.ID)
		body, err := json.Marshal(commpeak.Wire(event.EventSpec))
		if err != nil {
			t.Fatal(err)
		}
		document := withID(t, body)
		noDifference(t, document, decoded[commpeak.Event](t, document).Differences(event.EventSpec))
	})
}

func FuzzWebhook(f *testing.F) {
	f.Add([]byte(`{"id": 9, "url": "https://a.example", "method": "post", "headers": [{"name": "X-Key", "value": "***"}, {"name": "b"}], "enabled": "1"}`))
	f.Add([]byte(`{"id": "9", "headers": null, "enabled": 0}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var webhook commpeak.Webhook
		if json.Unmarshal(data, &webhook) != nil {
			return
		}
		isID(t, webhook.ID)
		spec := commpeak.WebhookSpec{URL: webhook.URL, Method: webhook.Method, Headers: webhook.Headers, Enabled: webhook.Enabled != nil && *webhook.Enabled}
		body, err := json.Marshal(commpeak.Wire(spec))
		if err != nil {
			t.Fatal(err)
		}
		document := withID(t, body)
		noDifference(t, document, decoded[commpeak.Webhook](t, document).Differences(spec))
	})
}

func FuzzWhatsAppTemplate(f *testing.F) {
	f.Add([]byte(`{"id": 5, "name": "hello", "language": "en_US", "category": "MARKETING", "status": "APPROVED", "body": "Hi {{1}}"}`))
	f.Add([]byte(`{"id": "x/", "body": 3}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var template commpeak.WhatsAppTemplate
		if json.Unmarshal(data, &template) == nil {
			isID(t, template.ID)
		}
	})
}

// FuzzMessages: a page of messages has a total, and moments that can be written.
func FuzzMessages(f *testing.F) {
	f.Add([]byte(`{"items": [{"message_uuid": "u", "stream_id": 7, "status": "Sent-Failed", "sent_at": "2026-01-02 03:04:05", "content": {"text": "Hi"}}], "total": "1"}`))
	f.Add([]byte(`{"items": null, "totalItems": -1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		client := newClient("http://localhost")
		client.SetTransport(inMemory(always(200, string(data))))
		count, err := client.CountMessages(t.Context(), commpeak.MessageFilter{})
		if err == nil && count < 0 {
			t.Errorf("%d messages", count)
		}
		for message, err := range client.Messages(t.Context(), commpeak.MessageFilter{}) {
			if err != nil || count > 1000 {
				break
			}
			if status := commpeak.MessageStatus(strings.ToUpper(string(message.Status))); slices.Contains(commpeak.MessageStatuses, status) {
				t.Errorf("the status %q is spelled in its own way", message.Status)
			}
		}
	})
}

// FuzzToken: a token is one that can be sent and is kept out of every log, or
// there is an error.
func FuzzToken(f *testing.F) {
	f.Add([]byte(`{"token": "abc"}`))
	f.Add([]byte(`{"token": "a\nb"}`))
	f.Add([]byte(`{"token": null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		client := newClient("http://localhost")
		client.SetTransport(inMemory(always(200, string(data))))
		token, err := client.StreamToken(t.Context(), "7")
		switch {
		case (err == nil) != (token != ""):
			t.Errorf("the token %q, and the error %v", token, err)
		case err != nil:
			return
		case len(token) >= 8 && !slices.Contains(client.Secrets(), token):
			t.Errorf("the token %q is not kept secret", token)
		}
		if _, err := client.SendTexts(t.Context(), token, commpeak.TextMessage{}); err != nil && strings.Contains(err.Error(), "invalid header") {
			t.Errorf("the token %q cannot be sent: %v", token, err)
		}
	})
}

// FuzzSent: a send succeeds just when a message was accepted, and an error is
// fit for a terminal.
func FuzzSent(f *testing.F) {
	f.Add([]byte(`{"status": true, "messages": [{"internal_id": 1, "message_uuid": "u"}, {"error": "0x1", "details": {"message": "no"}}]}`))
	f.Add([]byte(`{"status": false, "details": "no", "error": 7, "messages": {}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		client := newClient("http://localhost", func(c *commpeak.Config) { c.MessagingEndpoint = "http://localhost" })
		client.SetTransport(inMemory(always(200, string(data))))
		sent, err := client.SendTexts(t.Context(), "token", commpeak.TextMessage{})
		if accepted := slices.ContainsFunc(sent, commpeak.SentMessage.Accepted); accepted != (err == nil) {
			t.Errorf("%+v, and the error %v", sent, err)
		}
		if err != nil {
			isReadable(t, err.Error())
		}
	})
}

// isReadable fails the test unless the text is fit for a terminal.
func isReadable(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		t.Errorf("the error cannot be shown: %q", text)
	}
}

// FuzzRetryAfter: a wait is neither negative nor longer than a day, and both
// forms say what they mean.
func FuzzRetryAfter(f *testing.F) {
	for _, text := range []string{"7", "0", "-1", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", " 7", ""} {
		f.Add(text, uint32(90))
	}
	client := newClient("http://localhost")
	wait := func(text string) *time.Duration {
		return client.ErrorFromResponse(429, http.Header{"Retry-After": {text}}, nil).RetryAfter
	}
	const day = 24 * time.Hour
	f.Fuzz(func(t *testing.T, text string, seconds uint32) {
		if got := wait(text); got != nil && (*got < 0 || *got > day) {
			t.Errorf("%q is a wait of %s", text, *got)
		}
		meant := min(time.Duration(seconds%(1<<31))*time.Second, day)
		if got := wait(strconv.Itoa(int(seconds % (1 << 31)))); got == nil || *got != meant {
			t.Errorf("%d seconds are a wait of %v", seconds, got)
		}
		got := wait(time.Now().Add(meant).UTC().Format(http.TimeFormat))
		if got == nil || meant-*got > time.Minute || *got > meant {
			t.Errorf("a date in %s is a wait of %v", meant, got)
		}
	})
}

// FuzzMoment: a moment that is read is the same when it is written, in either
// form, and read again.
func FuzzMoment(f *testing.F) {
	for _, text := range []string{"2026-01-02 03:04:05", "2026-01-02T03:04:05+02:00", "0000-00-00 00:00:00", "9999-12-31T23:59:59-23:59", "2026-01-02T03:04:05.999999999Z", "yesterday"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		created := createdAt(t, text)
		if created == nil {
			return
		}
		for _, layout := range []string{time.DateTime, time.RFC3339Nano} {
			again := createdAt(t, created.Format(layout))
			if again == nil || !again.Equal(created.Truncate(precisionOf(layout))) {
				t.Errorf("%q is %s, and then %v", text, created, again)
			}
		}
	})
}

func precisionOf(layout string) time.Duration {
	if layout == time.DateTime {
		return time.Second
	}
	return 0
}

func createdAt(t *testing.T, text string) *time.Time {
	t.Helper()
	encoded, err := json.Marshal(map[string]any{"id": 7, "createdAt": text})
	if err != nil {
		t.Fatal(err)
	}
	return decoded[commpeak.Stream](t, encoded).CreatedAt
}

// FuzzEndpoint: what is accepted is an endpoint already, and never sends a
// credential in clear text to another machine.
func FuzzEndpoint(f *testing.F) {
	for _, text := range []string{commpeak.DefaultEndpoint + "//", "http://[::1]:8080/a%2F", "http://localhost", "http://127.0.0.1@evil.example", "https://a?b#c", "HTTP://127.1", "http://[::ffff:127.0.0.1%25eth0]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, err := commpeak.ParseEndpoint(text)
		if err != nil {
			return
		}
		if twice, err := commpeak.ParseEndpoint(once); err != nil || twice != once {
			t.Errorf("%q is %q, and then %q, %v", text, once, twice, err)
		}
		var asked *http.Request
		client := newClient(once)
		client.SetTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = r
			return nil, http.ErrSchemeMismatch
		}))
		_, err = client.Stream(t.Context(), "7")
		switch {
		case asked == nil:
			t.Errorf("%q: nothing is sent: %v", text, err)
		case !strings.HasSuffix(asked.URL.Path, "/streams/7"):
			t.Errorf("%q: %s is asked for", text, asked.URL)
		case asked.URL.Scheme != "https" && !isThisMachine(asked.URL.Hostname()):
			t.Errorf("%q: %s is asked in clear text", text, asked.URL)
		}
	})
}

func isThisMachine(host string) bool {
	ip, _, _ := strings.Cut(host, "%")
	return strings.EqualFold(host, "localhost") || net.ParseIP(ip).IsLoopback()
}
