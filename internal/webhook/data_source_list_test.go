package webhook_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

func TestAccWebhooks(t *testing.T) {
	t.Parallel()
	for name, mask := range map[string]bool{"told": false, "masked": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t, masking(mask))
			account.AddStream(mockserver.Stream{Name: "Silent", Type: mockserver.TwoWay})
			byHand(account)
			account.AddWebhook(101, mockserver.Webhook{URL: "https://example.com/two", Method: "GET"})
			shown := func(value string) string {
				if mask {
					return "********"
				}
				return value
			}
			const address = "data.commpeak_webhooks.test"
			at := func(i int, name string) tfjsonpath.Path {
				return tfjsonpath.New("webhooks").AtSliceIndex(i).AtMapKey(name)
			}
			acctest.TestKeeping(t, account, []string{"Replies", "Silent"}, acctest.Step{TestStep: resource.TestStep{
				Config: `data "commpeak_webhooks" "test" { stream_id = "101" }
					data "commpeak_webhooks" "none" { stream_id = "102" }`,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("webhooks"), knownvalue.ListSizeExact(2)),
					statecheck.ExpectKnownValue(address, at(0, "id"), knownvalue.StringExact("1")),
					statecheck.ExpectKnownValue(address, at(0, "url"), knownvalue.StringExact("https://example.com/in")),
					statecheck.ExpectKnownValue(address, at(0, "method"), knownvalue.StringExact("POST")),
					statecheck.ExpectKnownValue(address, at(0, "enabled"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(address, at(0, "headers"), knownvalue.MapExact(map[string]knownvalue.Check{
						"Authorization": knownvalue.StringExact(shown("Bearer of old")), "X-Source": knownvalue.StringExact(shown("commpeak")),
					})),
					statecheck.ExpectSensitiveValue(address, at(0, "headers")),
					statecheck.ExpectKnownValue(address, at(1, "enabled"), knownvalue.Bool(false)),
					statecheck.ExpectKnownValue(address, at(1, "headers"), knownvalue.MapSizeExact(0)),
					statecheck.ExpectKnownValue("data.commpeak_webhooks.none", tfjsonpath.New("webhooks"), knownvalue.ListSizeExact(0)),
				},
			}})
		})
	}
}

func TestWebhooksMistakes(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.Tolerate(404)
	account.Tolerate(422)
	account.AddStream(mockserver.Stream{Name: "News"})
	p := acctest.NewProtocol(t, account, nil)
	list := func(id string, words ...string) {
		t.Helper()
		_, diagnostics := p.ReadData("commpeak_webhooks", acctest.Values{"stream_id": id})
		acctest.Expect(t, diagnostics, words...)
	}
	list("4711", "at stream_id:", "stream with the ID 4711")
	list("102", "Could not list the webhooks of the stream 102", "HTTP 422", "A stream of this type has no webhooks")
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/webhooks", Status: 404})
	list("101", "offers no such call")
	list("replies", `"replies" is not the ID of a stream`)
	acctest.Expect(t, p.ValidateData("commpeak_webhooks", acctest.Values{"stream_id": ""}), "at stream_id:", "blank")
}

// Every page is read, and not one more.
func TestWebhooksAllPages(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	for i := range 101 {
		account.AddWebhook(101, mockserver.Webhook{URL: fmt.Sprint("https://example.com/", i)})
	}
	state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData("commpeak_webhooks", acctest.Values{"stream_id": "101"})
	acctest.ExpectNone(t, diagnostics)
	if got := strings.Count(state.String(), "https://example.com/"); got != 101 {
		t.Errorf("%d webhooks", got)
	}
	if got := account.Count("GET /streams/{id}/webhooks"); got != 2 {
		t.Errorf("%d requests", got)
	}
}
