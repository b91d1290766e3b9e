package stream_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// shop is the account of a small company.
func shop(t *testing.T, options ...func(*mockserver.Options)) (*acctest.Account, *acctest.Protocol) {
	t.Helper()
	account := acctest.NewAccount(t, options...)
	for _, stream := range []mockserver.Stream{
		{Name: "Newsletter EU", Type: mockserver.Marketing, Tags: []string{"eu", "shop"}},
		{Name: "Newsletter US", Type: mockserver.Marketing, Tags: []string{"us", "shop"}, State: mockserver.Disabled},
		{Name: "Orders", Type: mockserver.Transactional, Tags: []string{"eu"}, State: mockserver.Sending},
		{Name: "Login codes", Type: mockserver.OTP},
		{Name: "Support", Type: mockserver.WhatsApp, State: mockserver.Draft, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "7"}},
		{Name: "Replies (new*)", Type: mockserver.TwoWay, Tags: []string{"shop"}},
		{Name: "Calls", Type: "voice", State: "migrating"},
	} {
		account.AddStream(stream)
	}
	return account, acctest.NewProtocol(t, account, nil)
}

// names are those of the streams that the list holds.
func names(t *testing.T, account *acctest.Account, state tftypes.Value) []string {
	t.Helper()
	var attributes map[string]tftypes.Value
	var ids []tftypes.Value
	if err := state.As(&attributes); err != nil {
		t.Fatal(err)
	}
	if err := attributes["ids"].As(&ids); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, id := range ids {
		var text string
		if err := id.As(&text); err != nil {
			t.Fatal(err)
		}
		number, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		stream, _ := account.Stream(number)
		found = append(found, stream.Name)
	}
	return found
}

func TestStreamsFilters(t *testing.T) {
	t.Parallel()
	account, p := shop(t)
	for name, test := range map[string]struct {
		config acctest.Values
		want   []string
	}{
		"none":                  {nil, []string{"Newsletter EU", "Newsletter US", "Orders", "Login codes", "Support", "Replies (new*)", "Calls"}},
		"part of the name":      {acctest.Values{"name_contains": "letter"}, []string{"Newsletter EU", "Newsletter US"}},
		"capitals count":        {acctest.Values{"name_contains": "newsletter"}, nil},
		"a name is no regex":    {acctest.Values{"name_contains": "(new*)"}, []string{"Replies (new*)"}},
		"regex":                 {acctest.Values{"name_regex": "^(Orders|Login)"}, []string{"Orders", "Login codes"}},
		"regex of any capitals": {acctest.Values{"name_regex": "(?i)NEWSLETTER e"}, []string{"Newsletter EU"}},
		"statuses":              {acctest.Values{"statuses": []string{"disabled", "sending"}}, []string{"Newsletter US", "Orders"}},
		"status of its own":     {acctest.Values{"statuses": []string{"Migrating"}}, []string{"Calls"}},
		"types":                 {acctest.Values{"types": []string{"otp", "two_way"}}, []string{"Login codes", "Replies (new*)"}},
		"type of its own":       {acctest.Values{"types": []string{"voice"}}, []string{"Calls"}},
		"all of the tags":       {acctest.Values{"all_tags": []string{"eu", "shop"}}, []string{"Newsletter EU"}},
		"any of the tags":       {acctest.Values{"any_tags": []string{"eu", "us"}}, []string{"Newsletter EU", "Newsletter US", "Orders"}},
		"all filters together":  {acctest.Values{"name_contains": "News", "name_regex": "S$", "statuses": []string{"disabled"}, "types": []string{"marketing"}, "all_tags": []string{"shop"}, "any_tags": []string{"us", "x"}}, []string{"Newsletter US"}},
		"empty filters":         {acctest.Values{"name_contains": "Orders", "statuses": []string{}, "types": []string{}, "all_tags": []string{}, "any_tags": []string{}}, []string{"Orders"}},
		"nothing":               {acctest.Values{"all_tags": []string{"nowhere"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, diagnostics := p.ReadData("commpeak_streams", test.config)
			acctest.ExpectNone(t, diagnostics)
			if got := names(t, account, state); !slices.Equal(got, test.want) {
				t.Errorf("found %q, not %q", got, test.want)
			}
		})
	}
}

func TestStreamsFiltersSpelledByTheService(t *testing.T) {
	t.Parallel()
	account, p := shop(t, acctest.Spelled(mockserver.Spelling{Case: mockserver.Upper, StringIDs: true}))
	state, diagnostics := p.ReadData("commpeak_streams", acctest.Values{"types": []string{"two_way"}, "statuses": []string{"ready"}})
	acctest.ExpectNone(t, diagnostics)
	if got := names(t, account, state); !slices.Equal(got, []string{"Replies (new*)"}) {
		t.Errorf("found %q", got)
	}
}

// Every page is read, and not one more.
func TestStreamsAllPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ streams, requests int }{{0, 1}, {1, 1}, {99, 1}, {100, 2}, {101, 2}, {250, 3}} {
		t.Run(strconv.Itoa(test.streams), func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			for i := range test.streams {
				account.AddStream(mockserver.Stream{Name: fmt.Sprint("Stream ", i)})
			}
			state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData("commpeak_streams", nil)
			acctest.ExpectNone(t, diagnostics)
			if got := len(names(t, account, state)); got != test.streams {
				t.Errorf("%d streams", got)
			}
			if got := account.Count("GET /streams"); got != test.requests {
				t.Errorf("%d requests, not %d", got, test.requests)
			}
		})
	}
}

func TestStreamDataSourceMistakes(t *testing.T) {
	t.Parallel()
	account, p := shop(t)
	account.Tolerate(404)
	account.AddStream(mockserver.Stream{Name: "Orders"})
	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"no such id":      {acctest.Values{"id": "4711"}, []string{"at id:", "stream with the ID 4711"}},
		"no such name":    {acctest.Values{"name": "orders"}, []string{"at name:", `no stream named "orders"`, "commpeak_streams"}},
		"name of several": {acctest.Values{"name": "Orders"}, []string{"at name:", `2 streams named "Orders"`, "103, 108"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diagnostics := p.ReadData("commpeak_stream", test.config)
			acctest.Expect(t, diagnostics, test.words...)
		})
	}
}

func TestStreamDataSourceValidation(t *testing.T) {
	t.Parallel()
	_, p := shop(t)
	for name, test := range map[string]struct {
		source string
		config acctest.Values
		words  []string
	}{
		"neither id nor name": {"commpeak_stream", nil, []string{"id", "name"}},
		"both id and name":    {"commpeak_stream", acctest.Values{"id": "1", "name": "A"}, []string{"id", "name"}},
		"blank id":            {"commpeak_stream", acctest.Values{"id": " "}, []string{"at id:", "blank"}},
		"blank name":          {"commpeak_stream", acctest.Values{"name": " "}, []string{"at name:", "blank"}},
		"broken regex":        {"commpeak_streams", acctest.Values{"name_regex": "("}, []string{"at name_regex:", "missing closing"}},
		"blank status":        {"commpeak_streams", acctest.Values{"statuses": []string{""}}, []string{"Blank text in statuses"}},
		"null status":         {"commpeak_streams", acctest.Values{"statuses": []any{"ready", nil}}, []string{"Null in statuses"}},
		"null tag":            {"commpeak_realtime_performance", acctest.Values{"any_tags": []any{nil}}, []string{"Null in any_tags"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Expect(t, p.ValidateData(test.source, test.config), test.words...)
		})
	}
}

// CommPeak documents a caller ID of voice streams, but not its form.
func TestStreamShowsCallerID(t *testing.T) {
	t.Parallel()
	for _, form := range []string{`"44"`, `44`, `{"id": 44, "number": "442079460000"}`, `"/caller_ids/44"`} {
		account := acctest.NewAccount(t)
		account.Inject(mockserver.Fault{
			Pattern: "GET /streams/{id}", Stage: mockserver.After, Status: 200, Header: map[string]string{"Content-Type": "application/json"},
			Body: `{"id": 7, "name": "Calls", "type": "voice", "state": "ready", "callerId": ` + form + `}`,
		})
		account.AddStream(mockserver.Stream{ID: 7, Name: "Calls", Type: "voice"})
		state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData("commpeak_stream", acctest.Values{"id": "7"})
		acctest.ExpectNone(t, diagnostics)
		if got := state.String(); !strings.Contains(got, `"caller_id":tftypes.String<"44">`) {
			t.Errorf("%s: the state is %s", form, got)
		}
	}
}

// A status that CommPeak does not document finds nothing unless the API returns it.
func TestStreamFilterWarnsOfUndocumentedValues(t *testing.T) {
	t.Parallel()
	_, p := shop(t)
	acctest.Expect(t, p.ValidateData("commpeak_streams", acctest.Values{"statuses": []string{"Ready", "paused"}}), `No stream may match "paused" in statuses`, "disabled")
	acctest.Expect(t, p.ValidateData("commpeak_streams", acctest.Values{"types": []string{"voice", "sms"}}), `No stream may match "sms" in types`, "two_way")
	acctest.ExpectNone(t, p.ValidateData("commpeak_streams", acctest.Values{"types": []string{"voice", "otp"}, "statuses": []string{"Draft"}}))
}

func TestAccStreamDataSources(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	otpStream := account.AddStream(mockserver.Stream{
		Name: "By hand", Type: mockserver.OTP, Tags: []string{"b", "a"}, IPACL: "203.0.113.7/32 2001:DB8::1;198.51.100.0/24",
		DefaultSender: "ACME", Demo: true, Restricted: true,
		OTP: &mockserver.OTPSettings{
			CodeGeneration: "customer", CodeLength: 6, CodeTTL: 60, MaxFailures: 2,
			SendingLimit: &mockserver.SendingLimit{Messages: 5, PeriodSeconds: 600},
		},
	})
	account.AddStream(mockserver.Stream{Name: "Support", Type: mockserver.WhatsApp, State: mockserver.Draft, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "7"}})
	id := strconv.Itoa(otpStream.ID)
	const byID, byName, support = "data.commpeak_stream.by_id", "data.commpeak_stream.by_name", "data.commpeak_stream.support"
	checks := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(byName, tfjsonpath.New("id"), knownvalue.StringExact(id)),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("name"), knownvalue.StringExact("By hand")),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("tags"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("a"), knownvalue.StringExact("b")})),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("allowed_ips"), knownvalue.SetExact([]knownvalue.Check{
			knownvalue.StringExact("198.51.100.0/24"), knownvalue.StringExact("2001:db8::1"), knownvalue.StringExact("203.0.113.7"),
		})),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("default_sender"), knownvalue.StringExact("ACME")),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("demo"), knownvalue.Bool(true)),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("restricted"), knownvalue.Bool(true)),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("otp").AtMapKey("sending_limit").AtMapKey("period_seconds"), knownvalue.Int64Exact(600)),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("caller_id"), knownvalue.Null()),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("uid"), knownvalue.StringExact(otpStream.UID)),
		statecheck.ExpectKnownValue(byID, tfjsonpath.New("last_activity_at"), knownvalue.Null()),
		statecheck.ExpectKnownValue(support, tfjsonpath.New("whatsapp").AtMapKey("business_id"), knownvalue.StringExact("7")),
		statecheck.ExpectKnownValue(support, tfjsonpath.New("status"), knownvalue.StringExact("draft")),
		statecheck.ExpectKnownValue(support, tfjsonpath.New("otp"), knownvalue.Null()),
		statecheck.ExpectKnownValue(support, tfjsonpath.New("tags"), knownvalue.SetSizeExact(0)),
		statecheck.ExpectKnownValue("data.commpeak_streams.all", tfjsonpath.New("total"), knownvalue.Int64Exact(2)),
	}
	acctest.TestKeeping(t, account, []string{"By hand", "Support"}, acctest.Step{TestStep: resource.TestStep{
		Config: fmt.Sprintf(`data "commpeak_stream" "by_id" { id = %q }
			data "commpeak_stream" "by_name" { name = "By hand" }
			data "commpeak_stream" "support" { name = "Support" }
			data "commpeak_streams" "all" {}`, id),
		ConfigStateChecks: checks,
	}})
}
