package streamtoken_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// The echo provider stores what it is configured with: thus it shows what the
// ephemeral resource holds.
func TestAccEphemeralToken(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) { o.DocumentedOnly = true })
	made := account.AddStream(mockserver.Stream{Name: "By hand"})
	account.Expose()
	providers := account.Providers()
	providers["echo"] = echoprovider.NewProviderServer()
	acctest.Run(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`ephemeral "commpeak_stream_token" "test" { stream_id = "%d" }
			provider "echo" { data = ephemeral.commpeak_stream_token.test }
			resource "echo" "test" {}`, made.ID),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data"), knownvalue.MapExact(map[string]knownvalue.Check{
					"stream_id": knownvalue.StringExact(strconv.Itoa(made.ID)),
					"token":     knownvalue.StringExact(account.Token(made.ID)),
				})),
			},
		}},
	})
	if got := account.Count(post); got != 0 {
		t.Errorf("showing the token reset it %d times", got)
	}
}

// The token reaches a write-only argument, and nothing else.
func TestAccEphemeralTokenHandedOn(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	step := apply(`resource "commpeak_stream" "source" {
		name = "Source"
		type = "marketing"
	}
	ephemeral "commpeak_stream_token" "test" { stream_id = commpeak_stream.source.id }
	resource "commpeak_stream" "receiver" {
		name     = "Receiver"
		type     = "whatsapp"
		whatsapp = {
			business_id             = "1"
			access_token_wo         = ephemeral.commpeak_stream_token.test.token
			access_token_wo_version = 1
		}
	}`, "POST /streams", "POST /streams")
	step.Check = func(*terraform.State) error {
		ids := map[string]int{}
		for _, stream := range account.Streams() {
			ids[stream.Name] = stream.ID
		}
		if account.AccessToken(ids["Receiver"]) != account.Token(ids["Source"]) {
			return fmt.Errorf("the receiver holds another token")
		}
		return nil
	}
	acctest.Test(t, account, step)
}

func TestAccEphemeralTokenMistakes(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	fails := func(id, message string) acctest.Step {
		return acctest.Step{TestStep: resource.TestStep{
			Config:      fmt.Sprintf(`ephemeral "commpeak_stream_token" "test" { stream_id = %q }`, id),
			ExpectError: regexp.MustCompile(message),
		}}
	}
	acctest.Test(t, account,
		fails("newsletter", `(?s)stream_id.*whole\s+number`),
		fails("4711", `(?s)No such stream.*4711`),
	)
}
