package provider_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const (
	accessToken = "EAAG/access+token=1"
	header      = "Bearer s3cr3t/of+the=webhook"
)

// TestNoEchoedSecretInMessages has a service that refuses every call with words
// that repeat all credentials: none of them is in any message.
func TestNoEchoedSecretInMessages(t *testing.T) {
	t.Parallel()
	for name, spell := range map[string]func(string) string{
		"as they are": func(secret string) string { return secret },
		"for a URL":   url.QueryEscape,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t, func(o *mockserver.Options) { o.APIKey = "key/of+the=account" })
			account.AddStream(mockserver.Stream{Name: "Shop"})
			account.Inject(echoing(t, spell, account.APIKey(), account.Token(101), accessToken, header))
			p := acctest.NewProtocol(t, account, acctest.Values{"max_retries": 0})
			for doing, diagnostics := range everything(p) {
				texts := strings.Join(acctest.Texts(diagnostics), "\n")
				if !strings.Contains(texts, "***") {
					t.Errorf("%s: nothing is struck out, so that this proves nothing: %s", doing, texts)
				}
				for _, part := range []string{"of+the", "of%2Bthe", "access+", "access%2B", account.Token(101)[:12]} {
					if strings.Contains(texts, part) {
						t.Errorf("%s: %q is in the message: %s", doing, part, texts)
					}
				}
			}
		})
	}
}

// echoing is a service that repeats the secrets wherever an error could pick them
// up. It shows tokens all the same, so that there is something to repeat.
func echoing(t *testing.T, spell func(string) string, secrets ...string) mockserver.Fault {
	t.Helper()
	words := make([]string, len(secrets))
	for i, secret := range secrets {
		words[i] = spell(secret)
	}
	all := strings.Join(words, ", ")
	violation := func(field string) map[string]string {
		return map[string]string{"propertyPath": field, "message": all}
	}
	body, err := json.Marshal(map[string]any{"detail": all, "violations": []any{violation("name"), violation(all)}})
	if err != nil {
		t.Fatal(err)
	}
	return always(mockserver.Fault{
		Status: 400, Body: string(body),
		Match: func(r mockserver.Request) bool { return r.Pattern != "GET /streams/{id}/token" },
	})
}

// everything is what each object of the provider says of a service that refuses.
func everything(p *acctest.Protocol) map[string][]*tfprotov6.Diagnostic {
	said := map[string][]*tfprotov6.Diagnostic{}
	create := func(name string, config acctest.Values) {
		object := p.Resource(name)
		said["create "+name] = object.Apply(object.Plan(config))
	}
	shop := acctest.Values{"stream_id": "101"}
	// A service repeats what it was sent: so the secrets are sent first.
	_ = p.OpenEphemeral("commpeak_stream_token", shop)
	create("commpeak_stream", acctest.Values{"name": "Chat", "type": "whatsapp", "whatsapp": acctest.Values{
		"business_id": "1", "access_token_wo": accessToken, "access_token_wo_version": 1,
	}})
	create("commpeak_webhook", with(with(replies, "headers_wo_version", 1), "headers_wo", acctest.Values{"Authorization": header}))
	create("commpeak_stream", loginCodes())

	create("commpeak_event_template", codeTemplate)
	create("commpeak_allowed_ip", office)
	create("commpeak_allowed_ips", acctest.Values{"stream_id": "101", "ips": []string{"203.0.113.7"}})
	create("commpeak_stream_token", shop)
	for name, config := range map[string]acctest.Values{
		"commpeak_streams": {}, "commpeak_sender": {"value": "GLOBAL"}, "commpeak_senders": {}, "commpeak_domains": {}, "commpeak_stream": {"id": "101"}, "commpeak_allowed_ips": shop,
		"commpeak_event_templates": shop, "commpeak_webhooks": shop, "commpeak_whatsapp_templates": shop,
		"commpeak_stream_statistics": with(shop, "window", "24h"), "commpeak_stream_request_samples": shop, "commpeak_realtime_performance": {},
	} {
		_, said["read "+name] = p.ReadData(name, config)
	}
	for _, name := range []string{"commpeak_stream", "commpeak_event_template", "commpeak_webhook", "commpeak_allowed_ip", "commpeak_allowed_ips"} {
		_, said["list "+name] = p.List(acctest.Query{Type: name})
	}
	_, said["reset a token"] = p.Action("commpeak_reset_stream_token").Invoke(shop)
	_, said["send"] = p.Action("commpeak_send_test_message").Invoke(tryOut)
	return said
}
