package provider_test

import (
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// noisy plans with warnings of all objects. Terraform sorts warnings by the line that they are
// about, so that no two instances of one resource are among them.
const noisy = requirements + `
resource "commpeak_stream" "one" {
  name           = "Orders"
  type           = "transactional"
  default_sender = "NONE"
}
resource "commpeak_stream" "two" {
  name           = "Orders"
  type           = "transactional"
  default_sender = "OTHER"
}
resource "commpeak_stream" "draft" {
  name     = "Chat"
  type     = "whatsapp"
  whatsapp = { business_id = "1" }
}
resource "commpeak_event_template" "one" {
  stream_id = "101"
  name      = "Shipped"
  key       = "shipped"
  template  = "Order {{order}}"
}
resource "commpeak_event_template" "two" {
  stream_id = "101"
  name      = "Shipped"
  key       = "shipped"
  template  = "Order { order }"
}
resource "commpeak_webhook" "one" {
  stream_id = "102"
  url       = "https://example.com/in"
}
resource "commpeak_webhook" "two" {
  stream_id = "102"
  url       = "https://example.com/in"
}
resource "commpeak_allowed_ips" "one" {
  stream_id = "101"
  ips       = ["0.0.0.0/0", "203.0.113.7"]
}
resource "commpeak_allowed_ips" "two" {
  stream_id = "101"
  ips       = ["203.0.113.0/24"]
}
resource "commpeak_allowed_ip" "none" {
  stream_id = "101"
  ip        = "0.0.0.0"
}
`

// failing adds errors, which Terraform shows together with the warnings.
const failing = `
resource "commpeak_webhook" "wrong" {
  stream_id = "101"
  url       = "https://example.com/out"
}
resource "commpeak_webhook" "lost" {
  stream_id = "4711"
  url       = "https://example.com/out"
}
resource "commpeak_event_template" "lost" {
  stream_id = "4711"
  name      = "Lost"
  key       = "lost"
  template  = "Lost"
}
`

// A plan depends on the configuration, the state and the account only: ten plans print the same.
func TestAccPlansAreEqual(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(404)
	orders := account.AddStream(mockserver.Stream{Name: "Orders", Type: mockserver.Transactional, IPACL: "203.0.113.0, 198.51.100.7"})
	chat := account.AddStream(mockserver.Stream{Name: "Desk", Type: mockserver.TwoWay})
	account.AddEvent(orders.ID, mockserver.Event{Name: "By hand", Key: "shipped", Template: "x"})
	account.AddWebhook(chat.ID, mockserver.Webhook{URL: "https://example.com/in"})
	w := acctest.NewWorkspace(t, account)
	for config, isValid := range map[string]bool{noisy: true, noisy + failing: false} {
		w.Write("main.tf", config)
		var first string
		for i := range 10 {
			out, diagnostics, err := w.TryApart("plan")
			if (err == nil) != isValid {
				t.Fatalf("%v\n%s%s", err, out, diagnostics)
			}
			text := out + diagnostics
			if first == "" {
				first = text
			}
			if text != first {
				t.Errorf("plan %d prints\n%s\ninstead of\n%s", i, text, first)
			}
		}
		if warnings := strings.Count(first, "Warning: "); warnings < 8 {
			t.Errorf("%d warnings", warnings)
		}
	}
}
