package eventtemplate_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	address = "commpeak_event_template.test"
	// streamName is of the stream that is there before the configuration.
	streamName = "Orders"
)

// newAccount is an account with a transactional stream.
func newAccount(t *testing.T) (*acctest.Account, mockserver.Stream) {
	t.Helper()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: streamName, Type: mockserver.Transactional})
	return account, stream
}

// test runs the steps against an account whose stream survives.
func test(t *testing.T, account *acctest.Account, steps ...acctest.Step) {
	t.Helper()
	acctest.TestKeeping(t, account, []string{streamName}, steps...)
}

// config is an event template of the stream with these attributes.
func config(stream mockserver.Stream, attributes ...string) string {
	return fmt.Sprintf("resource \"commpeak_event_template\" \"test\" {\nstream_id = %q\n%s\n}\n",
		strconv.Itoa(stream.ID), strings.Join(attributes, "\n"))
}

const shipped = `name = "Shipped"
	key = "shipped"
	template = "Order {order}: {count} parcels, {order}"`

const (
	create = `POST /streams/{id}/events`
	update = `PATCH /streams/{id}/events/{eventId}`
	remove = `DELETE /streams/{id}/events/{eventId}`
)

func apply(config string, writes ...string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: config}, Writes: writes}
}

// planned demands what the plan does with the event template.
func planned(step acctest.Step, action plancheck.ResourceActionType) acctest.Step {
	step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, plancheck.ExpectResourceAction(address, action))
	return step
}

// shows demands what is known of the template in the plan, and in the state.
func shows(step acctest.Step, encoding string, segments int64, variables ...string) acctest.Step {
	names := []knownvalue.Check{}
	for _, variable := range variables {
		names = append(names, knownvalue.StringExact(variable))
	}
	for name, want := range map[string]knownvalue.Check{
		"encoding":  knownvalue.StringExact(encoding),
		"segments":  knownvalue.Int64Exact(segments),
		"variables": knownvalue.ListExact(names),
	} {
		at := tfjsonpath.New(name)
		step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, plancheck.ExpectKnownValue(address, at, want))
		step.ConfigStateChecks = append(step.ConfigStateChecks, statecheck.ExpectKnownValue(address, at, want))
	}
	return step
}

// only is the one event of the stream.
func only(account *acctest.Account, stream mockserver.Stream) mockserver.Event {
	events := account.Events(stream.ID)
	if len(events) != 1 {
		panic(fmt.Sprintf("%d events, not one", len(events)))
	}
	return events[0]
}

func edit(account *acctest.Account, stream mockserver.Stream, change func(*mockserver.Event)) func() {
	return func() { account.EditEvent(stream.ID, only(account, stream).ID, change) }
}

// With its stream in one configuration, on both types of streams.
func TestAccEventTemplateWithItsStream(t *testing.T) {
	t.Parallel()
	for kind, settings := range map[string]string{"transactional": "", "otp": "otp = {}"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			step := apply(fmt.Sprintf(`resource "commpeak_stream" "test" {
					name = "Orders"
					type = %q
					%s
				}
				resource "commpeak_event_template" "test" {
					stream_id = commpeak_stream.test.id
					%s
				}`, kind, settings, shipped),
				"POST /streams", create+` {"name":"Shipped","key":"shipped","template":"Order {order}: {count} parcels, {order}"}`)
			acctest.Test(t, acctest.NewAccount(t), shows(planned(step, plancheck.ResourceActionCreate), "gsm7", 1, "order", "count"))
		})
	}
}

// Each attribute is changed in place by one PATCH with what changed and nothing
// else, and drift of it is found and repaired.
func TestAccEventTemplateEachAttribute(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		base, from, to, patch string
		drift                 func(*mockserver.Event)
	}{
		"name": {
			"key = \"a\"\ntemplate = \"x\"", `name = "Old"`, `name = "New"`, `{"name":"New"}`,
			func(e *mockserver.Event) { e.Name = "Else" },
		},
		"template": {
			"key = \"a\"\nname = \"A\"", `template = "Old {a}"`, `template = "New {b}"`, `{"template":"New {b}"}`,
			func(e *mockserver.Event) { e.Template = "Else {c} я" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, stream := newAccount(t)
			repair := planned(apply(config(stream, c.base, c.to), update+" "+c.patch), plancheck.ResourceActionUpdate)
			repair.PreConfig = edit(account, stream, c.drift)
			test(t, account,
				apply(config(stream, c.base, c.from), create),
				planned(apply(config(stream, c.base, c.to), update+" "+c.patch), plancheck.ResourceActionUpdate),
				repair,
			)
		})
	}
}

// What follows from the template shows in the plan: on creation, on change, and
// after drift.
func TestAccEventTemplateShowsWhatFollows(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	template := func(text string) string {
		return config(stream, "name = \"A\"\nkey = \"a\"", "template = "+text)
	}
	repaired := shows(planned(apply(template(`"Код {code}"`), update), plancheck.ResourceActionUpdate), "ucs2", 1, "code")
	repaired.PreConfig = edit(account, stream, func(e *mockserver.Event) { e.Template = strings.Repeat("я", 71) })
	// Drift in a name says nothing of the template.
	renamed := shows(planned(apply(template(`"Код {code}"`), update), plancheck.ResourceActionUpdate), "ucs2", 1, "code")
	renamed.PreConfig = edit(account, stream, func(e *mockserver.Event) { e.Name = "Else" })
	test(t, account,
		shows(apply(template(`"Your code is {code}"`), create), "gsm7", 1, "code"),
		shows(apply(template(`join("", [for i in range(160) : "a"])`), update), "gsm7", 1),
		shows(apply(template(`join("", [for i in range(161) : "a"])`), update), "gsm7", 2),
		shows(apply(template(`join("", [for i in range(81) : "{"])`), update), "gsm7", 2),
		shows(apply(template(`join("", [for i in range(71) : "я"])`), update), "ucs2", 2),
		shows(apply(template(`"Код {code}"`), update), "ucs2", 1, "code"),
		repaired,
		renamed,
	)
}

func TestAccEventTemplateReplacement(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	other := account.AddStream(mockserver.Stream{Name: "Login", Type: mockserver.OTP})
	rekeyed := strings.Replace(shipped, `"shipped"`, `"sent"`, 1)
	acctest.TestKeeping(t, account, []string{streamName, "Login"},
		apply(config(stream, shipped), create),
		shows(planned(apply(config(stream, rekeyed), remove, create), plancheck.ResourceActionReplace), "gsm7", 1, "order", "count"),
		planned(apply(config(other, rekeyed), remove, create), plancheck.ResourceActionReplace),
		planned(apply(config(stream, rekeyed, "lifecycle {\ncreate_before_destroy = true\n}"), create, remove), plancheck.ResourceActionReplace),
	)
}

// A replacement that keeps stream and key does not stumble over itself.
func TestAccEventTemplateReplacedByItself(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	triggered := func(value string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"trigger\" {\ninput = %q\n}\n", value) +
			config(stream, shipped, "lifecycle {\nreplace_triggered_by = [terraform_data.trigger]\n}")
	}
	tainted := planned(apply(triggered("two"), remove, create), plancheck.ResourceActionReplace)
	tainted.Taint = []string{address}
	test(t, account,
		apply(triggered("one"), create),
		planned(apply(triggered("two"), remove, create), plancheck.ResourceActionReplace),
		tainted,
	)
}

func TestAccEventTemplateKeyDrift(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	repair := planned(apply(config(stream, shipped), remove, create), plancheck.ResourceActionReplace)
	repair.PreConfig = edit(account, stream, func(e *mockserver.Event) { e.Key = "else" })
	test(t, account, apply(config(stream, shipped), create), repair)
}

func TestAccEventTemplateDeletedOutside(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	account.Tolerate(http.StatusNotFound)
	again := planned(apply(config(stream, shipped), create), plancheck.ResourceActionCreate)
	again.PreConfig = func() { account.RemoveEvent(stream.ID, only(account, stream).ID) }
	test(t, account, apply(config(stream, shipped), create), again)
}

// The stream is deleted outside, and its events with it: both are made again.
func TestAccEventTemplateStreamDeletedOutside(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	both := `resource "commpeak_stream" "test" {
			name = "Orders"
			type = "transactional"
		}
		resource "commpeak_event_template" "test" {
			stream_id = commpeak_stream.test.id
			` + shipped + `
		}`
	again := planned(apply(both, "POST /streams", create), plancheck.ResourceActionCreate)
	again.PreConfig = func() { account.RemoveStream(account.Streams()[0].ID) }
	acctest.Test(t, account, apply(both, "POST /streams", create), again)
}

// A deletion whose answer is lost is repeated, and finds it done.
func TestAccEventTemplateDeletedTwice(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	account.Tolerate(http.StatusNotFound)
	account.Inject(mockserver.Fault{Pattern: remove, Stage: mockserver.After, Drop: true})
	test(t, account, apply(config(stream, shipped), create))
	if got := account.Count(remove); got != 2 {
		t.Errorf("%d deletes were sent, not the lost one and its retry", got)
	}
}

func TestAccEventTemplateImport(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	imports := func(event func() string, kind resource.ImportStateKind) acctest.Step {
		return acctest.Step{TestStep: resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateKind: kind, ImportStateVerify: kind == resource.ImportCommandWithID,
			ImportStateIdFunc: func(*terraform.State) (string, error) { return fmt.Sprintf("%d/%s", stream.ID, event()), nil },
		}}
	}
	key := func() string { return "shipped" }
	id := func() string { return strconv.Itoa(only(account, stream).ID) }
	test(t, account,
		apply(config(stream, shipped), create),
		imports(key, resource.ImportCommandWithID),
		imports(id, resource.ImportCommandWithID),
		imports(key, resource.ImportBlockWithID),
		imports(id, resource.ImportBlockWithID),
	)
}

func TestAccEventTemplateImportByIdentity(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.IdentityImport)
	account, stream := newAccount(t)
	test(t, account,
		apply(config(stream, shipped), create),
		acctest.Step{TestStep: resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
		}},
	)
}

// What is nothing but digits is an id, even where it is a key, too.
func TestAccEventTemplateImportOfNumbers(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	first, _ := account.AddEvent(stream.ID, mockserver.Event{Name: "First", Key: "first", Template: "1"})
	second, _ := account.AddEvent(stream.ID, mockserver.Event{Name: "Second", Key: strconv.Itoa(first.ID), Template: "2"})
	adopt := func(resource string, event mockserver.Event, with string) string {
		return fmt.Sprintf(`resource "commpeak_event_template" %q {
				stream_id = "%d"
				name      = %q
				key       = %q
				template  = %q
			}
			import {
				to = commpeak_event_template.%s
				id = "%d/%s"
			}
			`, resource, stream.ID, event.Name, event.Key, event.Template, resource, stream.ID, with)
	}
	step := apply(adopt("test", first, strconv.Itoa(first.ID)) + adopt("second", second, strconv.Itoa(second.ID)))
	test(t, account, planned(step, plancheck.ResourceActionNoop))
}

func TestAccEventTemplateImportMistakes(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	account.Tolerate(http.StatusNotFound)
	fails := func(id, message string) acctest.Step {
		return acctest.Step{TestStep: resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: strings.ReplaceAll(id, "STREAM", strconv.Itoa(stream.ID)),
			ExpectError: regexp.MustCompile("(?s)" + strings.ReplaceAll(message, " ", `\s+`)),
		}}
	}
	test(t, account,
		apply(config(stream, shipped), create),
		fails("shipped", "not the ID of a stream, a slash"),
		fails("STREAM/4711", "(?i)non-existent"),
	)
}

func TestAccEventTemplateIdentityIsKept(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Identity)
	account, stream := newAccount(t)
	named := func(step acctest.Step) acctest.Step {
		step.ConfigStateChecks = append(step.ConfigStateChecks,
			statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
			statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("stream_id")))
		return step
	}
	test(t, account,
		named(apply(config(stream, shipped), create)),
		named(apply(config(stream, strings.Replace(shipped, "parcels", "boxes", 1)), update)),
	)
}

// Values that come from another resource are unknown while planning, and so is
// what follows from the template.
func TestAccEventTemplateUnknownValues(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	step := func(value, write string) acctest.Step {
		step := apply(fmt.Sprintf("resource \"terraform_data\" \"source\" {\ninput = %q\ntriggers_replace = %q\n}\n", value, value)+
			config(stream, `name = terraform_data.source.output
				key = "a"
				template = "{${terraform_data.source.output}}"`), write)
		for _, name := range []string{"variables", "encoding", "segments"} {
			step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, plancheck.ExpectUnknownValue(address, tfjsonpath.New(name)))
		}
		step.ConfigStateChecks = []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("variables"), knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(value)})),
		}
		return step
	}
	test(t, account, step("one", create), step("two", update))
}

func TestAccEventTemplateUnknownKey(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	keyed := func(key string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"source\" {\ninput = %q\n}\n", key) +
			config(stream, "name = \"A\"\ntemplate = \"x\"\nkey = terraform_data.source.output")
	}
	test(t, account,
		acctest.Step{TestStep: resource.TestStep{Config: keyed("No Key"), ExpectError: regexp.MustCompile(`lowercase\s+letters`)}},
		apply(keyed("a"), create),
	)
}

// A create whose answer is lost ends with one event, whether the API had
// acted on it or not.
func TestAccEventTemplateLostCreate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stage  mockserver.Stage
		writes []string
	}{
		"before the API acted": {mockserver.Before, []string{create, create}},
		"after the API acted":  {mockserver.After, []string{create}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, stream := newAccount(t)
			account.Inject(mockserver.Fault{Pattern: create, Stage: c.stage, Drop: true})
			test(t, account, apply(config(stream, shipped), c.writes...))
		})
	}
}

func TestAccEventTemplateMany(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	writes := make([]string, 120)
	for i := range writes {
		writes[i] = create
	}
	many := fmt.Sprintf(`resource "commpeak_event_template" "test" {
		count     = 120
		stream_id = "%d"
		name      = "Event ${count.index}"
		key       = "event_${count.index}"
		template  = "Text {a}"
	}`, stream.ID)
	const list, streams = "GET /streams/{id}/events", "GET /streams"
	last := 0
	quiet := apply(many)
	quiet.PreConfig = func() { last = len(account.Requests()) }
	test(t, account, apply(many, writes...), quiet)
	requests := account.Requests()
	created := slices.IndexFunc(requests, func(r mockserver.Request) bool { return r.Pattern == create })
	// Plans look at the stream once in each run that creates, and not at all in
	// one that changes nothing.
	if got := count(requests[:created+len(writes)], list); got > 2*2 {
		t.Errorf("the events were listed %d times", got)
	}
	for _, request := range requests[last:] {
		if request.Method == http.MethodGet && request.Pattern != list && request.Pattern != streams {
			t.Errorf("a refresh of what is unchanged asks %s", request.Pattern)
		}
	}
	// Each run checks the account, with one page of streams.
	if got := count(requests[last:], streams); got > 8 {
		t.Errorf("the streams were listed %d times", got)
	}
	// Each run refreshes, with two pages.
	if got := count(requests[last:], list); got > 2*8 {
		t.Errorf("refreshes took %d requests", got)
	}
}

// count is how many of the requests are of the pattern.
func count(requests []mockserver.Request, pattern string) int {
	n := 0
	for _, request := range requests {
		if request.Pattern == pattern {
			n++
		}
	}
	return n
}

// The plan, not the apply, finds what the API would refuse.
func TestAccEventTemplatePlanChecks(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	orders := account.AddStream(mockserver.Stream{Name: streamName, Type: mockserver.Transactional})
	news := account.AddStream(mockserver.Stream{Name: "News", Type: mockserver.Marketing})
	account.AddEvent(orders.ID, mockserver.Event{Name: "By hand", Key: "shipped", Template: "x"})
	fails := func(config, message string) acctest.Step {
		return acctest.Step{TestStep: resource.TestStep{
			Config: config, PlanOnly: true, ExpectError: regexp.MustCompile("(?s)" + strings.ReplaceAll(message, " ", `\s+`)),
		}}
	}
	account.Tolerate(http.StatusUnprocessableEntity)
	acctest.TestKeeping(t, account, []string{streamName, "News"},
		acctest.Step{TestStep: resource.TestStep{Config: config(news, shipped), ExpectError: regexp.MustCompile(`HTTP 422`)}},
		fails(config(mockserver.Stream{ID: 4711}, shipped), `No such stream.*ID 4711`),
	)
}
