package sender_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

func TestAccSender(t *testing.T) {
	t.Parallel()
	expect := func(name, attribute string, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.commpeak_sender."+name, tfjsonpath.New(attribute), want)
	}
	account := acctest.NewAccount(t, senders, func(o *mockserver.Options) {
		o.Senders = append(o.Senders, mockserver.Sender{ID: 5, Value: "4930123456", Status: mockserver.Approved, StreamID: 103})
	})
	acctest.Test(t, account, acctest.Step{TestStep: resource.TestStep{
		Config: `data "commpeak_sender" "shop" { value = "ACME" }
			data "commpeak_sender" "old" { value = "OLD" }
			data "commpeak_sender" "twice" { value = "4930123456" }`,
		ConfigStateChecks: []statecheck.StateCheck{
			expect("shop", "id", knownvalue.StringExact("2")),
			expect("shop", "name", knownvalue.StringExact("Shop")),
			expect("shop", "daily_limit", knownvalue.Int64Exact(500)),
			expect("shop", "stream_id", knownvalue.StringExact("101")),
			expect("shop", "type", knownvalue.StringExact("alphanumeric")),
			expect("shop", "approved", knownvalue.Bool(true)),
			expect("old", "status", knownvalue.StringExact("rejected")),
			expect("old", "approved", knownvalue.Bool(false)),
			// Of two senders with one value, the approved one counts.
			expect("twice", "id", knownvalue.StringExact("5")),
		},
	}})
}

func TestSenderErrors(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, senders)
	p := acctest.NewProtocol(t, account, nil)
	acctest.Expect(t, p.ValidateData("commpeak_sender", acctest.Values{"value": " "}), "at value:", "blank")
	_, diagnostics := p.ReadData("commpeak_sender", acctest.Values{"value": "acme"})
	acctest.Expect(t, diagnostics, "at value:", `does not have the sender "acme"`, "It has: GLOBAL, ACME, 4930123456, OLD.")
	account.Inject(mockserver.Fault{Pattern: "GET /senders", Status: 403, Body: `{"message":"IP ACL restriction"}`})
	_, diagnostics = p.ReadData("commpeak_sender", acctest.Values{"value": "ACME"})
	acctest.Expect(t, diagnostics, "cannot be used from this address", "HTTP 403")
}
