package whatsapptemplate_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// newAccount starts an account with a WhatsApp stream, whose id is 101.
func newAccount(t *testing.T) *acctest.Account {
	t.Helper()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{Name: "Chat", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "1"}})
	return account
}

func TestAccWhatsAppTemplates(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.AddStream(mockserver.Stream{Name: "New chat", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "2"}})
	account.AddTemplate(101, mockserver.WhatsAppTemplate{Name: "order", Language: "en_US", Category: "UTILITY", Status: "APPROVED", Body: "Order {number} is on its way."})
	account.AddTemplate(101, mockserver.WhatsAppTemplate{Name: "sale", Status: "PENDING"})
	exactly := func(values map[string]string) knownvalue.Check {
		checks := map[string]knownvalue.Check{}
		for name, value := range values {
			checks[name] = knownvalue.StringExact(value)
			if value == "" {
				checks[name] = knownvalue.Null()
			}
		}
		return knownvalue.ObjectExact(checks)
	}
	acctest.TestKeeping(t, account, []string{"Chat", "New chat"}, acctest.Step{TestStep: resource.TestStep{
		Config: `data "commpeak_whatsapp_templates" "test" { stream_id = "101" }
			data "commpeak_whatsapp_templates" "none" { stream_id = "102" }`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.commpeak_whatsapp_templates.test", tfjsonpath.New("whatsapp_templates"), knownvalue.ListExact([]knownvalue.Check{
				exactly(map[string]string{"id": "1", "name": "order", "language": "en_US", "category": "UTILITY", "status": "APPROVED", "body": "Order {number} is on its way."}),
				exactly(map[string]string{"id": "2", "name": "sale", "language": "", "category": "", "status": "PENDING", "body": ""}),
			})),
			statecheck.ExpectKnownValue("data.commpeak_whatsapp_templates.none", tfjsonpath.New("whatsapp_templates"), knownvalue.ListSizeExact(0)),
		},
	}})
}

func TestWhatsAppTemplatesMistakes(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.Tolerate(404)
	account.Tolerate(422)
	account.AddStream(mockserver.Stream{Name: "News"})
	p := acctest.NewProtocol(t, account, nil)
	list := func(id string, words ...string) {
		t.Helper()
		_, diagnostics := p.ReadData("commpeak_whatsapp_templates", acctest.Values{"stream_id": id})
		acctest.Expect(t, diagnostics, words...)
	}
	list("4711", "at stream_id:", "stream with the ID 4711")
	list("102", "Could not list the WhatsApp templates of the stream 102", "HTTP 422", "A stream of this type has no")
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/whatsapp/templates", Status: 404})
	list("101", "offers no such call")
	list("chat", `"chat" is not the ID of a stream`)
	acctest.Expect(t, p.ValidateData("commpeak_whatsapp_templates", acctest.Values{"stream_id": ""}), "at stream_id:", "blank")
}

// The list is not paged: it is asked for once, however long it is.
func TestWhatsAppTemplatesAllAtOnce(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	for range 150 {
		account.AddTemplate(101, mockserver.WhatsAppTemplate{Name: "template"})
	}
	state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData("commpeak_whatsapp_templates", acctest.Values{"stream_id": "101"})
	acctest.ExpectNone(t, diagnostics)
	if got := strings.Count(state.String(), `"name":tftypes.String<"template">`); got != 150 {
		t.Errorf("%d templates", got)
	}
	if got := account.Count("GET /streams/{id}/whatsapp/templates"); got != 1 {
		t.Errorf("%d requests", got)
	}
}
