package commpeak_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

const (
	streamToken = "token-of-seven-0123456789"
	accepted    = `{"status": true, "task_id": 5, "messages": [{"internal_id": "a", "message_uuid": "u-1", "conversation_uuid": null, "error": null, "details": null}]}`
)

var hello = commpeak.TextMessage{InternalID: "a", Sender: "ACME", Recipient: "491701234567", Text: "Hello"}

// messagingClient is a client whose two endpoints are the server's, told apart by path.
func messagingClient(s *server, change ...func(*commpeak.Config)) *commpeak.Client {
	return newClient(s.URL+"/management", append(change, func(c *commpeak.Config) { c.MessagingEndpoint = s.URL + "/run" })...)
}

func TestSendTexts(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `{"status": true, "messages": [
		{"internal_id": "a", "message_uuid": "u-1", "conversation_uuid": "c-1"},
		{"internal_id": 2, "message_uuid": null, "error": "0x1", "details": "sender \"X\" is not allowed sender"}]}`))
	client := messagingClient(s)
	sent, err := client.SendTexts(t.Context(), streamToken, hello, commpeak.TextMessage{Sender: "X", Recipient: "491700000000", Text: "<&>"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "what became of them", sent, []commpeak.SentMessage{
		{InternalID: "a", UUID: "u-1", ConversationUUID: "c-1"},
		{InternalID: "2", Code: "0x1", Details: `sender "X" is not allowed sender`},
	})
	if sent[0].Accepted() != true || sent[1].Accepted() != false {
		t.Error("accepted is what has a UUID")
	}
	equal(t, "the refusal", sent[1].Refusal(), `message 2: sender "X" is not allowed sender (0x1)`)
	equal(t, "requests", s.lines(), []string{"POST /run/simple_send/"})
	asked := s.of("POST")[0]
	equal(t, "authorisation", asked.Header.Get("Authorization"), streamToken)
	equal(t, "content type", asked.Header.Get("Content-Type"), "application/json")
	equalJSON(t, asked.Body, `{"messages": [
		{"internal_id": "a", "sender": "ACME", "recipient_phone": "491701234567", "message_content": "Hello"},
		{"sender": "X", "recipient_phone": "491700000000", "message_content": "<&>"}]}`)
	if !slices.Contains(client.Secrets(), streamToken) {
		t.Error("the token is not among the secrets")
	}
}

func TestSendEvent(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, accepted))
	_, err := messagingClient(s).SendEvent(t.Context(), streamToken, "login", commpeak.EventMessage{
		Recipient: "491701234567", Sender: "ACME", Variables: map[string]string{"code": "123"},
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "requests", s.lines(), []string{"POST /run/event_send/"})
	equalJSON(t, s.of("POST")[0].Body, `{"event": "login", "recipients": [
		{"recipient_phone": "491701234567", "sender": "ACME", "template_variables": {"code": "123"}}]}`)
}

// A send of none or of too many messages is not sent.
func TestSendOfTooMany(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, accepted))
	for n, fits := range map[int]bool{0: false, 1: true, 250: true, 251: false} {
		_, err := messagingClient(s).SendTexts(t.Context(), streamToken, slices.Repeat([]commpeak.TextMessage{hello}, n)...)
		if (err == nil) != fits {
			t.Errorf("%d messages: %v", n, err)
		}
	}
	equal(t, "sends", s.count("POST"), 2)
}

// An answer of HTTP 200 is a failure when it says so.
func TestRefusedSends(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body    string
		words   string
		code    string
		refused int
	}{
		"the whole": {
			`{"status": false, "task_id": null, "messages": [], "error": "0x10", "details": "stream is disabled"}`,
			"stream is disabled (0x10)", "0x10", 0,
		},
		"each message": {
			`{"status": false, "messages": [{"internal_id": "a", "message_uuid": null, "error": "0x1", "details": "sender \"X\" is not allowed sender"}]}`,
			`message a: sender "X" is not allowed sender (0x1)`, "", 1,
		},
		"each message, in spite of true": {
			`{"status": true, "messages": [{"message_uuid": null, "error": "0x3", "details": "no phone"}]}`, "no phone (0x3)", "", 1,
		},
		"a code alone":    {`{"status": false, "error": "0x12"}`, "0x12", "", 0},
		"other words":     {`{"status": false, "message": "no credit"}`, "no credit", "", 0},
		"no words":        {`{"status": false}`, "", "", 0},
		"nothing at all":  {`{"status": true, "messages": []}`, "", "", 0},
		"null messages":   {`{"status": true, "messages": null}`, "", "", 0},
		"messages of old": {`{"status": false, "details": "no", "messages": "none"}`, "no", "", 0},
		"the token itself": {
			`{"status": false, "details": "token ` + streamToken + ` is tired"}`, "token *** is tired", "", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, always(200, c.body))
			_, err := messagingClient(s).SendTexts(t.Context(), streamToken, hello)
			var failed *commpeak.Error
			if !errors.Is(err, commpeak.ErrRefused) || !errors.As(err, &failed) {
				t.Fatalf("got %v", err)
			}
			equal(t, "words", failed.Message(), c.words)
			equal(t, "code", failed.Code, c.code)
			equal(t, "refused messages", len(failed.Refused), c.refused)
			equal(t, "run time", failed.Messaging, true)
			equal(t, "requests", s.count(""), 1)
			mentions(t, err, "send a message", c.words)
		})
	}
}

// A send is repeated only when it surely did nothing.
func TestRepeatedSends(t *testing.T) {
	t.Parallel()
	lost := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for name, c := range map[string]struct {
		first    http.HandlerFunc
		requests int
		fails    bool
	}{
		"too many requests": {always(429, `{"message": "slow down"}`), 2, false},
		"in trouble":        {always(500, `{"message": "oops"}`), 1, true},
		"unavailable":       {always(503, ``), 1, true},
		"lost":              {lost, 1, true},
		"not authenticated": {always(401, `{"message": "Not Authenticated: invalid token"}`), 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := 0
				client, asked := virtual(func(w http.ResponseWriter, r *http.Request) {
					n++
					if n == 1 {
						c.first(w, r)
						return
					}
					reply(w, 200, accepted)
				}, func(config *commpeak.Config) { config.MessagingEndpoint = "http://localhost" })
				_, err := client.SendTexts(t.Context(), streamToken, hello)
				if (err != nil) != c.fails {
					t.Errorf("got %v", err)
				}
				equal(t, "requests", asked.count("POST"), c.requests)
			})
		})
	}
}

// The path without its closing slash answers 307 on the real service.
func TestRedirectedSend(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/run/v2/") {
			http.Redirect(w, r, "/run/v2/simple_send/", http.StatusTemporaryRedirect)
			return
		}
		reply(w, 200, accepted)
	})
	if _, err := messagingClient(s).SendTexts(t.Context(), streamToken, hello); err != nil {
		t.Fatal(err)
	}
	equal(t, "requests", s.lines(), []string{"POST /run/simple_send/", "POST /run/v2/simple_send/"})
	asked := s.of("POST")
	equal(t, "body", asked[1].Body, asked[0].Body)
	equal(t, "authorisation", asked[1].Header.Get("Authorization"), streamToken)
}

// A token goes to no other host.
func TestSendRedirectedElsewhere(t *testing.T) {
	t.Parallel()
	other := serve(t, always(200, accepted))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/simple_send/", http.StatusTemporaryRedirect)
	})
	_, err := messagingClient(s).SendTexts(t.Context(), streamToken, hello)
	if !errors.Is(err, commpeak.ErrNotTheAPI) {
		t.Errorf("got %v", err)
	}
	equal(t, "requests elsewhere", other.count(""), 0)
}

// A message is a write.
func TestReadOnlySends(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, accepted))
	client := messagingClient(s, func(c *commpeak.Config) { c.ReadOnly = true })
	for _, send := range []func() error{
		func() error { _, err := client.SendTexts(t.Context(), streamToken, hello); return err },
		func() error {
			_, err := client.SendEvent(t.Context(), streamToken, "login", commpeak.EventMessage{Recipient: "491701234567"})
			return err
		},
	} {
		var failed *commpeak.Error
		if err := send(); !errors.Is(err, commpeak.ErrReadOnly) || !errors.As(err, &failed) || !failed.Messaging {
			t.Errorf("got %v", err)
		}
	}
	equal(t, "requests", s.count(""), 0)
}
