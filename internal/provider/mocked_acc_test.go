package provider_test

import (
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// mocked uses the ID of a stream in every resource and in data sources.
const mocked = requirements + `
resource "commpeak_stream" "s" {
  name = "Orders"
  type = "transactional"
}
resource "commpeak_event_template" "e" {
  stream_id = commpeak_stream.s.id
  name      = "Shipped"
  key       = "shipped"
  template  = "Order {order}"
}
resource "commpeak_webhook" "w" {
  stream_id = commpeak_stream.s.id
  url       = "https://example.com/in"
}
resource "commpeak_allowed_ip" "i" {
  stream_id = commpeak_stream.s.id
  ip        = "203.0.113.7"
}
resource "commpeak_allowed_ips" "l" {
  stream_id = commpeak_stream.s.id
  ips       = ["203.0.113.7"]
}
resource "commpeak_stream_token" "t" {
  stream_id = commpeak_stream.s.id
}
data "commpeak_stream" "s" {
  id = commpeak_stream.s.id
}
data "commpeak_webhooks" "w" {
  stream_id = commpeak_stream.s.id
}
data "commpeak_senders" "s" {
  stream_id = commpeak_stream.s.id
}
data "commpeak_stream_statistics" "s" {
  stream_id = commpeak_stream.s.id
  window    = "24h"
}
`

// mock_provider makes up IDs of letters: no argument refuses them.
func TestAccMockedProvider(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, acctest.NewAccount(t))
	w.Write("main.tf", mocked)
	w.Write("main.tftest.hcl", `
mock_provider "commpeak" {}
run "plan" {
  command = plan
}
run "apply" {
  assert {
    condition     = commpeak_event_template.e.stream_id == commpeak_stream.s.id
    error_message = "A different stream."
  }
}
`)
	w.Run("version") // Leaves the log that the workspace looks for.
	said, err := w.Try("test")
	if err != nil || !strings.Contains(said, "2 passed, 0 failed") {
		t.Errorf("%v\n%s", err, said)
	}
}
