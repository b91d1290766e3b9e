package provider_test

import (
	"errors"
	"testing"

	tfconfig "github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// receiver takes the place of those in examples/rotation/receivers, whose providers are not at hand: a write-only argument with a
// version, like theirs.
const receiver = `
resource "commpeak_stream" "receiver" {
  name = "Receiver of the token"
  type = "whatsapp"

  whatsapp = {
    business_id             = "102290129340398"
    access_token_wo         = ephemeral.commpeak_stream_token.orders.token
    access_token_wo_version = commpeak_stream_token.orders.version
  }
}
`

// rotation follows the token of the example through its account.
type rotation struct {
	*acctest.Account
	config string
	seen   string
}

// ids are the streams that the token is of, and that it is handed to.
func (r *rotation) ids() (source, receiver int) {
	for _, stream := range r.Streams() {
		if stream.Name == "Order updates" {
			source = stream.ID
		} else {
			receiver = stream.ID
		}
	}
	return source, receiver
}

// step applies the example in a quarter and demands that the receiver ends with
// the current token, which is another one than before or still the same.
func (r *rotation) step(quarter string, renewed bool, writes ...string) acctest.Step {
	return acctest.Step{Writes: writes, TestStep: resource.TestStep{
		Config:          r.config,
		ConfigVariables: tfconfig.Variables{"quarter": tfconfig.StringVariable(quarter)},
		Check: func(*terraform.State) error {
			source, receiver := r.ids()
			current := r.Token(source)
			switch {
			case (current != r.seen) != renewed:
				return errors.New("the token was reset although it should not, or was not although it should")
			case r.AccessToken(receiver) != current:
				return errors.New("the receiver does not hold the current token")
			}
			r.seen = current
			return nil
		},
	}}
}

// The example keeps its promise: the receiver has the new token after a rotation
// and after a reset in the console, each by one apply.
func TestAccRotation(t *testing.T) {
	t.Parallel()
	const reset, change = "POST /streams/{id}/token", "PATCH /streams/{id}"
	r := &rotation{Account: acctest.NewAccount(t)}
	r.config = exampleConfig(t, "rotation", func(string) bool { return true }) + receiver

	console := r.step("2026Q2", true, change)
	console.PreConfig = func() {
		source, _ := r.ids()
		r.ResetToken(source)
	}
	console.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("commpeak_stream.receiver", plancheck.ResourceActionUpdate),
	}
	last := r.step("2026Q3", true, reset, change)
	last.Removal = []string{reset}
	acctest.Test(t, r.Account,
		r.step("2026Q1", true, "POST /streams", reset, "POST /streams"),
		r.step("2026Q1", false),
		r.step("2026Q2", true, reset, change),
		console,
		r.step("2026Q2", false),
		last,
	)
}
