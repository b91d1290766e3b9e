package allowedip_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const (
	entryType = "commpeak_allowed_ip"
	listType  = "commpeak_allowed_ips"
)

// onStream starts an account with one stream and this list.
func onStream(t *testing.T, list string, options ...func(*mockserver.Options)) (*acctest.Account, *acctest.Protocol) {
	t.Helper()
	account := withStream(t, list, options...)
	return account, acctest.NewProtocol(t, account, nil)
}

func one(ip any) acctest.Values { return acctest.Values{"stream_id": "101", "ip": ip} }

func all(ips ...string) acctest.Values {
	return acctest.Values{"stream_id": "101", "ips": append([]string{}, ips...)}
}

// nulls are entries of a set, and null.
func nulls(ips ...string) tftypes.Value {
	elements := []tftypes.Value{tftypes.NewValue(tftypes.String, nil)}
	for _, ip := range ips {
		elements = append(elements, tftypes.NewValue(tftypes.String, ip))
	}
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, elements)
}

// unknownBeside are entries of a set, one of which is unknown.
func unknownBeside(ip string) tftypes.Value {
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{
		tftypes.NewValue(tftypes.String, ip), tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
	})
}

// having is an object that exists, made by another process: each plan is one of
// its own.
func having(t *testing.T, account *acctest.Account, p *acctest.Protocol, kind string, config acctest.Values) *acctest.Resource {
	t.Helper()
	object := acctest.NewProtocol(t, account, nil).Resource(kind)
	object.Must(config)
	object.Protocol = p
	return object
}

func TestAllowedIPValidation(t *testing.T) {
	t.Parallel()
	_, p := onStream(t, "")
	entry, list := p.Resource(entryType), p.Resource(listType)
	for ip, words := range map[string][]string{
		"":                   {"neither"},
		"office":             {`"office"`, "neither", "203.0.113.0/24"},
		"203.0.113.7 ":       {"neither"},
		"203.0.113.256":      {"neither"},
		"203.0.113.007":      {"neither"},
		"203.0.113.0/33":     {"neither"},
		"203.0.113.7-9":      {"neither"},
		"203.0.113.7, ::1":   {"neither"},
		"fe80::1%eth0":       {"zone"},
		"203.0.113.7/24":     {"beyond its /24", "write 203.0.113.0/24", "write 203.0.113.7."},
		"203.0.113.7/0":      {"write 0.0.0.0/0"},
		"2001:db8::1/32":     {"beyond its /32", "write 2001:db8::/32", "write 2001:db8::1."},
		"::ffff:10.0.0.1/97": {"beyond its /97"},
	} {
		t.Run("wrong: "+ip, func(t *testing.T) {
			t.Parallel()
			acctest.Expect(t, entry.Validate(one(ip)), append(words, "at ip: ")...)
			acctest.Expect(t, list.Validate(all("192.0.2.1", ip)), append(words, "ips")...)
		})
	}
	for _, ip := range []string{"203.0.113.7", "203.0.113.7/32", "203.0.113.0/24", "0.0.0.0/0", "::/0", "::1", "2001:DB8::1/128", "::ffff:203.0.113.7"} {
		t.Run("right: "+ip, func(t *testing.T) {
			t.Parallel()
			acctest.ExpectNone(t, entry.Validate(one(ip)))
			acctest.ExpectNone(t, list.Validate(all(ip)))
		})
	}
	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"stream":        {acctest.Values{"stream_id": " ", "ips": []string{}}, []string{"at stream_id", "blank"}},
		"two spellings": {all("203.0.113.7", "192.0.2.1", "203.0.113.7/32"), []string{"at ips", "One entry in two spellings", `"203.0.113.7"`, `"203.0.113.7/32"`}},
		"IPv6 twice":    {all("2001:DB8::1", "2001:db8::1/128"), []string{"at ips", "Keep one"}},
		"none":          {acctest.Values{"stream_id": "101"}, []string{"ips", "required"}},
		"null":          {acctest.Values{"stream_id": "101", "ips": nulls("203.0.113.7")}, []string{"at ips", "ull"}},
		"null alone":    {acctest.Values{"stream_id": "101", "ips": nulls()}, []string{"at ips", "ull"}},
	} {
		t.Run("list: "+name, func(t *testing.T) {
			t.Parallel()
			acctest.Expect(t, list.Validate(test.config), test.words...)
		})
	}
	acctest.Expect(t, entry.Validate(acctest.Values{"stream_id": "", "ip": "::1"}), "at stream_id", "blank")
	acctest.Expect(t, entry.Plan(acctest.Values{"stream_id": "Orders", "ip": "::1"}).Diagnostics, "at stream_id", "whole number")
	acctest.ExpectNone(t, entry.Validate(acctest.Values{"stream_id": acctest.Unknown, "ip": acctest.Unknown}))
	acctest.ExpectNone(t, list.Validate(acctest.Values{"stream_id": acctest.Unknown, "ips": acctest.Unknown}))
	acctest.ExpectNone(t, list.Validate(all()))
}

// The identity is set by create, read, update and import, and before
// what is gone is removed.
func TestIdentityAlwaysSet(t *testing.T) {
	t.Parallel()
	for kind, configs := range map[string][]acctest.Values{
		entryType: {one("203.0.113.7")},
		listType:  {all("203.0.113.7"), all("203.0.113.8")},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			account, p := onStream(t, "")
			account.Tolerate(http.StatusNotFound)
			object := p.Resource(kind)
			identified := func(when string) {
				t.Helper()
				if object.Identity == nil || object.Identity.IdentityData == nil {
					t.Fatalf("no identity after %s", when)
				}
				object.Identity = nil // as in a state from before identities
			}
			object.Must(configs[0])
			identified("create")
			acctest.ExpectNone(t, object.Read())
			identified("read")
			for _, update := range configs[1:] {
				object.Must(update)
				identified("update")
			}
			account.RemoveStream(streamID)
			acctest.Expect(t, object.Read(), "no longer exists", "101")
			identified("a read that finds nothing")
			if !object.State.IsNull() {
				t.Error("what is gone is still in the state")
			}
		})
	}
}

// Semantic equality does not run at plan time, and what requires
// replacement ignores it: spellings are compared there all the same.
func TestSpellingPlansNothing(t *testing.T) {
	t.Parallel()
	spellings := [][]string{
		{"203.0.113.7", "203.0.113.7/32", "::ffff:203.0.113.7", "::FFFF:203.0.113.7/128"},
		{"2001:db8::1", "2001:DB8::1", "2001:db8::1/128", "2001:0db8:0:0:0:0:0:1"},
		{"2001:db8::/32", "2001:DB8:0::/32"},
	}
	for _, same := range spellings {
		for _, from := range same {
			for _, to := range same {
				t.Run(strings.ReplaceAll(from+" to "+to, "/", "|"), func(t *testing.T) {
					t.Parallel()
					account, p := onStream(t, "")
					entry := having(t, account, p, entryType, one(from))
					acctest.ExpectNone(t, entry.Read())
					account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL = to })
					acctest.ExpectNone(t, entry.Read())
					plan := entry.Plan(one(to))
					if len(plan.Replaces) > 0 || !plan.Planned.Equal(entry.State) {
						t.Errorf("the spelling plans a change: replaces %v, %s", plan.Replaces, plan.Planned)
					}
					account, p = onStream(t, "")
					list := having(t, account, p, listType, all(from, "192.0.2.1"))
					acctest.ExpectNone(t, list.Read())
					mark := len(account.Requests())
					list.Must(all("192.0.2.1/32", to))
					if got := len(account.Requests()) - mark; got != 0 {
						t.Errorf("the spelling of the list sends %d requests", got)
					}
				})
			}
		}
	}
	account, p := onStream(t, "")
	entry := having(t, account, p, entryType, one("203.0.113.7"))
	for _, other := range []any{"203.0.113.8", "203.0.113.7/31", "::1", acctest.Unknown} {
		if plan := entry.Plan(one(other)); len(plan.Replaces) != 1 {
			t.Errorf("%v: replaces %v", other, plan.Replaces)
		}
	}
}

func TestAllowedIPImportIDs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, id string
		words    []string
	}{
		{entryType, "203.0.113.7", []string{`"203.0.113.7"`, "whole number", "42/203.0.113.7"}},
		{entryType, "101", []string{"neither", "for example 42/203.0.113.7"}},
		{entryType, "orders/203.0.113.7", []string{`"orders"`}},
		{entryType, "101/10.0.0.77/24", []string{"10.0.0.77/24", "beyond its /24", "write 10.0.0.0/24"}},
		{entryType, "101/2001:db8::1/32", []string{"beyond its /32"}},
		{listType, "101/203.0.113.7", []string{"whole number"}},
	} {
		_, p := onStream(t, foreign)
		acctest.ExpectImportError(t, p.Resource(test.kind), test.id, test.words...)
	}
	for kind, ids := range map[string][]string{
		entryType: {"101/203.0.113.8", "4711/203.0.113.7"},
		listType:  {"4711"},
	} {
		for _, id := range ids {
			account, p := onStream(t, foreign)
			account.Tolerate(http.StatusNotFound)
			acctest.ExpectNoImport(t, p.Resource(kind), id)
		}
	}
}

// What is not known yet of a list is a change.
func TestAllowedIPsUnknownElement(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	list := having(t, account, p, listType, all("203.0.113.7"))
	if plan := list.Plan(acctest.Values{"stream_id": "101", "ips": acctest.Unknown}); plan.Attribute(t, "ips") != "(unknown)" {
		t.Errorf("planned %s", plan.Planned)
	}
}

// A set is planned as configured, also if an element becomes known at apply that makes it
// equal to the state: Terraform refuses a final plan with a different spelling.
func TestAllowedIPsPlanTheConfiguredSet(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	list := having(t, account, p, listType, all("10.0.0.7/32", "10.0.0.1"))
	acctest.ExpectNone(t, acctest.Errors(list.Plan(acctest.Values{"stream_id": "101", "ips": unknownBeside("10.0.0.7")}).Diagnostics))
	final := list.Plan(all("10.0.0.7", "10.0.0.1"))
	if got := final.Attribute(t, "ips"); !strings.Contains(got, `"10.0.0.7"`) {
		t.Errorf("the final plan is %s", got)
	}
}

// The one warning that a plan is expected to hold, or none.
func expectWarning(t *testing.T, diagnostics []*tfprotov6.Diagnostic, words ...string) {
	t.Helper()
	acctest.ExpectNone(t, acctest.Errors(diagnostics))
	if len(words) == 0 {
		acctest.ExpectNone(t, diagnostics)
		return
	}
	acctest.Expect(t, diagnostics, words...)
}

// open are the words of the warning of an open stream.
var open = []string{"at ips", "open to everyone", `"Orders" (101)`, "restricted = true"}

// inForce are the words of the warning of a list that is no longer managed.
var inForce = []string{"at ips", "The allowed IPs of stream 101 stay in force", "203.0.113.7", "ips = []"}

// stays are the words of the warning of a last entry.
func stays(ip string) []string {
	return []string{"at ip", ip + " stays allowed on stream 101", "last allowed IP", "restricted = true", "ips = []"}
}

func TestAllowedIPWarnsOfEverything(t *testing.T) {
	t.Parallel()
	_, p := onStream(t, "192.0.2.1")
	for _, ip := range []string{"0.0.0.0/0", "::/0", "::ffff:0:0/96"} {
		expectWarning(t, p.Resource(entryType).Plan(one(ip)).Diagnostics, "at ip", ip+" allows every address on stream 101")
		_, p := onStream(t, "")
		expectWarning(t, p.Resource(listType).Plan(all("192.0.2.1", ip)).Diagnostics, "at ips", ip+" allows every address on stream 101")
		// The stream may be planned together with its list.
		expectWarning(t, p.Resource(entryType).Plan(acctest.Values{"stream_id": acctest.Unknown, "ip": ip}).Diagnostics, "at ip", ip+" allows every address on a new stream")
		expectWarning(t, p.Resource(listType).Plan(acctest.Values{"stream_id": acctest.Unknown, "ips": []string{ip}}).Diagnostics, "at ips", ip+" allows every address on a new stream")
	}
	for _, ip := range []string{"0.0.0.0", "::", "0.0.0.0/32"} {
		expectWarning(t, p.Resource(entryType).Plan(one(ip)).Diagnostics, "at ip", ip+" allows no client on stream 101", "locked out")
		expectWarning(t, p.Resource(listType).Plan(acctest.Values{"stream_id": acctest.Unknown, "ips": []string{ip}}).Diagnostics, "at ips", ip+" allows no client on a new stream")
	}
	for _, ip := range []string{"0.0.0.0/1", "203.0.113.7"} {
		expectWarning(t, p.Resource(entryType).Plan(one(ip)).Diagnostics)
	}
	account, p := onStream(t, "")
	entry := having(t, account, p, entryType, one("0.0.0.0/0"))
	expectWarning(t, entry.Plan(one("0.0.0.0/0")).Diagnostics)
	expectWarning(t, entry.Plan(one("::/0")).Diagnostics, "::/0 allows every address")
	if got := account.Count("GET /streams"); got != 0 {
		t.Errorf("%d look-ups", got)
	}
}

// Each removal is checked alone, so the order of the checks does not matter.
func TestAllowedIPWarnsOfTheLastRemoval(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	first := having(t, account, p, entryType, one("203.0.113.8/32"))
	last := having(t, account, p, entryType, one("2001:DB8::/32"))
	for range 2 {
		expectWarning(t, first.Plan(nil).Diagnostics)
		expectWarning(t, last.Plan(nil).Diagnostics)
	}
	account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL = "2001:db8::/32" })
	for range 2 {
		last.Protocol = acctest.NewProtocol(t, account, nil) // A plan has its own process.
		mark := len(account.Requests())
		expectWarning(t, last.Plan(nil).Diagnostics, stays("2001:DB8::/32")...)
		expectWarning(t, last.Plan(nil).Diagnostics, stays("2001:DB8::/32")...)
		if got := len(account.Requests()) - mark; got != 1 {
			t.Errorf("two plans of one stream sent %d requests", got)
		}
	}
}

func TestAllowedIPDoesNotWarnInVain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*mockserver.Stream)
		plan   func(t *testing.T, p *acctest.Protocol, entry *acctest.Resource) []*tfprotov6.Diagnostic
	}{
		"a restricted stream": {func(s *mockserver.Stream) { s.Restricted = true }, nil},
		"another entry":       {func(s *mockserver.Stream) { s.IPACL += ", " + foreign }, nil},
		"a replacement": {nil, func(t *testing.T, _ *acctest.Protocol, entry *acctest.Resource) []*tfprotov6.Diagnostic {
			t.Helper()
			return entry.Plan(one("203.0.113.8")).Diagnostics
		}},
		"a stream that is not known yet": {nil, func(t *testing.T, _ *acctest.Protocol, entry *acctest.Resource) []*tfprotov6.Diagnostic {
			t.Helper()
			return entry.Plan(acctest.Values{"stream_id": acctest.Unknown, "ip": "203.0.113.7"}).Diagnostics
		}},
		"no change": {nil, func(t *testing.T, _ *acctest.Protocol, entry *acctest.Resource) []*tfprotov6.Diagnostic {
			t.Helper()
			return entry.Plan(one("203.0.113.7")).Diagnostics
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, p := onStream(t, "")
			entry := having(t, account, p, entryType, one("203.0.113.7"))
			if test.change != nil {
				account.EditStream(streamID, test.change)
			}
			entry.Protocol = acctest.NewProtocol(t, account, nil)
			if test.plan == nil {
				expectWarning(t, entry.Plan(nil).Diagnostics)
				return
			}
			expectWarning(t, test.plan(t, entry.Protocol, entry))
		})
	}
}

func TestAllowedIPMovesToAnotherStream(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	account.AddStream(mockserver.Stream{Name: "Other"})
	moved := func(config acctest.Values) acctest.Values {
		config = maps.Clone(config)
		config["stream_id"] = "102"
		return config
	}
	entry := having(t, account, p, entryType, one("203.0.113.7"))
	expectWarning(t, entry.Plan(moved(one("203.0.113.7"))).Diagnostics, stays("203.0.113.7")...)
	account, p = onStream(t, "")
	account.AddStream(mockserver.Stream{Name: "Other"})
	list := having(t, account, p, listType, all("203.0.113.7"))
	for _, streamID := range []any{"102", acctest.Unknown} {
		config := acctest.Values{"stream_id": streamID, "ips": []string{"203.0.113.7"}}
		expectWarning(t, list.Plan(config).Diagnostics, inForce...)
	}
}

func TestAllowedIPsWarnOfAnEmptyList(t *testing.T) {
	t.Parallel()
	_, p := onStream(t, "")
	expectWarning(t, p.Resource(listType).Plan(all()).Diagnostics, open...)
	account, p := onStream(t, "")
	list := having(t, account, p, listType, all("203.0.113.7"))
	mark := len(account.Requests())
	expectWarning(t, list.Plan(all("203.0.113.8")).Diagnostics)
	expectWarning(t, list.Plan(all("203.0.113.7")).Diagnostics)
	if got := len(account.Requests()) - mark; got != 0 {
		t.Errorf("plans that leave entries asked %d times", got)
	}
	expectWarning(t, list.Plan(nil).Diagnostics, inForce...)
	list.Protocol = acctest.NewProtocol(t, account, nil)
	expectWarning(t, list.Plan(all()).Diagnostics, open...)
	list.Must(all())
	list.Protocol = acctest.NewProtocol(t, account, nil)
	expectWarning(t, list.Plan(all()).Diagnostics)
	expectWarning(t, list.Plan(nil).Diagnostics)
}

// A list that takes over says what it removes.
func TestAllowedIPsWarnOfWhatTheyRemove(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "203.0.113.7/32, "+foreign)
	expectWarning(t, p.Resource(listType).Plan(all("203.0.113.7")).Diagnostics, "at ips", "Allowed IPs of stream 101 are removed", "They are removed: "+foreign)
	account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL = strings.Join(ours(30), " ") })
	p = acctest.NewProtocol(t, account, nil)
	expectWarning(t, p.Resource(listType).Plan(all("203.0.113.1")).Diagnostics, "Allowed IPs of stream 101 are removed", "…")
	list := having(t, account, p, listType, all("203.0.113.1"))
	expectWarning(t, list.Plan(all("203.0.113.2")).Diagnostics)
}

// A look-up that fails breaks no plan, and is not tried for each entry.
func TestAllowedIPLookUpFails(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	entries := []*acctest.Resource{having(t, account, p, entryType, one("203.0.113.7")), having(t, account, p, entryType, one("203.0.113.8"))}
	mark := len(account.Requests())
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}", Status: 403, Times: -1})
	for _, entry := range entries {
		expectWarning(t, entry.Plan(nil).Diagnostics)
	}
	expectWarning(t, p.Resource(listType).Plan(acctest.Values{"stream_id": "102", "ips": []string{}}).Diagnostics)
	if got := len(account.Requests()) - mark; got != 2 {
		t.Errorf("%d look-ups of two streams", got)
	}
}

// A stream whose restriction is not reported may be open.
func TestAllowedIPRestrictionNotReported(t *testing.T) {
	t.Parallel()
	account := withStream(t, "203.0.113.7", func(o *mockserver.Options) { o.DocumentedOnly = true })
	p := acctest.NewProtocol(t, account, nil)
	state, diagnostics := p.ReadData(listType, acctest.Values{"stream_id": "101"})
	acctest.ExpectNone(t, diagnostics)
	if got := attributes(t, state); got != "203.0.113.7 restricted=null open=false" {
		t.Error(got)
	}
	account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL = "" })
	state, diagnostics = p.ReadData(listType, acctest.Values{"stream_id": "101"})
	acctest.ExpectNone(t, diagnostics)
	if got := attributes(t, state); got != " restricted=null open=null" {
		t.Error(got)
	}
	expectWarning(t, p.Resource(listType).Plan(all()).Diagnostics, open...)
}

var jsonHeader = map[string]string{"Content-Type": "application/json"}

// attributes writes what the data source says in one line.
func attributes(t *testing.T, state tftypes.Value) string {
	t.Helper()
	var values map[string]tftypes.Value
	var elements []tftypes.Value
	if err := state.As(&values); err != nil {
		t.Fatal(err)
	}
	if err := values["ips"].As(&elements); err != nil {
		t.Fatal(err)
	}
	var ips []string
	for _, element := range elements {
		var text string
		if err := element.As(&text); err != nil {
			t.Fatal(err)
		}
		ips = append(ips, text)
	}
	slices.Sort(ips)
	flag := func(name string) string {
		var is *bool
		if err := values[name].As(&is); err != nil {
			t.Fatal(err)
		}
		if is == nil {
			return "null"
		}
		return fmt.Sprint(*is)
	}
	return fmt.Sprintf("%s restricted=%s open=%s", strings.Join(ips, " "), flag("restricted"), flag("open_to_everyone"))
}

func TestAllowedIPsDataSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		list       string
		restricted bool
		want       string
	}{
		{"", false, " restricted=false open=true"},
		{"", true, " restricted=true open=false"},
		{"2001:DB8::/32;203.0.113.7/32\n10.1.2.3/8", false, "10.0.0.0/8 2001:db8::/32 203.0.113.7 restricted=false open=false"},
		{"office", true, "office restricted=true open=false"},
		{"203.0.113.7 0.0.0.0/0", true, "0.0.0.0/0 203.0.113.7 restricted=true open=true"},
		{"::/0", false, "::/0 restricted=false open=true"},
	} {
		account, p := onStream(t, test.list)
		account.EditStream(streamID, func(s *mockserver.Stream) { s.Restricted = test.restricted })
		state, diagnostics := p.ReadData(listType, acctest.Values{"stream_id": "101"})
		acctest.ExpectNone(t, diagnostics)
		if got := attributes(t, state); got != test.want {
			t.Errorf("%q: got %s, want %s", test.list, got, test.want)
		}
	}
	account, p := onStream(t, "")
	account.Tolerate(http.StatusNotFound)
	_, diagnostics := p.ReadData(listType, acctest.Values{"stream_id": "4711"})
	acctest.Expect(t, diagnostics, "at stream_id", "No such stream", "4711")
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}", Status: 403})
	_, diagnostics = p.ReadData(listType, acctest.Values{"stream_id": "101"})
	acctest.Expect(t, diagnostics, "cannot be used from this address", "HTTP 403")
	acctest.Expect(t, p.ValidateData(listType, acctest.Values{"stream_id": ""}), "at stream_id", "blank")
}

// Errors name what was tried, and do not change the state.
func TestAllowedIPErrors(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	refused := mockserver.Fault{
		Pattern: "PATCH /streams/{id}", Status: 422, Header: jsonHeader,
		Body: `{"detail":"No.","violations":[{"propertyPath":"ipAcl","message":"Too many entries."}]}`,
	}
	forbidden := mockserver.Fault{Pattern: "GET /streams/{id}", Status: 403}
	unlisted := mockserver.Fault{Pattern: "GET /streams", Status: 403}
	entry, list := p.Resource(entryType), p.Resource(listType)
	account.Inject(refused, refused)
	acctest.Expect(t, entry.Apply(entry.Plan(one("203.0.113.7"))), "at ip: ", "Could not allow 203.0.113.7 on stream 101", "Too many entries")
	acctest.Expect(t, acctest.Errors(list.Apply(list.Plan(all("203.0.113.7")))), "at ips: ", "Could not write the allowed IPs of stream 101", "Too many entries")
	account.Inject(forbidden)
	acctest.Expect(t, entry.Apply(entry.Plan(one("203.0.113.7"))), "cannot be used from this address", "HTTP 403")
	if !entry.State.IsNull() || !list.State.IsNull() {
		t.Error("what failed is in the state")
	}
	entry.Must(one("203.0.113.7"))
	list.Must(all("203.0.113.7"))
	account.Inject(unlisted, unlisted, forbidden, forbidden, refused)
	acctest.Expect(t, entry.Read(), "cannot be used from this address", "HTTP 403")
	acctest.Expect(t, list.Read(), "cannot be used from this address", "HTTP 403")
	acctest.Expect(t, list.Apply(list.Plan(all("203.0.113.9"))), "at ips: ", "Too many entries")
	account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL += ", " + foreign })
	account.Inject(refused)
	entry.Protocol = acctest.NewProtocol(t, account, nil)
	acctest.Expect(t, entry.Apply(entry.Plan(nil)), "at ip: ", "Could not remove 203.0.113.7 from the allowed IPs of stream 101", "Too many entries")
	if entry.State.IsNull() || list.State.IsNull() {
		t.Error("what could not be removed is gone from the state")
	}
}

// If the API stores a different list, a warning names the stream, and the entry is not in the state.
func TestAllowedIPStoredOtherwise(t *testing.T) {
	t.Parallel()
	account := withStream(t, "")
	p := acctest.NewProtocol(t, account, acctest.Values{"max_retries": 1})
	account.Inject(mockserver.Fault{Pattern: "PATCH /streams/{id}", Status: 200, Times: 4, Header: jsonHeader, Body: `{"id":101,"ipAcl":"192.0.2.1"}`})
	list, entry := p.Resource(listType), p.Resource(entryType)
	diagnostics := list.Apply(list.Plan(all("203.0.113.7")))
	acctest.Expect(t, diagnostics, "at ips: ", "differs from the configuration")
	acctest.ExpectNone(t, acctest.Errors(diagnostics))
	if list.State.IsNull() {
		t.Error("the list is not in the state")
	}
	acctest.Expect(t, acctest.Errors(entry.Apply(entry.Plan(one("203.0.113.7")))), "Could not allow 203.0.113.7", "does not stay as it was written")
	if account.PendingFaults() > 0 {
		t.Errorf("%d writes were not made", account.PendingFaults())
	}
}

// A provider that is read-only plans, warns and refuses.
func TestAllowedIPReadOnly(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	for kind, config := range map[string]acctest.Values{entryType: one("203.0.113.7"), listType: all("203.0.113.7", foreign)} {
		object := acctest.NewProtocol(t, account, acctest.Values{"read_only": true}).Resource(kind)
		plan := object.Plan(config)
		expectWarning(t, plan.Diagnostics, "read_only = true")
		acctest.Expect(t, object.Apply(plan), "read_only", "Nothing was sent")
	}
	if got := account.Count(patch); got != 0 {
		t.Errorf("%d writes", got)
	}
}

// An account whose API offers only reads.
func TestAllowedIPWithoutWrites(t *testing.T) {
	t.Parallel()
	for _, policy := range []mockserver.WritePolicy{mockserver.WritesNotAllowed, mockserver.WritesNotFound} {
		account, p := onStream(t, "", func(o *mockserver.Options) { o.Writes = policy })
		account.Tolerate(http.StatusNotFound)
		account.Tolerate(http.StatusMethodNotAllowed)
		for kind, config := range map[string]acctest.Values{entryType: one("203.0.113.7"), listType: all("203.0.113.7")} {
			object := p.Resource(kind)
			acctest.Expect(t, acctest.Errors(object.Apply(object.Plan(config))), "account does not offer it")
		}
	}
}

// A create, an update and a delete that come alone: how many requests each is.
func TestAllowedIPRequests(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	asks := func(what string, want int, do func()) {
		t.Helper()
		mark := len(account.Requests())
		do()
		if got := len(account.Requests()) - mark; got != want {
			t.Errorf("%s: %d requests, not %d", what, got, want)
		}
	}
	fresh := func(object *acctest.Resource) { object.Protocol = acctest.NewProtocol(t, account, nil) }
	apply := func(object *acctest.Resource, plan acctest.Plan) {
		fresh(object)
		acctest.ExpectNone(t, acctest.Errors(object.Apply(plan)))
	}
	entry := acctest.NewProtocol(t, account, nil).Resource(entryType)
	created := entry.Plan(one("203.0.113.7"))
	asks("create an entry", 3, func() { apply(entry, created) })
	asks("read an entry", 1, func() { acctest.ExpectNone(t, entry.Read()) })
	asks("plan without a change", 0, func() { entry.Plan(one("203.0.113.7")) })
	destroyed := entry.Plan(nil)
	asks("delete an entry", 4, func() { apply(entry, destroyed) })
	fresh(entry)
	list := entry.Protocol.Resource(listType)
	created = list.Plan(all("203.0.113.7"))
	asks("create a list", 2, func() { apply(list, created) })
	updated := list.Plan(all("203.0.113.8"))
	asks("update a list", 3, func() { apply(list, updated) })
	asks("read a list", 1, func() { acctest.ExpectNone(t, list.Read()) })
	destroyed = list.Plan(nil)
	asks("delete a list", 1, func() { apply(list, destroyed) })
}

// A second resource for the same list cannot be found. Each plan shows what the other one wrote.
func TestAllowedIPsOfTwoResources(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	first, second := having(t, account, p, listType, all("203.0.113.7")), having(t, account, p, listType, all("198.51.100.7"))
	acctest.ExpectNone(t, first.Read())
	plan := first.Plan(all("203.0.113.7"))
	if plan.Planned.Equal(first.State) {
		t.Error("the plan does not show the list of the other resource")
	}
	acctest.ExpectNone(t, first.Apply(plan))
	acctest.ExpectNone(t, second.Read())
	if second.Plan(all("198.51.100.7")).Planned.Equal(second.State) {
		t.Error("the plan does not show the list of the first resource")
	}
}
