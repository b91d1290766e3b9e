package webhook_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

var attributeCases = map[string]attributeCase{
	"url": {
		from: url, to: `url = "https://example.org/"`,
		patch: `{"url":"https://example.org/"}`, undo: `{"url":"https://example.org/"}`,
		drift: func(w *mockserver.Webhook) { w.URL = "https://example.net" },
	},
	"method": {
		from: url, to: url + "\nmethod = \"GET\"",
		patch: `{"method":"GET"}`, undo: `{"method":"GET"}`,
		drift: func(w *mockserver.Webhook) { w.Method = "POST" },
	},
	"method left out again": {
		from: url + "\nmethod = \"GET\"", to: url,
		patch: `{"method":"POST"}`, undo: `{"method":"POST"}`,
		drift: func(w *mockserver.Webhook) { w.Method = "GET" },
	},
	"enabled": {
		from: url, to: url + "\nenabled = false",
		patch: `{"enabled":false}`, undo: `{"enabled":false}`,
		drift: func(w *mockserver.Webhook) { w.Enabled = true },
	},
	"header set, one added by hand": {
		from: url, to: url + "\nheaders = { A = \"1\" }",
		patch: `{"headers":[{"name":"A","value":"1"}]}`, undo: `{"headers":[{"name":"A","value":"1"}]}`,
		drift: func(w *mockserver.Webhook) { w.Headers = append(w.Headers, mockserver.Header{Name: "B", Value: "2"}) },
	},
	"header changed, and by hand": {
		from: url + "\nheaders = { A = \"1\", B = \"2\" }", to: url + "\nheaders = { A = \"3\", B = \"2\" }",
		patch: `{"headers":[{"name":"A","value":"3"},{"name":"B","value":"2"}]}`, undo: `{"headers":[{"name":"A","value":"3"},{"name":"B","value":"2"}]}`,
		drift: func(w *mockserver.Webhook) { w.Headers[1].Value = "9" },
	},
	"headers left out, one removed by hand": {
		from: url, to: url + "\nheaders = { A = \"1\", B = \"2\" }",
		patch: `{"headers":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}`, undo: `{"headers":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}`,
		drift: func(w *mockserver.Webhook) { w.Headers = w.Headers[:1] },
	},
	"headers cleared": {
		from: url + "\nheaders = { A = \"1\" }", to: url,
		patch: `{"headers":[]}`, undo: `{"headers":[]}`,
		drift: func(w *mockserver.Webhook) { w.Headers = []mockserver.Header{{Name: "B", Value: "2"}} },
	},
	"headers empty": {
		from: url + "\nheaders = { A = \"1\" }", to: url + "\nheaders = {}",
		patch: `{"headers":[]}`, undo: `{"headers":[]}`,
		drift: func(w *mockserver.Webhook) { w.Headers = []mockserver.Header{{Name: "B", Value: "2"}} },
	},
	"header there twice by hand": {
		from: url, to: url + "\nheaders = { A = \"1\" }",
		patch: `{"headers":[{"name":"A","value":"1"}]}`, undo: `{"headers":[{"name":"A","value":"1"}]}`,
		drift: func(w *mockserver.Webhook) { w.Headers = append(w.Headers, mockserver.Header{Name: "a", Value: "1"}) },
	},
	"several at once": {
		from: url, to: url + "\nenabled = false\nmethod = \"GET\"",
		patch: `{"enabled":false,"method":"GET"}`, undo: `{"enabled":false,"method":"GET"}`,
		drift: func(w *mockserver.Webhook) { w.Enabled, w.Method = true, "POST" },
	},
}

// Each attribute is changed in place by one PATCH with what changed and nothing
// else, and drift of it is found and repaired.
func TestWebhookEachAttribute(t *testing.T) {
	t.Parallel()
	const stream = "stream_id = \"101\"\n"
	for name, c := range attributeCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t)
			webhook := acctest.NewProtocol(t, account, nil).Resource("commpeak_webhook")
			acctest.TestChange(t, account, webhook, acctest.Change{
				From: stream + c.from, To: stream + c.to,
				Change: update + " " + c.patch, Undo: update + " " + c.undo,
				Drift: edit(account, c.drift),
			})
		})
	}
}
