package eventtemplate_test

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const resourceType = "commpeak_event_template"

// newEvent starts an account with a transactional stream, and an event template
// that does not exist yet.
func newEvent(t *testing.T, options ...func(*mockserver.Options)) (*acctest.Account, mockserver.Stream, *acctest.Resource) {
	t.Helper()
	account := acctest.NewAccount(t, options...)
	stream := account.AddStream(mockserver.Stream{Name: streamName, Type: mockserver.Transactional})
	return account, stream, acctest.NewProtocol(t, account, nil).Resource(resourceType)
}

// values is an event template of the stream, with changes.
func values(stream mockserver.Stream, changes acctest.Values) acctest.Values {
	config := acctest.Values{"stream_id": strconv.Itoa(stream.ID), "name": "Shipped", "key": "shipped", "template": "Order {id}"}
	maps.Copy(config, changes)
	return config
}

func TestEventTemplateValidation(t *testing.T) {
	t.Parallel()
	_, stream, event := newEvent(t)
	for name, test := range map[string]struct {
		attribute string
		value     any
		words     []string
	}{
		"blank stream":       {"stream_id", " ", []string{"blank"}},
		"blank name":         {"name", " ", []string{"blank"}},
		"long name":          {"name", strings.Repeat("é", 256), []string{"255"}},
		"empty key":          {"key", "", []string{"1 to 64 lowercase letters"}},
		"capital in key":     {"key", "Shipped", []string{"1 to 64 lowercase letters"}},
		"dash in key":        {"key", "order-shipped", []string{"1 to 64 lowercase letters"}},
		"line break in key":  {"key", "shipped\n", []string{"1 to 64 lowercase letters"}},
		"letters beyond a-z": {"key", "größe", []string{"1 to 64 lowercase letters"}},
		"long key":           {"key", strings.Repeat("a", 65), []string{"1 to 64 lowercase letters"}},
		"empty template":     {"template", "", []string{"between 1 and 1600"}},
		"long template":      {"template", strings.Repeat("é", 1601), []string{"between 1 and 1600"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diagnostics := event.Validate(values(stream, acctest.Values{test.attribute: test.value}))
			acctest.Expect(t, diagnostics, append(test.words, "at "+test.attribute+": ")...)
		})
	}
	for _, id := range []string{"orders", "/streams/7", "007"} {
		acctest.Expect(t, event.Plan(values(stream, acctest.Values{"stream_id": id})).Diagnostics, "at stream_id: ", fmt.Sprintf("%q", id), "whole number")
	}
	for name, config := range map[string]acctest.Values{
		"longest":        values(stream, acctest.Values{"name": strings.Repeat("é", 255), "key": strings.Repeat("a", 64), "template": strings.Repeat("😀", 1600)}),
		"shortest":       values(stream, acctest.Values{"name": "A", "key": "_", "template": "x"}),
		"key of digits":  values(stream, acctest.Values{"key": "007"}),
		"unknown values": {"stream_id": acctest.Unknown, "name": acctest.Unknown, "key": acctest.Unknown, "template": acctest.Unknown},
	} {
		t.Run("valid: "+name, func(t *testing.T) {
			t.Parallel()
			acctest.ExpectNone(t, event.Validate(config))
		})
	}
}

// Everything that validates is accepted.
func TestEventTemplateImportIDs(t *testing.T) {
	t.Parallel()
	const form = "not the ID of a stream, a slash"
	for id, words := range map[string][]string{
		"shipped": {form}, "STREAM": {form}, "STREAM/": {form}, "STREAM/Shipped": {form}, "STREAM/shipped/1": {form}, "orders/shipped": {form},
		"STREAM/lost":  {`no event with the key "lost"`},
		"4711/shipped": {`Could not look for the event "shipped" of stream 4711`, "HTTP 404"},
	} {
		account, stream, event := newEvent(t)
		account.Tolerate(http.StatusNotFound)
		acctest.ExpectImportError(t, event, strings.ReplaceAll(id, "STREAM", strconv.Itoa(stream.ID)), words...)
	}
	account, stream, event := newEvent(t)
	account.Tolerate(http.StatusNotFound)
	acctest.ExpectNoImport(t, event, strconv.Itoa(stream.ID)+"/4711")
}

func TestEventTemplateLimitsAreTheServices(t *testing.T) {
	t.Parallel()
	_, stream, event := newEvent(t)
	event.Must(values(stream, acctest.Values{"name": strings.Repeat("é", 255), "key": strings.Repeat("a", 64), "template": strings.Repeat("😀", 1600)}))
	if got := event.Attribute("encoding"); got != "ucs2" {
		t.Errorf("the encoding is %q", got)
	}
	event.Must(values(stream, acctest.Values{"name": "A", "key": strings.Repeat("a", 64), "template": " "}))
}

func TestEventTemplateIdentityAlwaysSet(t *testing.T) {
	t.Parallel()
	account, stream, event := newEvent(t)
	identified := func(when string) {
		t.Helper()
		if event.Identity == nil || event.Identity.IdentityData == nil {
			t.Fatalf("no identity after %s", when)
		}
		event.Identity = nil // as in a state from before identities
	}
	event.Must(values(stream, nil))
	identified("create")
	acctest.ExpectNone(t, event.Read())
	identified("read")
	event.Must(values(stream, acctest.Values{"name": "B"}))
	identified("update")
	account.RemoveEvent(stream.ID, only(account, stream).ID)
	account.Tolerate(http.StatusNotFound)
	acctest.Expect(t, event.Read(), "no longer exists", "101")
	identified("a read that finds nothing")
	if !event.State.IsNull() {
		t.Error("an event that is gone is still in the state")
	}
}

func TestEventTemplateGoneWithItsStream(t *testing.T) {
	t.Parallel()
	account, stream, event := newEvent(t)
	event.Must(values(stream, nil))
	state := event.State
	account.RemoveStream(stream.ID)
	account.Tolerate(http.StatusNotFound)
	acctest.Expect(t, event.Read(), "no longer exists", "101")
	if !event.State.IsNull() {
		t.Error("an event whose stream is gone is still in the state")
	}
	event.State = state // as for a destruction that does not refresh
	acctest.ExpectNone(t, event.Apply(event.Plan(nil)))
}

// How the API spells IDs must not matter.
func TestEventTemplateSpellingPlansNothing(t *testing.T) {
	t.Parallel()
	for _, spelling := range []mockserver.Spelling{{StringIDs: true}, {Case: mockserver.Upper}, {Case: mockserver.Title, StringIDs: true}} {
		_, stream, event := newEvent(t, acctest.Spelled(spelling))
		event.Must(values(stream, nil))
		acctest.ExpectNone(t, event.Read())
		plan := event.Plan(values(stream, nil))
		acctest.ExpectNone(t, plan.Diagnostics)
		if len(plan.Replaces) > 0 || !plan.Planned.Equal(event.State) {
			t.Errorf("%+v plans a change: %s", spelling, plan.Planned)
		}
	}
}

// If the API stores a different value, a warning names it, and the next plan shows it as drift.
func TestEventTemplateStoredOtherwise(t *testing.T) {
	t.Parallel()
	account, stream, event := newEvent(t)
	otherwise := func(pattern string, status int) {
		account.Inject(mockserver.Fault{
			Pattern: pattern, Stage: mockserver.After, Status: status, Header: map[string]string{"Content-Type": "application/json"},
			Body: `{"id":101,"name":"Shipped","key":"shipped","template":"cut {x}"}`,
		})
	}
	for _, step := range []struct {
		pattern  string
		status   int
		template string
	}{{create, 201, "cut off {id}"}, {update, 200, "cut again {no}"}} {
		otherwise(step.pattern, step.status)
		diagnostics := event.Apply(event.Plan(values(stream, acctest.Values{"template": step.template})))
		acctest.Expect(t, diagnostics, "at template: ", "differs from the configuration")
		acctest.ExpectNone(t, acctest.Errors(diagnostics))
		if got := event.Attribute("template"); got != step.template {
			t.Errorf("the state says %q, which Terraform would call inconsistent", got)
		}
	}
}

func TestEventTemplateReadOnlyWarning(t *testing.T) {
	t.Parallel()
	account, stream, _ := newEvent(t)
	event := acctest.NewProtocol(t, account, acctest.Values{"read_only": true}).Resource(resourceType)
	plan := event.Plan(values(stream, nil))
	acctest.Expect(t, plan.Diagnostics, "cannot be applied", "read_only")
	acctest.Expect(t, event.Apply(plan), "Could not create the event template \"shipped\" of stream "+strconv.Itoa(stream.ID), "read_only")
}

// What the API refuses lands on its attribute.
func TestEventTemplateRefusals(t *testing.T) {
	t.Parallel()
	account, stream, event := newEvent(t)
	for field, attribute := range map[string]string{"name": "name", "key": "key", "template": "template"} {
		account.Inject(mockserver.Fault{
			Pattern: create, Status: 422,
			Body: `{"title":"Invalid","violations":[{"propertyPath":"` + field + `","message":"not this one"}]}`,
		})
		acctest.Expect(t, event.Apply(event.Plan(values(stream, nil))), "at "+attribute+": ", "ot this one", "Request ID: ")
	}
}

func TestEventTemplateWritesNotOffered(t *testing.T) {
	t.Parallel()
	for _, policy := range []mockserver.WritePolicy{mockserver.WritesNotAllowed, mockserver.WritesNotFound} {
		account, stream, event := newEvent(t, func(o *mockserver.Options) { o.Writes = policy })
		account.Tolerate(http.StatusNotFound)
		account.Tolerate(http.StatusMethodNotAllowed)
		acctest.Expect(t, event.Apply(event.Plan(values(stream, nil))), "This account cannot create the event template", "account does not offer it")
		made, _ := account.AddEvent(stream.ID, mockserver.Event{Name: "Shipped", Key: "shipped", Template: "x"})
		event = importedEvent(t, account, stream, made)
		acctest.Expect(t, event.Apply(event.Plan(values(stream, nil))), "This account cannot change the event template", "account does not offer it")
		acctest.Expect(t, event.Apply(event.Plan(nil)), "This account cannot delete the event template", "account does not offer it")
	}
}

// importedEvent is an event that was made by hand, in the state.
func importedEvent(t *testing.T, account *acctest.Account, stream mockserver.Stream, made mockserver.Event) *acctest.Resource {
	t.Helper()
	event := acctest.NewProtocol(t, account, nil).Resource(resourceType)
	acctest.ExpectNone(t, event.Import(fmt.Sprintf("%d/%d", stream.ID, made.ID)))
	return event
}

// The stream vanishes between plan and apply.
func TestEventTemplateStreamVanishes(t *testing.T) {
	t.Parallel()
	account, stream, event := newEvent(t)
	account.Tolerate(http.StatusNotFound)
	plan := event.Plan(values(stream, nil))
	acctest.ExpectNone(t, plan.Diagnostics)
	account.RemoveStream(stream.ID)
	acctest.Expect(t, event.Apply(plan), "at stream_id: ", "stream with the ID "+strconv.Itoa(stream.ID))
	if !event.State.IsNull() {
		t.Error("what was not made is in the state")
	}
}

func TestEventTemplatePlanChecks(t *testing.T) {
	t.Parallel()
	for kind, has := range map[string]bool{
		mockserver.OTP: true, mockserver.Transactional: true,
		mockserver.Marketing: false, mockserver.TwoWay: false, mockserver.WhatsApp: false,
		// What the API spells in its own way may have events: apply tells.
		"voice": true,
	} {
		account, _, event := newEvent(t)
		account.Tolerate(http.StatusUnprocessableEntity)
		plan := event.Plan(values(account.AddStream(mockserver.Stream{Name: "A", Type: kind}), nil))
		if has {
			acctest.ExpectNone(t, plan.Diagnostics)
		} else {
			acctest.Expect(t, plan.Diagnostics, "at stream_id: ", `is of type "`+kind+`"`, `"otp" and "transactional"`)
		}
	}
}

func TestEventTemplatePlanFindsTakenKeys(t *testing.T) {
	t.Parallel()
	account, stream, event := newEvent(t)
	made, _ := account.AddEvent(stream.ID, mockserver.Event{Name: "By hand", Key: "shipped", Template: "x"})
	// The same ten times, whatever is read and planned in the meantime: a key that is taken may
	// be free when it is needed.
	for i := range 10 {
		p := acctest.NewProtocol(t, account, nil)
		if i%2 == 0 {
			p.Resource(resourceType).Plan(values(stream, acctest.Values{"name": "B"}))
		}
		diagnostics := p.Resource(resourceType).Plan(values(stream, nil)).Diagnostics
		acctest.Expect(t, diagnostics, "at key: ", fmt.Sprintf("Event %d of stream %d has the same key", made.ID, stream.ID),
			fmt.Sprintf("id = \"%d/%d\"", stream.ID, made.ID))
		acctest.ExpectNone(t, acctest.Errors(diagnostics))
	}
	acctest.ExpectNone(t, event.Plan(values(stream, acctest.Values{"key": "free"})).Diagnostics)
	// What is not known yet is not checked.
	acctest.ExpectNone(t, event.Plan(values(stream, acctest.Values{"key": acctest.Unknown})).Diagnostics)
	acctest.ExpectNone(t, event.Plan(values(stream, acctest.Values{"stream_id": acctest.Unknown})).Diagnostics)
}

// Not being able to look must not stand in a plan's way, and is tried once.
func TestEventTemplatePlanCannotCheck(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"GET /streams/{id}/events"} {
		account, stream, event := newEvent(t)
		account.AddEvent(stream.ID, mockserver.Event{Name: "By hand", Key: "shipped", Template: "x"})
		account.Inject(mockserver.Fault{Pattern: pattern, Status: 403, Times: -1})
		acctest.ExpectNone(t, event.Plan(values(stream, nil)).Diagnostics)
		acctest.ExpectNone(t, event.Plan(values(stream, acctest.Values{"key": "other"})).Diagnostics)
		if got := account.Count(pattern); got != 1 {
			t.Errorf("%s was asked %d times", pattern, got)
		}
	}
}

// An account of documented calls alone is planned for, and apply says what is
// missing.
func TestEventTemplateOnADocumentedAccount(t *testing.T) {
	t.Parallel()
	account, stream, event := newEvent(t, func(o *mockserver.Options) { o.DocumentedOnly = true })
	account.Tolerate(http.StatusNotFound)
	plan := event.Plan(values(stream, nil))
	acctest.ExpectNone(t, plan.Diagnostics)
	acctest.Expect(t, event.Apply(plan), "account does not offer it")
	acctest.Expect(t, event.Import(fmt.Sprintf("%d/101", stream.ID)), "Could not read the event template 101 of stream", "offers no such call")
	if event.State.IsNull() {
		t.Error("an API without events makes them look gone")
	}
}

// Text that looks like a placeholder is sent as it is.
func TestEventTemplateWarnsOfMisspelledPlaceholders(t *testing.T) {
	t.Parallel()
	_, stream, event := newEvent(t)
	for template, found := range map[string]string{
		"Your code is {{code}}":      `"{{code}}"`,
		"Order { order } is ready":   `"{ order }"`,
		"Order {order } is ready":    `"{order }"`,
		"Hello ${name}":              `"${name}"`,
		"{{ code }} is your code":    `"{{ code }}"`,
		"{code} and {{ two words }}": `"{{ two words }}"`,
	} {
		diagnostics := event.Plan(values(stream, acctest.Values{"template": template})).Diagnostics
		acctest.Expect(t, diagnostics, "at template", found, "single braces", `"shipped"`)
	}
	for _, template := range []string{"Your code is {code}", "a { b", "{}", "{ two words }", "{1, 2}"} {
		acctest.ExpectNone(t, event.Plan(values(stream, acctest.Values{"template": template})).Diagnostics)
	}
}

// CommPeak decides whether a stream has event templates: the plan warns, and apply is tried.
func TestEventTemplateOfAnUndocumentedStreamType(t *testing.T) {
	t.Parallel()
	account, _, event := newEvent(t)
	other := account.AddStream(mockserver.Stream{Name: "News", Type: mockserver.Marketing})
	plan := event.Plan(values(other, nil))
	acctest.Expect(t, plan.Diagnostics, "at stream_id", "may not support event templates", `"marketing"`)
	acctest.ExpectNone(t, acctest.Errors(plan.Diagnostics))
	acctest.Expect(t, event.Apply(plan), "HTTP 422")
}
