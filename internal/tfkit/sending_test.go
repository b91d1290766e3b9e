package tfkit_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// TestAddErrorOfASend: the advice differs from that for the management API.
func TestAddErrorOfASend(t *testing.T) {
	t.Parallel()
	refused := func(config *commpeak.Config) { config.MessagingEndpoint = "http://127.0.0.1:1" }
	for name, test := range map[string]struct {
		status int
		body   string
		change func(*commpeak.Config)
		words  []string
		not    string
	}{
		"old token":     {401, `{"message":"Not Authenticated: invalid token"}`, nil, []string{"POST /simple_send/ returned HTTP 401: Not Authenticated: invalid token.", "the stream's token"}, "COMMPEAK_API_KEY"},
		"wrong address": {403, `{"message":"IP ACL restriction"}`, nil, []string{"HTTP 403: IP ACL restriction.", "allowed IPs"}, "API key"},
		"server error":  {503, `{"message":"down"}`, nil, []string{"HTTP 503: down.", "may have been sent"}, "next plan"},
		"a web page":    {200, `<html>`, nil, []string{"messaging_endpoint"}, "(COMMPEAK_ENDPOINT)"},
		"refused":       {200, `{"status":false,"error":"0x10","details":"stream is disabled"}`, nil, []string{"POST /simple_send/ returned HTTP 200: stream is disabled (0x10)."}, ""},
		"read only":     {200, `{}`, func(c *commpeak.Config) { c.ReadOnly = true }, []string{"read_only", "A message is a write"}, ""},
		"not reached":   {200, `{}`, refused, []string{"refused", `messaging_endpoint = "http://127.0.0.1:1" (COMMPEAK_MESSAGING_ENDPOINT)`}, "(COMMPEAK_ENDPOINT)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			}))
			t.Cleanup(server.Close)
			config := commpeak.Config{MessagingEndpoint: server.URL}
			if test.change != nil {
				test.change(&config)
			}
			_, err := commpeak.New(config).SendTexts(t.Context(), "stream-secret", commpeak.TextMessage{})
			var diags diag.Diagnostics
			tfkit.AddError(&diags, "Could not send", err)
			if len(diags) != 1 {
				t.Fatalf("diagnostics: %v", diags)
			}
			for _, word := range test.words {
				if !strings.Contains(diags[0].Detail(), word) {
					t.Errorf("the detail does not contain %q:\n%s", word, diags[0].Detail())
				}
			}
			if test.not != "" && strings.Contains(diags[0].Detail(), test.not) {
				t.Errorf("the detail contains %q:\n%s", test.not, diags[0].Detail())
			}
		})
	}
}
