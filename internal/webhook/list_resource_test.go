package webhook_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

func TestWebhooksQuery(t *testing.T) {
	t.Parallel()
	for name, mask := range map[string]bool{"told": false, "masked": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t, masking(mask))
			byHand(account)
			account.AddStream(mockserver.Stream{Name: "News", Type: mockserver.Marketing})
			support := account.AddStream(mockserver.Stream{Name: "Support", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "7"}})
			account.AddWebhook(support.ID, mockserver.Webhook{URL: "https://example.com/whatsapp", Method: "GET"})
			p := acctest.NewProtocol(t, account, nil)
			query := func(config acctest.Values, limit int64) acctest.Query {
				return acctest.Query{Type: "commpeak_webhook", Config: config, Limit: limit}
			}
			p.ExpectNames(t, query(nil, 0), "Replies: https://example.com/in", "Support: https://example.com/whatsapp")
			p.ExpectNames(t, query(nil, 1), "Replies: https://example.com/in")
			p.ExpectNames(t, query(acctest.Values{"stream_id": "103"}, 0), "Support: https://example.com/whatsapp")
			p.ExpectNames(t, query(acctest.Values{"streams": acctest.Values{"types": []string{"whatsapp"}}}, 0), "Support: https://example.com/whatsapp")
			p.ExpectImportable(t, "commpeak_webhook", 2)

			_, diagnostics := p.List(query(acctest.Values{"stream_id": "102"}, 0))
			acctest.Expect(t, diagnostics, "at stream_id:", "A stream of this type has no webhooks", "marketing")
			account.Tolerate(403)
			account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/webhooks", Status: 403})
			_, diagnostics = p.List(query(nil, 0))
			acctest.Expect(t, diagnostics, "cannot be used from this address", "HTTP 403")
		})
	}
}

// Configuration that was generated has no headers: what would be lost with them
// is said before it is.
func TestWebhookWarnsOfRemovedHeaders(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	byHand(account)
	acctest.ExpectNone(t, webhook.Import("101/1"))
	plan := func(changes acctest.Values) []string {
		changes["url"] = "https://example.com/in"
		return acctest.Texts(acctest.Warnings(webhook.Plan(with(changes)).Diagnostics))
	}
	acctest.Expect(t, acctest.Warnings(webhook.Plan(with(nil)).Diagnostics), "at headers:", "Headers of webhook 1 of stream 101 are removed", "Authorization, X-Source")
	for name, changes := range map[string]acctest.Values{
		"kept":             {"headers": acctest.Values{"Authorization": "Bearer of old", "X-Source": "commpeak"}},
		"removed on sight": {"headers": acctest.Values{}},
		"made write-only":  {"headers_wo": acctest.Values{"authorization": "Bearer", "x-source": "commpeak"}, "headers_wo_version": 1},
		"not known yet":    {"headers_wo": acctest.Unknown, "headers_wo_version": 1},
	} {
		if warnings := plan(changes); len(warnings) > 0 {
			t.Errorf("%s: %q", name, warnings)
		}
	}
	if warnings := plan(acctest.Values{"headers_wo": acctest.Values{"Authorization": "Bearer"}, "headers_wo_version": 1}); len(warnings) != 1 {
		t.Errorf("one header goes: %q", warnings)
	}
}

// What a webhook does not report is what importing it assumes.
func TestWebhooksQueryOfFewFields(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	p := acctest.NewProtocol(t, account, nil)
	const few = `{"id": 1, "url": "https://example.com/in", "method": "POST"}`
	account.Inject(
		mockserver.Fault{Pattern: "GET /streams/{id}/webhooks", Body: "[" + few + "]", Times: -1},
		mockserver.Fault{Pattern: "GET /streams/{id}/webhooks/{webhookId}", Body: few, Times: -1},
	)
	p.ExpectImportable(t, "commpeak_webhook", 1)
}
