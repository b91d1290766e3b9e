package eventtemplate_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const dataSource = "commpeak_event_templates"

func TestAccEventTemplatesDataSource(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	for _, event := range []mockserver.Event{
		{Name: "Shipped", Key: "shipped", Template: "{b} {a} {b}"},
		{Name: "Код", Key: "code", Template: "Ваш код"},
	} {
		account.AddEvent(stream.ID, event)
	}
	ids := account.Events(stream.ID)
	text := knownvalue.StringExact
	step := acctest.Step{TestStep: resource.TestStep{
		Config: fmt.Sprintf("data %q \"test\" {\nstream_id = \"%d\"\n}\n", dataSource, stream.ID),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data."+dataSource+".test", tfjsonpath.New("event_templates"), knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"id": text(strconv.Itoa(ids[0].ID)), "name": text("Shipped"), "key": text("shipped"), "template": text("{b} {a} {b}"),
					"variables": knownvalue.ListExact([]knownvalue.Check{text("b"), text("a")}),
					"encoding":  text("gsm7"), "segments": knownvalue.Int64Exact(1),
				}),
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"id": text(strconv.Itoa(ids[1].ID)), "name": text("Код"), "key": text("code"), "template": text("Ваш код"),
					"variables": knownvalue.ListExact([]knownvalue.Check{}),
					"encoding":  text("ucs2"), "segments": knownvalue.Int64Exact(1),
				}),
			})),
		},
	}}
	test(t, account, step)
}

// Every page is read, and not one more.
func TestEventTemplatesAllPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ events, requests int }{{0, 1}, {1, 1}, {99, 1}, {100, 2}, {101, 2}, {250, 3}} {
		account, stream := newAccount(t)
		for i := range test.events {
			account.AddEvent(stream.ID, mockserver.Event{Name: "E", Key: fmt.Sprint("e", i), Template: "x"})
		}
		state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData(dataSource, acctest.Values{"stream_id": strconv.Itoa(stream.ID)})
		acctest.ExpectNone(t, diagnostics)
		var attributes map[string]tftypes.Value
		var events []tftypes.Value
		if err := state.As(&attributes); err != nil {
			t.Fatal(err)
		}
		if err := attributes["event_templates"].As(&events); err != nil || events == nil || len(events) != test.events {
			t.Errorf("%d events of %d, %v", len(events), test.events, err)
		}
		if got := account.Count("GET /streams/{id}/events"); got != test.requests {
			t.Errorf("%d events took %d requests, not %d", test.events, got, test.requests)
		}
	}
}

func TestEventTemplatesFailures(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	account.Tolerate(http.StatusNotFound)
	account.Tolerate(http.StatusUnprocessableEntity)
	news := account.AddStream(mockserver.Stream{Name: "News", Type: mockserver.Marketing})
	p := acctest.NewProtocol(t, account, nil)
	read := func(id string, words ...string) {
		t.Helper()
		_, diagnostics := p.ReadData(dataSource, acctest.Values{"stream_id": id})
		acctest.Expect(t, diagnostics, words...)
	}
	read("4711", "at stream_id: ", "stream with the ID 4711")
	read(strconv.Itoa(news.ID), "Could not list the event templates of stream", "has no events")
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/events", Status: 403})
	read(strconv.Itoa(stream.ID), "HTTP 403")
	read("orders", `"orders" is not the ID of a stream`)
	acctest.Expect(t, p.ValidateData(dataSource, acctest.Values{"stream_id": " "}), "at stream_id: ", "blank")
	acctest.ExpectNone(t, p.ValidateData(dataSource, acctest.Values{"stream_id": acctest.Unknown}))
}

func TestEventTemplatesOnADocumentedAccount(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) { o.DocumentedOnly = true })
	account.Tolerate(http.StatusNotFound)
	stream := account.AddStream(mockserver.Stream{Name: streamName, Type: mockserver.OTP})
	_, diagnostics := acctest.NewProtocol(t, account, nil).ReadData(dataSource, acctest.Values{"stream_id": strconv.Itoa(stream.ID)})
	acctest.Expect(t, diagnostics, "Could not list the event templates", "offers no such call")
}
