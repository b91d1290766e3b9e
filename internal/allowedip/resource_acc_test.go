package allowedip_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const (
	entryAddress = "commpeak_allowed_ip.test"
	listAddress  = "commpeak_allowed_ips.test"
	patch        = "PATCH /streams/{id}"
	// streamID is the first id that an account gives.
	streamID = 101
	// foreign is another program's entry.
	foreign = "198.51.100.1"
)

// withStream starts an account with one stream, Orders, and this list.
func withStream(t *testing.T, list string, options ...func(*mockserver.Options)) *acctest.Account {
	t.Helper()
	account := acctest.NewAccount(t, options...)
	if made := account.AddStream(mockserver.Stream{Name: "Orders", IPACL: list}); made.ID != streamID {
		t.Fatalf("the stream has the ID %d", made.ID)
	}
	return account
}

// test runs the steps; the stream must survive them.
func test(t *testing.T, account *acctest.Account, steps ...acctest.Step) {
	t.Helper()
	acctest.TestKeeping(t, account, []string{"Orders"}, steps...)
}

// left fails the test unless the list of the account holds just these in the
// end.
func left(t *testing.T, account *acctest.Account, want ...string) {
	t.Helper()
	if got := account.AllowedIPs(streamID); !t.Skipped() && !slices.Equal(got, want) {
		t.Errorf("the account is left with %q, not %q", got, want)
	}
}

func editList(account *acctest.Account, list string) func() {
	return func() { account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL = list }) }
}

func entry(ip string, more ...string) string {
	return fmt.Sprintf("resource \"commpeak_allowed_ip\" \"test\" {\n stream_id = %d\n ip = %q\n%s\n}\n", streamID, ip, strings.Join(more, "\n"))
}

func list(ips string) string {
	return fmt.Sprintf("resource \"commpeak_allowed_ips\" \"test\" {\n stream_id = %d\n ips = [%s]\n}\n", streamID, ips)
}

// sent is the write that makes the list this; none for null.
func sent(list string) string {
	if list == "" {
		return patch + ` {"ipAcl":null}`
	}
	return fmt.Sprintf(patch+` {"ipAcl":%q}`, list)
}

func apply(config string, writes ...string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: config}, Writes: writes}
}

func planned(step acctest.Step, address string, action plancheck.ResourceActionType) acctest.Step {
	step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, plancheck.ExpectResourceAction(address, action))
	return step
}

// finally names the writes when everything is removed.
func finally(step acctest.Step, writes ...string) acctest.Step {
	step.Removal = writes
	return step
}

func before(step acctest.Step, do func()) acctest.Step {
	step.PreConfig = do
	return step
}

func fails(config, message string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: config, ExpectError: regexp.MustCompile(message)}}
}

func TestAccAllowedIP(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	test(t, account,
		planned(apply(entry("203.0.113.7"), sent("198.51.100.1, 203.0.113.7")), entryAddress, plancheck.ResourceActionCreate),
		planned(apply(entry("203.0.113.8"), sent("198.51.100.1, 203.0.113.8")), entryAddress, plancheck.ResourceActionReplace),
		planned(apply(entry("2001:db8::/32", "lifecycle { create_before_destroy = true }"),
			sent("198.51.100.1, 2001:db8::/32, 203.0.113.8"), sent("198.51.100.1, 2001:db8::/32")), entryAddress, plancheck.ResourceActionReplace),
		finally(apply(entry("2001:db8::/32")), sent("198.51.100.1")),
	)
	left(t, account, "198.51.100.1/32")
}

// The last entry stays, and replacing it in one write does not open the stream.
func TestAccAllowedIPTheOnlyOne(t *testing.T) {
	t.Parallel()
	account := withStream(t, "")
	test(t, account,
		apply(entry("203.0.113.0/24"), sent("203.0.113.0/24")),
		planned(apply(entry("203.0.113.8"), sent("203.0.113.8")), entryAddress, plancheck.ResourceActionReplace),
		finally(apply(entry("203.0.113.9"), sent("203.0.113.9"))),
	)
	left(t, account, "203.0.113.9/32")
}

func TestAccAllowedIPOfAnotherStream(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	other := account.AddStream(mockserver.Stream{Name: "Other", IPACL: "203.0.113.7"})
	moved := planned(apply(strings.Replace(entry("203.0.113.8"), "101", fmt.Sprint(other.ID), 1),
		sent("198.51.100.1"), sent("203.0.113.7, 203.0.113.8")), entryAddress, plancheck.ResourceActionReplace)
	acctest.TestKeeping(t, account, []string{"Orders", "Other"},
		apply(entry("203.0.113.8"), sent("198.51.100.1, 203.0.113.8")), finally(moved, sent("203.0.113.7")))
}

// Changes of other entries of the list do not affect an entry.
func TestAccAllowedIPDrift(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	test(t, account,
		apply(entry("203.0.113.7"), sent("198.51.100.1, 203.0.113.7")),
		planned(before(apply(entry("203.0.113.7"), sent("192.0.2.1, 203.0.113.7")), editList(account, "192.0.2.1")),
			entryAddress, plancheck.ResourceActionCreate),
		planned(before(apply(entry("203.0.113.7"), sent("203.0.113.7")), editList(account, "")), entryAddress, plancheck.ResourceActionCreate),
		planned(before(apply(entry("203.0.113.7")), editList(account, "203.0.113.7/32;office\n192.0.2.1/32 203.0.113.8")), entryAddress, plancheck.ResourceActionNoop),
		// What is no address would be refused when the list is written.
		planned(before(finally(apply(entry("203.0.113.7")), sent("192.0.2.1, 203.0.113.8")), editList(account, "203.0.113.7/32;192.0.2.1/32 203.0.113.8")),
			entryAddress, plancheck.ResourceActionNoop),
	)
	left(t, account, "192.0.2.1/32", "203.0.113.8/32")
}

// A list or stream that is gone when the entry is to go is no error.
func TestAccAllowedIPGoneBeforeDestruction(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	test(t, account,
		apply(entry("203.0.113.7"), sent("198.51.100.1, 203.0.113.7")),
		before(acctest.Step{TestStep: resource.TestStep{Config: entry("203.0.113.7"), Destroy: true}}, editList(account, foreign)),
	)
	left(t, account, "198.51.100.1/32")
}

// Entries go before the stream that they belong to, and come again with it.
func TestAccAllowedIPsWithTheirStream(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	config := func(name string) string {
		return fmt.Sprintf(`resource "commpeak_stream" "test" {
			name = %q
			type = "marketing"
		}
		resource "commpeak_stream" "other" {
			name = "Other"
			type = "marketing"
		}
		resource "commpeak_allowed_ip" "test" {
			stream_id = commpeak_stream.test.id
			ip        = "203.0.113.7"
		}
		resource "commpeak_allowed_ips" "test" {
			stream_id = commpeak_stream.other.id
			ips       = ["203.0.113.7"]
		}`, name)
	}
	again := apply(config("Orders"), "POST /streams", "POST /streams", sent("203.0.113.7"), sent("203.0.113.7"))
	again.PreConfig = func() {
		for _, stream := range account.Streams() {
			account.RemoveStream(stream.ID)
		}
	}
	again.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(entryAddress, plancheck.ResourceActionCreate),
		plancheck.ExpectResourceAction(listAddress, plancheck.ResourceActionCreate),
	}
	acctest.Test(t, account,
		apply(config("Orders"), "POST /streams", "POST /streams", sent("203.0.113.7"), sent("203.0.113.7")),
		finally(again),
	)
}

func TestAccAllowedIPExistsAlready(t *testing.T) {
	t.Parallel()
	account := withStream(t, "203.0.113.7/32, "+foreign)
	test(t, account, finally(apply(entry("203.0.113.7")), sent(foreign)))
	left(t, account, "198.51.100.1/32")
}

func TestAccAllowedIPNoSuchStream(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	account.Tolerate(http.StatusNotFound)
	for _, config := range []string{entry("203.0.113.7"), list(`"203.0.113.7"`)} {
		test(t, account, func() acctest.Step {
			step := fails(strings.Replace(config, "101", "4711", 1), `(?s)No such stream.*4711`)
			step.AnyWrites = true // The whole list is written without a look at it.
			return step
		}())
	}
}

// A different spelling of an entry is no replacement, and of a list no request.
// TestSpellingPlansNothing has more of them.
func TestAccAllowedIPSpelling(t *testing.T) {
	t.Parallel()
	config := func(one, other string) string {
		return entry(one) + strings.Replace(list(fmt.Sprintf("%q, \"192.0.2.1\"", other)), "101", "102", 1)
	}
	account := withStream(t, "")
	account.AddStream(mockserver.Stream{Name: "Other"})
	again := planned(apply(config("2001:db8:0:0::1/128", "2001:db8::1/128")), entryAddress, plancheck.ResourceActionNoop)
	acctest.TestKeeping(t, account, []string{"Orders", "Other"}, apply(config("2001:DB8::1", "2001:DB8::1"), patch, patch),
		planned(again, listAddress, plancheck.ResourceActionUpdate))
}

func TestAccAllowedIPImport(t *testing.T) {
	t.Parallel()
	for _, ip := range []string{"203.0.113.7", "2001:db8::/32"} {
		t.Run(ip, func(t *testing.T) {
			t.Parallel()
			account := withStream(t, foreign)
			test(t, account,
				apply(entry(ip), patch),
				acctest.Step{TestStep: resource.TestStep{
					ResourceName: entryAddress, ImportState: true, ImportStateId: "101/" + ip,
					ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "ip",
				}},
				finally(acctest.Step{TestStep: resource.TestStep{
					ResourceName: entryAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "101/" + ip,
				}}, sent(foreign)),
			)
		})
	}
}

func TestAccAllowedIPImportByIdentity(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.IdentityImport)
	for _, ip := range []string{"2001:DB8::/32"} {
		t.Run(ip, func(t *testing.T) {
			t.Parallel()
			test(t, withStream(t, foreign),
				apply(entry(ip), patch),
				finally(acctest.Step{TestStep: resource.TestStep{
					ResourceName: entryAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
				}}, sent(foreign)),
			)
		})
	}
}

// An existing entry is adopted without a change, in any spelling of the import and the configuration.
func TestAccAllowedIPAdoption(t *testing.T) {
	t.Parallel()
	account := withStream(t, "2001:DB8::1; "+foreign)
	test(t, account, finally(planned(apply(entry("2001:db8::1")+`import {
		to = commpeak_allowed_ip.test
		id = "101/2001:DB8:0::1/128"
	}`), entryAddress, plancheck.ResourceActionNoop), sent(foreign)))
}

func TestAccAllowedIPImportMistakes(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign)
	account.Tolerate(http.StatusNotFound)
	wrong := func(address, id, message string) acctest.Step {
		return acctest.Step{TestStep: resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(message)}}
	}
	both := entry("203.0.113.7") + strings.Replace(list(`"203.0.113.7"`), "101", "102", 1)
	account.AddStream(mockserver.Stream{Name: "Other"})
	acctest.TestKeeping(t, account, []string{"Orders", "Other"},
		apply(both, patch, patch),
		wrong(entryAddress, "101", `(?s)neither.*for\s+example\s+42/203.0.113.7`),
		wrong(entryAddress, "101/203.0.113.8", `(?i)non-existent`),
		wrong(listAddress, "4711", `(?i)non-existent`),
		finally(apply(both), patch),
	)
}

func TestAccAllowedIPUnknownValues(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	config := func(last int) string {
		return fmt.Sprintf(`resource "terraform_data" "source" {
			input            = "203.0.113.%d"
			triggers_replace = %[1]d
		}
		resource "commpeak_stream" "one" {
			name = "One"
			type = "marketing"
		}
		resource "commpeak_stream" "all" {
			name = "All"
			type = "marketing"
		}
		resource "commpeak_allowed_ip" "test" {
			stream_id = commpeak_stream.one.id
			ip        = terraform_data.source.output
		}
		resource "commpeak_allowed_ips" "test" {
			stream_id = commpeak_stream.all.id
			ips       = [terraform_data.source.output, "192.0.2.1"]
		}`, last)
	}
	acctest.Test(t, account,
		apply(config(7), "POST /streams", "POST /streams", sent("203.0.113.7"), sent("192.0.2.1, 203.0.113.7")),
		finally(apply(config(8), sent("203.0.113.8"), sent("192.0.2.1, 203.0.113.8"))),
	)
}

// What is found wrong only once it is known is an error then.
func TestAccAllowedIPUnknownMistake(t *testing.T) {
	t.Parallel()
	test(t, withStream(t, foreign), fails(`resource "terraform_data" "source" { input = "203.0.113.7/24" }
		resource "commpeak_allowed_ip" "test" {
			stream_id = "101"
			ip        = terraform_data.source.output
		}`, `(?s)write\s+203.0.113.0/24`))
}

func TestAccAllowedIPIdentityIsKept(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Identity)
	named := func(step acctest.Step, address string, names ...string) acctest.Step {
		for _, name := range names {
			step.ConfigStateChecks = append(step.ConfigStateChecks, statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New(name)))
		}
		return step
	}
	test(t, withStream(t, ""),
		named(apply(entry("203.0.113.7/32"), patch), entryAddress, "stream_id", "ip"),
		finally(named(apply(entry("203.0.113.7")), entryAddress, "stream_id", "ip")),
	)
	test(t, withStream(t, ""),
		named(apply(list(`"203.0.113.7"`), patch), listAddress, "stream_id"),
		finally(named(apply(list(`"203.0.113.8"`), patch), listAddress, "stream_id")),
	)
}

func TestAccAllowedIPs(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign+" 192.0.2.0/24")
	test(t, account,
		planned(apply(list(`"203.0.113.7", "2001:DB8::/32"`), sent("2001:db8::/32, 203.0.113.7")), listAddress, plancheck.ResourceActionCreate),
		planned(apply(list(`"203.0.113.8/32", "2001:db8::/32"`), sent("2001:db8::/32, 203.0.113.8")), listAddress, plancheck.ResourceActionUpdate),
		planned(apply(list(``), sent("")), listAddress, plancheck.ResourceActionUpdate),
		finally(planned(apply(list(`"203.0.113.9"`), sent("203.0.113.9")), listAddress, plancheck.ResourceActionUpdate)),
	)
	left(t, account, "203.0.113.9/32") // The list stays in force without its resource.
}

func TestAccAllowedIPsOfAnotherStream(t *testing.T) {
	t.Parallel()
	account := withStream(t, "")
	other := account.AddStream(mockserver.Stream{Name: "Other"})
	acctest.TestKeeping(t, account, []string{"Orders", "Other"},
		apply(list(`"203.0.113.8"`), sent("203.0.113.8")),
		finally(planned(apply(strings.Replace(list(`"203.0.113.8"`), "101", fmt.Sprint(other.ID), 1), sent("203.0.113.8")),
			listAddress, plancheck.ResourceActionReplace)))
}

func TestAccAllowedIPsDrift(t *testing.T) {
	t.Parallel()
	account := withStream(t, "")
	repaired := func(writes, edit string) acctest.Step {
		return planned(before(apply(list(`"203.0.113.7", "192.0.2.1/32"`), writes), editList(account, edit)), listAddress, plancheck.ResourceActionUpdate)
	}
	const want = "192.0.2.1, 203.0.113.7"
	test(t, account,
		apply(list(`"203.0.113.7", "192.0.2.1/32"`), sent(want)),
		repaired(sent(want), "203.0.113.7, 192.0.2.1, 198.51.100.1"),
		repaired(sent(want), "203.0.113.7"),
		repaired(sent(want), ""),
		repaired(sent(want), "office"),
		finally(planned(before(apply(list(`"203.0.113.7", "192.0.2.1/32"`)), editList(account, "192.0.2.1 203.0.113.7/32")),
			listAddress, plancheck.ResourceActionNoop)),
	)
}

func TestAccAllowedIPsImport(t *testing.T) {
	t.Parallel()
	for name, ips := range map[string]string{"some": `"203.0.113.7", "2001:db8::/32"`, "none": ``} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := []acctest.Step{
				apply(list(ips), patch),
				{TestStep: resource.TestStep{
					ResourceName: listAddress, ImportState: true, ImportStateId: "101",
					ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "stream_id",
				}},
				{TestStep: resource.TestStep{
					ResourceName: listAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "101",
				}},
				finally(apply(list(ips))),
			}
			test(t, withStream(t, ""), steps...)
		})
	}
}

func TestAccAllowedIPsImportByIdentity(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.IdentityImport)
	test(t, withStream(t, ""),
		apply(list(`"203.0.113.7"`), patch),
		finally(acctest.Step{TestStep: resource.TestStep{
			ResourceName: listAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
		}}),
	)
}

// many is a configuration of n entries of the one stream.
func many(n int) string {
	return fmt.Sprintf(`resource "commpeak_allowed_ip" "test" {
		count     = %d
		stream_id = "101"
		ip        = "203.0.113.${count.index + 1}"
	}`, n)
}

func ours(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("203.0.113.%d/32", i+1))
	}
	return list
}

// count is how many requests of a pattern were made since the mark.
func count(account *acctest.Account, pattern string, mark int) int {
	n := 0
	for _, request := range account.Requests()[mark:] {
		if request.Pattern == pattern {
			n++
		}
	}
	return n
}

// Fifty entries are added to a list with a foreign entry, and removed, in few PATCHes.
func TestAccAllowedIPMany(t *testing.T) {
	t.Parallel()
	const entries = 50
	account := withStream(t, foreign)
	few := func(what string, mark int) error {
		writes, reads := count(account, patch, mark), count(account, "GET /streams/{id}", mark)
		t.Logf("%s of %d entries: %d PATCHes, %d reads", what, entries, writes, reads)
		if writes > entries/3 {
			return fmt.Errorf("%s of %d entries took %d PATCHes", what, entries, writes)
		}
		return nil
	}
	create := acctest.Step{AnyWrites: true, TestStep: resource.TestStep{
		Config: many(entries),
		Check: func(*terraform.State) error {
			if got, want := account.AllowedIPs(streamID), slices.Sorted(slices.Values(append(ours(entries), foreign+"/32"))); !slices.Equal(got, want) {
				return fmt.Errorf("the list holds %d entries: %q", len(got), got)
			}
			return few("creation", 0)
		},
	}}
	mark := 0
	remove := acctest.Step{AnyWrites: true, TestStep: resource.TestStep{
		PreConfig: func() { mark = len(account.Requests()) },
		Config:    "locals {}",
		Check:     func(*terraform.State) error { return few("removal", mark) },
	}}
	test(t, account, create, remove)
	left(t, account, foreign+"/32")
}

// secondWriter is another program that changes the list while Terraform does.
type secondWriter struct {
	account *acctest.Account
	until   atomic.Bool

	mu    sync.Mutex
	added int
	// read is the list as it was before the last write. wrote are its entries; seen those of
	// them that Terraform then read.
	read        string
	wrote, seen map[string]bool
	overwrites  int
}

// watch is called with each finished request.
func (w *secondWriter) watch(request mockserver.Request) {
	if w.until.Load() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch request.Pattern {
	case "GET /streams/{id}":
		w.account.EditStream(streamID, func(s *mockserver.Stream) { w.read = s.IPACL })
		for _, entry := range w.account.AllowedIPs(streamID) {
			if w.wrote[entry] {
				w.seen[entry] = true
			}
		}
		if w.added%2 == 0 {
			w.add() // It comes too late to be read before the next write.
		}
	case patch:
		w.add()
		// It had read the list before this write, which it undoes.
		if w.added%3 == 0 {
			w.overwrites++
			w.account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL = w.read })
		}
	}
}

func (w *secondWriter) add() {
	w.added++
	entry := fmt.Sprintf("192.0.2.%d", w.added)
	w.wrote[entry+"/32"] = true
	w.account.EditStream(streamID, func(s *mockserver.Stream) { s.IPACL = strings.TrimPrefix(s.IPACL+", "+entry, ", ") })
}

// The same while another program keeps changing the list: all that is ours is
// there in the end, and all of theirs that was there at a read. What it removes later is not
// added again.
func TestAccAllowedIPManyBesideAnotherWriter(t *testing.T) {
	t.Parallel()
	const entries = 50
	other := &secondWriter{wrote: map[string]bool{}, seen: map[string]bool{}}
	account := withStream(t, foreign, func(o *mockserver.Options) { o.OnRequest = other.watch })
	other.account = account
	create := acctest.Step{AnyWrites: true, TestStep: resource.TestStep{
		Config: many(entries),
		Check: func(*terraform.State) error {
			other.until.Store(true)
			t.Logf("%d PATCHes; another writer added %d entries and overwrote the list %d times", account.Count(patch), other.added, other.overwrites)
			list := account.AllowedIPs(streamID)
			for _, entry := range append(ours(entries), foreign+"/32") {
				if !slices.Contains(list, entry) {
					return fmt.Errorf("%s is missing", entry)
				}
			}
			for entry := range other.seen {
				if !slices.Contains(list, entry) {
					return fmt.Errorf("%s of another writer was read, and then lost", entry)
				}
			}
			if other.overwrites == 0 || len(other.seen) == 0 {
				return fmt.Errorf("nothing was overwritten (%d), or nothing seen (%d)", other.overwrites, len(other.seen))
			}
			if got := account.Count(patch); got > entries/3 {
				return fmt.Errorf("%d PATCHes", got)
			}
			return nil
		},
	}}
	test(t, account, create)
}

// A send from an address that is not on the list is refused, and passes once
// Terraform has put it there.
func TestAccAllowedIPLetsSend(t *testing.T) {
	t.Parallel()
	account := withStream(t, foreign, func(o *mockserver.Options) { o.TrustClientIP = true })
	account.Tolerate(http.StatusForbidden)
	status := func(from string) int {
		body := []byte(`{"sender": "GLOBAL", "messages": [{"recipient_phone": "15550100", "message_content": "Hello"}]}`)
		request, err := http.NewRequest(http.MethodPost, account.MessagingEndpoint+"/simple_send/", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", account.Token(streamID))
		request.Header.Set("X-Mock-Client-Ip", from)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	demand := func(from string, want int) error {
		if got := status(from); got != want {
			return fmt.Errorf("a send from %s is answered %d, not %d", from, got, want)
		}
		return nil
	}
	if err := demand("203.0.113.77", http.StatusForbidden); err != nil {
		t.Error(err)
	}
	allowed := acctest.Step{AnyWrites: true, TestStep: resource.TestStep{Config: entry("203.0.113.0/24"), Check: resource.ComposeTestCheckFunc(
		func(*terraform.State) error { return demand("203.0.113.77", http.StatusOK) },
		func(*terraform.State) error { return demand(foreign, http.StatusOK) },
		func(*terraform.State) error { return demand("192.0.2.1", http.StatusForbidden) },
	)}}
	test(t, account, allowed)
	if t.Skipped() {
		return
	}
	if err := demand("203.0.113.77", http.StatusForbidden); err != nil {
		t.Error(err)
	}
}

func TestAccAllowedIPsDataSource(t *testing.T) {
	t.Parallel()
	account := withStream(t, "")
	step := apply(list(`"203.0.113.7/32"`)+`data "commpeak_allowed_ips" "test" {
		stream_id = commpeak_allowed_ips.test.stream_id
	}`, patch)
	step.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownValue("data.commpeak_allowed_ips.test", tfjsonpath.New("ips"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("203.0.113.7")})),
		statecheck.ExpectKnownValue("data.commpeak_allowed_ips.test", tfjsonpath.New("restricted"), knownvalue.Bool(false)),
		statecheck.ExpectKnownValue("data.commpeak_allowed_ips.test", tfjsonpath.New("open_to_everyone"), knownvalue.Bool(false)),
	}
	test(t, account, finally(step))
}
