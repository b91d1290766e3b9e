package commpeak_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

const webhookFive = `{"id": 5, "url": "https://a.example", "method": "POST", "headers": [], "enabled": true}`

func TestReadWebhook(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]commpeak.Webhook{
		webhookFive: {ID: "5", URL: "https://a.example", Method: "POST", Headers: []commpeak.Header{}, Enabled: new(true)},
		`{"id": "/streams/7/webhooks/5", "url": "x", "method": "get", "headers": null, "enabled": 0}`: {ID: "5", URL: "x", Method: "GET", Headers: []commpeak.Header{}, Enabled: new(false)},
		`{"id": "5", "url": "x", "method": "PUT"}`:                                                    {ID: "5", URL: "x", Method: "PUT"},
		`{"id": 5, "url": "x", "method": "Post", "headers": [{"name": "A", "value": "1"}, {"name": "B", "value": null}, {"name": "C"}, {"name": "D", "value": ""}]}`: {
			ID: "5", URL: "x", Method: "POST",
			Headers: []commpeak.Header{{Name: "A", Value: "1"}, {Name: "B", Value: "********"}, {Name: "C", Value: "********"}, {Name: "D"}},
		},
	} {
		s := serve(t, always(200, body))
		got, err := newClient(s.URL).Webhook(t.Context(), "7", "5")
		if err != nil {
			t.Errorf("%s: %v", body, err)
		}
		equal(t, body, got, want)
		equal(t, body, s.lines(), []string{"GET /streams/7/webhooks/5"})
	}
	for _, body := range []string{`{"url": "x"}`, `[]`, `null`} {
		s := serve(t, always(200, body))
		if _, err := newClient(s.URL).Webhook(t.Context(), "7", "5"); !errors.Is(err, commpeak.ErrNotTheAPI) {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

func TestIsHeaderMask(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"********": true, "***": true, "": false, "*": false, "**": false, "*/*": false, "a***": false} {
		equal(t, value, commpeak.IsHeaderMask(value), want)
	}
}

func TestWebhookDifferences(t *testing.T) {
	t.Parallel()
	spec := commpeak.WebhookSpec{URL: "u", Method: "POST", Enabled: true, Headers: []commpeak.Header{{Name: "A", Value: "1"}, {Name: "b", Value: "2"}}}
	same := commpeak.Webhook{URL: "u", Method: "POST", Enabled: new(true), Headers: []commpeak.Header{{Name: "B", Value: "2"}, {Name: "a", Value: "1"}}}
	for want, change := range map[string]func(*commpeak.Webhook){
		"":        func(*commpeak.Webhook) {},
		"url":     func(w *commpeak.Webhook) { w.URL = "U" },
		"method":  func(w *commpeak.Webhook) { w.Method = "GET" },
		"enabled": func(w *commpeak.Webhook) { w.Enabled = new(false) },
		"headers": func(w *commpeak.Webhook) {
			w.Headers = []commpeak.Header{{Name: "B", Value: "3"}, {Name: "a", Value: "1"}}
		},
	} {
		webhook := same
		change(&webhook)
		equal(t, want, strings.Join(webhook.Differences(spec), " "), want)
	}
	for name, headers := range map[string][]commpeak.Header{
		"not reported": nil,
		"masked":       {{Name: "A", Value: "********"}, {Name: "B", Value: "***"}},
	} {
		webhook := same
		webhook.Headers = headers
		equal(t, name, webhook.Differences(spec), nil)
	}
	for name, headers := range map[string][]commpeak.Header{
		"none": {}, "one less": {{Name: "A", Value: "********"}}, "another": {{Name: "A", Value: "********"}, {Name: "C", Value: "********"}},
		"one more": {{Name: "A", Value: "1"}, {Name: "B", Value: "2"}, {Name: "C", Value: "3"}},
	} {
		webhook := same
		webhook.Headers = headers
		equal(t, name, webhook.Differences(spec), []string{"headers"})
	}
}

func TestCreateWebhookSendsAllFields(t *testing.T) {
	t.Parallel()
	for body, spec := range map[string]commpeak.WebhookSpec{
		`{"url": "u", "method": "POST", "headers": [], "enabled": true}`:                                       {URL: "u", Method: "POST", Enabled: true},
		`{"url": "v", "method": "POST", "headers": [], "enabled": true}`:                                       {URL: "v", Method: "POST", Enabled: true, Headers: []commpeak.Header{}},
		`{"url": "u", "method": "GET", "headers": [], "enabled": false}`:                                       {URL: "u", Method: "GET"},
		`{"url": "u", "method": "GET", "headers": [{"name": "A", "value": "1 < 2 & \"3\""}], "enabled": true}`: {URL: "u", Method: "GET", Enabled: true, Headers: []commpeak.Header{{Name: "A", Value: `1 < 2 & "3"`}}},
	} {
		s := serve(t, always(201, webhookFive))
		webhook, err := newClient(s.URL).CreateWebhook(t.Context(), "7", spec)
		if err != nil || webhook.ID != "5" {
			t.Errorf("%s: got %+v, %v", body, webhook, err)
		}
		equal(t, body, s.lines(), []string{"POST /streams/7/webhooks"})
		equalJSON(t, s.of("POST")[0].Body, body)
	}
}

// TestUpdateWebhook: the headers are written all together or not at all.
func TestUpdateWebhook(t *testing.T) {
	t.Parallel()
	base := commpeak.WebhookSpec{URL: "u", Method: "POST", Enabled: true}
	for patch, change := range map[string]func(*commpeak.WebhookSpec){
		``:                                       func(*commpeak.WebhookSpec) {},
		`{"url": "v"}`:                           func(s *commpeak.WebhookSpec) { s.URL = "v" },
		`{"method": "GET", "enabled": false}`:    func(s *commpeak.WebhookSpec) { s.Method, s.Enabled = "GET", false },
		`{"headers": []}`:                        func(s *commpeak.WebhookSpec) { s.Headers = []commpeak.Header{} },
		`{"headers": [{"name":"A","value":""}]}`: func(s *commpeak.WebhookSpec) { s.Headers = []commpeak.Header{{Name: "A"}} },
	} {
		s := serve(t, always(200, webhookFive))
		to := base
		change(&to)
		webhook, changed, err := newClient(s.URL).UpdateWebhook(t.Context(), "7", "5", base, to)
		if err != nil || changed != (patch != "") || changed != (webhook.ID == "5") {
			t.Errorf("%s: got %+v, %t, %v", patch, webhook, changed, err)
		}
		if patch != "" {
			equal(t, patch, s.lines(), []string{"PATCH /streams/7/webhooks/5"})
			equalJSON(t, s.of("PATCH")[0].Body, patch)
		}
	}
}

// TestSecretHeaders: what a header keeps secret is in no error, though the
// service repeats it.
func TestSecretHeaders(t *testing.T) {
	t.Parallel()
	s := serve(t, always(422, `{"detail": "the value s3cr3t-value is bad, and so is plain"}`))
	spec := commpeak.WebhookSpec{URL: "u", Method: "POST", Headers: []commpeak.Header{{Name: "A", Value: "s3cr3t-value", Secret: true}, {Name: "B", Value: "plain"}}}
	for name, write := range map[string]func(*commpeak.Client) error{
		"create": func(c *commpeak.Client) error { _, err := c.CreateWebhook(t.Context(), "7", spec); return err },
		"update": func(c *commpeak.Client) error {
			_, _, err := c.UpdateWebhook(t.Context(), "7", "5", commpeak.WebhookSpec{}, spec)
			return err
		},
	} {
		client := newClient(s.URL)
		err := write(client)
		mentions(t, err, "the value *** is bad, and so is plain")
		equal(t, name, slices.Contains(client.Secrets(), "s3cr3t-value"), true)
	}
}

// TestMissingWebhook tells a webhook that is gone, a stream that is gone and an
// API without such calls apart, though all answer 404.
func TestMissingWebhook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stream, list int
		gone         bool
		says         string
	}{
		"the webhook is gone":     {200, 200, true, "HTTP 404"},
		"the stream is gone":      {404, 404, true, "HTTP 404"},
		"no such call":            {200, 404, false, "offers no such call"},
		"who knows":               {200, 403, false, "HTTP 403"},
		"who knows of the stream": {403, 404, false, "HTTP 403"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch path, _, _ := strings.Cut(r.RequestURI, "?"); path {
				case "/streams/7":
					reply(w, c.stream, streamSeven)
				case "/streams/7/webhooks":
					reply(w, c.list, map[bool]string{true: `[]`, false: `{"title": "no"}`}[c.list == 200])
				default:
					reply(w, 404, `{"title": "no"}`)
				}
			})
			client := newClient(s.URL)
			_, err := client.Webhook(t.Context(), "7", "5")
			mentions(t, err, c.says)
			equal(t, "gone on read", errors.Is(err, commpeak.ErrNotFound), c.gone)
			_, _, err = client.UpdateWebhook(t.Context(), "7", "5", commpeak.WebhookSpec{}, commpeak.WebhookSpec{URL: "u"})
			equal(t, "gone on update", errors.Is(err, commpeak.ErrNotFound), c.gone)
			equal(t, "gone on delete", client.DeleteWebhook(t.Context(), "7", "5") == nil, c.gone)
		})
	}
}

func TestWhatsAppTemplates(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `[{"id": 1, "name": "order", "language": "en_US", "category": "UTILITY", "status": "APPROVED", "body": "Hi"},
		{"id": "2", "name": "sale", "language": null}]`))
	got, err := newClient(s.URL).WhatsAppTemplates(t.Context(), "7")
	if err != nil {
		t.Error(err)
	}
	equal(t, "templates", got, []commpeak.WhatsAppTemplate{
		{ID: "1", Name: "order", Language: "en_US", Category: "UTILITY", Status: "APPROVED", Body: "Hi"}, {ID: "2", Name: "sale"},
	})
	equal(t, "requests", s.lines(), []string{"GET /streams/7/whatsapp/templates"})
	for _, body := range []string{`null`, `{}`, `[{"name": "x"}]`, `["x"]`} {
		s := serve(t, always(200, body))
		if _, err := newClient(s.URL).WhatsAppTemplates(t.Context(), "7"); !errors.Is(err, commpeak.ErrNotTheAPI) {
			t.Errorf("%s: got %v", body, err)
		}
	}
}
