package sender_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// senders are those of the account under test.
func senders(o *mockserver.Options) {
	o.Senders = []mockserver.Sender{
		{ID: 1, Name: "Shared", Value: "GLOBAL", Type: "alphanumeric", Status: mockserver.Approved},
		{ID: 2, Name: "Shop", Value: "ACME", Type: "alphanumeric", Status: mockserver.Approved, StreamID: 101, DailyLimit: 500},
		{ID: 3, Name: "Hotline", Value: "4930123456", Type: "numeric", Status: mockserver.Pending, StreamID: 102},
		{ID: 4, Name: "Old", Value: "OLD", Type: "alphanumeric", Status: mockserver.Rejected},
	}
}

func values(names ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(names))
	for i, name := range names {
		checks[i] = knownvalue.ObjectPartial(map[string]knownvalue.Check{"value": knownvalue.StringExact(name)})
	}
	return knownvalue.ListExact(checks)
}

func TestAccSenders(t *testing.T) {
	t.Parallel()
	const all = "data.commpeak_senders.all"
	listed := tfjsonpath.New("senders")
	expect := func(name string, names ...string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.commpeak_senders."+name, listed, values(names...))
	}
	second := listed.AtSliceIndex(1)
	acctest.Test(t, acctest.NewAccount(t, senders), acctest.Step{TestStep: resource.TestStep{
		Config: `data "commpeak_senders" "all" {}
			data "commpeak_senders" "approved" { statuses = ["Approved"] }
			data "commpeak_senders" "of_stream" { stream_id = "101" }
			data "commpeak_senders" "both" {
				stream_id = "102"
				statuses  = ["pending", "approved"]
			}
			data "commpeak_senders" "none" { statuses = ["banned"] }`,
		ConfigStateChecks: []statecheck.StateCheck{
			expect("all", "GLOBAL", "ACME", "4930123456", "OLD"),
			expect("approved", "GLOBAL", "ACME"),
			expect("of_stream", "GLOBAL", "ACME", "OLD"),
			expect("both", "GLOBAL", "4930123456"),
			expect("none"),
			statecheck.ExpectKnownValue(all, second, knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": knownvalue.StringExact("2"), "name": knownvalue.StringExact("Shop"), "value": knownvalue.StringExact("ACME"),
				"daily_limit": knownvalue.Int64Exact(500), "stream_id": knownvalue.StringExact("101"),
				"type": knownvalue.StringExact("alphanumeric"), "status": knownvalue.StringExact("approved"),
				"approved": knownvalue.Bool(true),
			})),
			statecheck.ExpectKnownValue(all, listed.AtSliceIndex(0).AtMapKey("stream_id"), knownvalue.Null()),
			statecheck.ExpectKnownValue(all, listed.AtSliceIndex(0).AtMapKey("daily_limit"), knownvalue.Null()),
		},
	}})
}

func TestAccSendersSpelledByTheService(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, senders, acctest.Spelled(mockserver.Spelling{Case: mockserver.Upper, StringIDs: true}))
	acctest.Test(t, account, acctest.Step{TestStep: resource.TestStep{
		Config: `data "commpeak_senders" "approved" {
			statuses  = ["approved"]
			stream_id = "101"
		}`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.commpeak_senders.approved", tfjsonpath.New("senders"), values("GLOBAL", "ACME")),
		},
	}})
}

func TestSendersAllPages(t *testing.T) {
	t.Parallel()
	var want []string
	account := acctest.NewAccount(t, func(o *mockserver.Options) {
		for i := range 230 {
			sender := mockserver.Sender{ID: i + 1, Value: fmt.Sprint("S", i), Status: mockserver.Approved}
			o.Senders = append(o.Senders, sender)
			want = append(want, sender.Value)
		}
	})
	state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData("commpeak_senders", nil)
	acctest.ExpectNone(t, diagnostics)
	if got := senderValues(t, state); !slices.Equal(got, want) {
		t.Errorf("%d senders, not %d: %q", len(got), len(want), got)
	}
	if got := account.Count("GET /senders"); got != 3 {
		t.Errorf("%d requests, not 3", got)
	}
}

// senderValues are the values of a data source's senders, in order.
func senderValues(t *testing.T, state tftypes.Value) []string {
	t.Helper()
	var (
		attributes map[string]tftypes.Value
		senders    []tftypes.Value
		values     []string
	)
	err := state.As(&attributes)
	if err == nil {
		err = attributes["senders"].As(&senders)
	}
	for _, sender := range senders {
		var fields map[string]tftypes.Value
		var value string
		err = errors.Join(err, sender.As(&fields), fields["value"].As(&value))
		values = append(values, value)
	}
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestSendersMistakes(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	p := acctest.NewProtocol(t, account, nil)
	_, diagnostics := p.ReadData("commpeak_senders", acctest.Values{"stream_id": "shop"})
	acctest.Expect(t, diagnostics, "at stream_id:", `"shop"`, "whole number")
	acctest.Expect(t, p.ValidateData("commpeak_senders", acctest.Values{"stream_id": ""}), "at stream_id:", "blank")
	acctest.Expect(t, p.ValidateData("commpeak_senders", acctest.Values{"statuses": []string{""}}), "at statuses:", "blank")
	acctest.Expect(t, p.ValidateData("commpeak_senders", acctest.Values{"statuses": []any{nil}}), "at statuses:", "null")
	account.Inject(mockserver.Fault{Pattern: "GET /senders", Status: 403, Body: `{"message":"IP ACL restriction"}`})
	_, diagnostics = p.ReadData("commpeak_senders", nil)
	acctest.Expect(t, diagnostics, "The API key cannot be used from this address", "HTTP 403", "IP ACL restriction", "in the console")
}
