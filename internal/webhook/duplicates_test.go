package webhook_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// A run that is killed between the API making a webhook and Terraform saving
// it leaves one behind, which would be called in addition to the next one.
func TestWebhookLeftByAnInterruptedRun(t *testing.T) {
	t.Parallel()
	account, lost := newWebhook(t)
	lost.Must(with(nil)) // And nothing of it is saved.
	account.AddWebhook(101, mockserver.Webhook{URL: "https://example.com/other"})

	again := acctest.NewProtocol(t, account, nil)
	webhook := again.Resource("commpeak_webhook")
	id := "101/" + lost.Attribute("id")
	acctest.Expect(t, webhook.Plan(with(nil)).Diagnostics, "at url:", "has the same URL",
		"import {\n  to = commpeak_webhook.NAME\n  id = \""+id+"\"\n}")
	acctest.ExpectNone(t, webhook.Import(id))
	acctest.ExpectNone(t, webhook.Plan(with(nil)).Diagnostics)
	acctest.Expect(t, again.Resource("commpeak_webhook").Plan(with(nil)).Diagnostics, "has the same URL")
}

// All creates of one stream share one look at it, and a look that fails stands
// in no plan's way.
func TestWebhookDuplicatesAreLookedForOnce(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/webhooks", Status: 403})
	for range 3 {
		plan := webhook.Plan(with(nil))
		acctest.ExpectNone(t, acctest.Errors(plan.Diagnostics))
		acctest.Expect(t, plan.Diagnostics, "The webhooks of stream 101 are not checked", "plan again before you apply")
	}
	if got := account.Count("GET /streams/{id}/webhooks"); got != 1 {
		t.Errorf("the webhooks were listed %d times", got)
	}
}
