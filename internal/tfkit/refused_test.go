package tfkit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// TestAddErrorOfARefusedCall: the advice is about the operation and the object of the call that failed, and about
// no other call.
func TestAddErrorOfARefusedCall(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || strings.HasSuffix(r.URL.Path, "/token") || strings.HasSuffix(r.URL.Path, "/webhooks") {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
		_, _ = w.Write([]byte(`{"title":"Method Not Allowed"}`))
	}))
	t.Cleanup(server.Close)
	client := commpeak.New(commpeak.Config{APIKey: "key", Endpoint: server.URL})
	const (
		toImport = "Then import it, or the next plan creates it again:\n\nimport {\n  to = "
		isEmpty  = "The next plan is then empty."
		removed  = "removed {\n  from = "
	)
	for _, test := range []struct {
		name  string
		call  func(ctx context.Context) error
		words []string
	}{
		{"create stream", func(ctx context.Context) error {
			_, err := client.CreateStream(ctx, commpeak.StreamSpec{})
			return err
		}, []string{"Create the stream in the console", toImport + "commpeak_stream.NAME\n  id = \"STREAM_ID\""}},
		{"create event", func(ctx context.Context) error {
			_, err := client.CreateEvent(ctx, "7", commpeak.EventSpec{})
			return err
		}, []string{"Create the event template", toImport + "commpeak_event_template.NAME\n  id = \"7/EVENT_ID\""}},
		{"create webhook", func(ctx context.Context) error {
			_, err := client.CreateWebhook(ctx, "7", commpeak.WebhookSpec{})
			return err
		}, []string{"Create the webhook", toImport + "commpeak_webhook.NAME\n  id = \"7/WEBHOOK_ID\"", "and WEBHOOK_ID with the ID in the console"}},
		{"change stream", func(ctx context.Context) error {
			_, _, err := client.UpdateStream(ctx, "7", commpeak.StreamSpec{}, commpeak.StreamSpec{Name: "B"})
			return err
		}, []string{"Change the stream in the console", isEmpty}},
		{
			"change allowed IPs", func(ctx context.Context) error { return client.SetAllowedIPs(ctx, "7", []string{"203.0.113.7"}) },
			[]string{"Change the allowed IPs in the console", `"7" for a commpeak_allowed_ips and "7/IP" for a commpeak_allowed_ip`},
		},
		{
			"delete stream", func(ctx context.Context) error { return client.DeleteStream(ctx, "7") },
			[]string{"Delete the stream in the console", removed + "commpeak_stream.NAME\n  lifecycle {\n    destroy = false"},
		},
		{
			"delete webhook", func(ctx context.Context) error { return client.DeleteWebhook(ctx, "7", "3") },
			[]string{"Delete the webhook in the console", removed + "commpeak_webhook.NAME"},
		},
		{"reset token", func(ctx context.Context) error {
			_, err := client.ResetStreamToken(ctx, "7")
			return err
		}, []string{"Reset the token in the console", "commpeak_stream_token.NAME\n  id = \"7\""}},
		{"list webhooks", func(ctx context.Context) error {
			for _, err := range client.Webhooks(ctx, "7") {
				return err
			}
			return nil
		}, []string{"CommPeak does not document this call", "Remove this block"}},
		{"show token", func(ctx context.Context) error {
			_, err := client.StreamToken(ctx, "7")
			return err
		}, []string{"Your account does not offer this call. Remove this block"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			tfkit.AddError(&diags, "Could not do it", test.call(t.Context()))
			if len(diags) != 1 {
				t.Fatalf("diagnostics: %v", diags)
			}
			for _, word := range test.words {
				if !strings.Contains(diags[0].Detail(), word) {
					t.Errorf("the detail does not contain %q:\n%s", word, diags[0].Detail())
				}
			}
			if strings.Contains(diags[0].Detail(), "reads only") {
				t.Errorf("the detail is about other calls:\n%s", diags[0].Detail())
			}
		})
	}
}

// TestSummariesFitOnALine: a long name is cut, and the ID after it stays.
func TestSummariesFitOnALine(t *testing.T) {
	t.Parallel()
	for summary, want := range map[string]string{
		`Could not change the stream "Login codes" (101)`:                                     `Could not change the stream "Login codes" (101)`,
		`Could not change the stream "` + strings.Repeat("ä", 200) + `" (101)`:                `Could not change the stream "` + strings.Repeat("ä", 23) + `…" (101)`,
		`Could not read the webhook https://example.com/` + strings.Repeat("x", 200) + ` (1)`: `Could not read the webhook https://example.com/` + strings.Repeat("x", 20) + `… (1)`,
	} {
		var diags diag.Diagnostics
		tfkit.AddError(&diags, summary, context.Canceled)
		if got := diags[0].Summary(); got != want {
			t.Errorf("the summary is %q (%d characters), not %q", got, len([]rune(got)), want)
		}
	}
}
