package realaccount_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	tfconfig "github.com/hashicorp/terraform-plugin-testing/config"
	tfacctest "github.com/hashicorp/terraform-plugin-testing/helper/acctest"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// prefix begins the name of every stream that a test makes. What has another name is never touched.
const prefix = "tf-acc-test-"

// everything is one object of each kind, on streams whose sending is simulated.
const everything = `
variable "name" {
  type = string
}

variable "template" {
  type = string
}

variable "quarter" {
  type = string
}

resource "commpeak_stream" "orders" {
  name        = "${var.name}-orders"
  type        = "transactional"
  description = var.template
  tags        = ["tf-acc-test"]
  demo        = true
}

resource "commpeak_event_template" "shipped" {
  stream_id = commpeak_stream.orders.id
  name      = "Shipped"
  key       = "shipped"
  template  = var.template
}

resource "commpeak_allowed_ip" "office" {
  stream_id = commpeak_stream.orders.id
  ip        = "192.0.2.0/24"
}

resource "commpeak_stream_token" "orders" {
  stream_id      = commpeak_stream.orders.id
  reset_triggers = { quarter = var.quarter }
}

resource "commpeak_stream" "replies" {
  name    = "${var.name}-replies"
  type    = "two_way"
  demo    = true
  enabled = false
}

resource "commpeak_webhook" "desk" {
  stream_id = commpeak_stream.replies.id
  url       = "https://desk.example.com/sms"
  headers   = { "X-Test" = "tf-acc-test" }
}
`

// Objects are made, changed and removed, where that is allowed and offered.
func TestAccWrites(t *testing.T) {
	t.Parallel()
	for _, a := range accounts(t) {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			if !a.writes {
				acctest.Skip(t, "only reads are allowed: COMMPEAK_TEST_WRITES=1 allows writes")
			}
			name := prefix + tfacctest.RandString(8)
			variables := func(template, quarter string) tfconfig.Variables {
				return tfconfig.Variables{
					"name": tfconfig.StringVariable(name), "template": tfconfig.StringVariable(template), "quarter": tfconfig.StringVariable(quarter),
				}
			}
			steps := []resource.TestStep{
				{Config: everything, ConfigVariables: variables("{order} is on its way", "1")},
				{Config: everything, ConfigVariables: variables("{order} comes at {time}", "2")},
			}
			if a.refuses {
				a.mock.Tolerate(404)
				a.mock.Tolerate(405)
				steps = steps[:1]
				steps[0].ExpectError = regexp.MustCompile(`does\s+not\s+offer\s+it`)
			}
			acctest.Run(t, resource.TestCase{
				ProtoV6ProviderFactories: a.providers(), Steps: steps,
				CheckDestroy: func(*terraform.State) error { return a.leftovers(t, name) },
			})
			if err := a.leftovers(t, name); err != nil {
				t.Error(err)
			}
		})
	}
}

// leftovers names the streams of a test that are still there, as an error.
func (a account) leftovers(t *testing.T, name string) error {
	t.Helper()
	for _, stream := range a.streams(t) {
		if strings.HasPrefix(stream.Name, name) {
			return fmt.Errorf("the stream %q (%s) is left behind", stream.Name, stream.ID)
		}
	}
	return nil
}
