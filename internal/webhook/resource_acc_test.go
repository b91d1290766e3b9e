package webhook_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfconfig "github.com/hashicorp/terraform-plugin-testing/config"
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
	address = "commpeak_webhook.test"

	create  = "POST /streams/{id}/webhooks"
	update  = "PATCH /streams/{id}/webhooks/{webhookId}"
	destroy = "DELETE /streams/{id}/webhooks/{webhookId}"

	url = `url = "https://example.com/in"`
)

// newAccount starts an account with a two-way stream, whose id is 101.
func newAccount(t *testing.T, options ...func(*mockserver.Options)) *acctest.Account {
	t.Helper()
	account := acctest.NewAccount(t, options...)
	account.AddStream(mockserver.Stream{Name: "Replies", Type: mockserver.TwoWay})
	return account
}

// test runs the steps, which must leave no webhook behind.
func test(t *testing.T, account *acctest.Account, steps ...acctest.Step) {
	t.Helper()
	var keeps []string
	for _, stream := range account.Streams() {
		keeps = append(keeps, stream.Name)
	}
	acctest.TestKeeping(t, account, keeps, steps...)
	for _, stream := range account.Streams() {
		if left := account.Webhooks(stream.ID); len(left) > 0 {
			t.Errorf("the stream %q is left with %v", stream.Name, left)
		}
	}
}

// config is a webhook of the stream 101 with these attributes.
func config(attributes ...string) string {
	return "resource \"commpeak_webhook\" \"test\" {\nstream_id = \"101\"\n" + strings.Join(attributes, "\n") + "\n}\n"
}

func apply(config string, writes ...string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: config}, Writes: writes}
}

// planned demands what the plan does with the webhook.
func planned(step acctest.Step, action plancheck.ResourceActionType) acctest.Step {
	step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, plancheck.ExpectResourceAction(address, action))
	return step
}

// only is the one webhook of the account.
func only(account *acctest.Account) (streamID int, webhook mockserver.Webhook) {
	found := 0
	for _, stream := range account.Streams() {
		for _, w := range account.Webhooks(stream.ID) {
			streamID, webhook = stream.ID, w
			found++
		}
	}
	if found != 1 {
		panic(fmt.Sprintf("%d webhooks in the account, not one", found))
	}
	return streamID, webhook
}

// edit changes the one webhook, as a console user would.
func edit(account *acctest.Account, change func(*mockserver.Webhook)) func() {
	return func() {
		streamID, webhook := only(account)
		account.EditWebhook(streamID, webhook.ID, change)
	}
}

// has demands that the account's one webhook has just these headers.
func has(account *acctest.Account, step acctest.Step, headers map[string]string) acctest.Step {
	step.Check = func(*terraform.State) error {
		_, webhook := only(account)
		got := map[string]string{}
		for _, header := range webhook.Headers {
			got[header.Name] = header.Value
		}
		if len(got) != len(webhook.Headers) || !maps.Equal(got, headers) {
			return fmt.Errorf("the account's webhook has the headers %v, not %v", webhook.Headers, headers)
		}
		return nil
	}
	return step
}

// secretVariable is how a configuration gets a secret without holding it.
const secretVariable = `variable "secret" {
	type      = string
	ephemeral = true
}
`

// withSecret gives a step the secret and demands that it is kept nowhere.
func withSecret(account *acctest.Account, step acctest.Step, secret string) acctest.Step {
	account.Guard(secret)
	step.Config = secretVariable + step.Config
	step.ConfigVariables = tfconfig.Variables{"secret": tfconfig.StringVariable(secret)}
	return step
}

// writeOnly is headers_wo with the secret, under a version.
func writeOnly(version int) string {
	return fmt.Sprintf(`headers_wo = { "Authorization" = "Bearer ${var.secret}" }
		headers_wo_version = %d`, version)
}

const (
	first  = "first-secret-of-a-webhook"
	second = "second-secret-of-a-webhook"
)

func TestAccWebhookLeast(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{mockserver.TwoWay, mockserver.WhatsApp} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			account.AddStream(mockserver.Stream{Name: "Replies", Type: kind, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "1"}})
			step := planned(apply(config(url), create+` {"url":"https://example.com/in","method":"POST","headers":[],"enabled":true}`), plancheck.ResourceActionCreate)
			step.ConfigStateChecks = []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("method"), knownvalue.StringExact("POST")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("enabled"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("headers"), knownvalue.Null()),
			}
			test(t, account, step)
		})
	}
}

func TestAccWebhookEverything(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	step := apply(config(`url = "http://127.0.0.1:8080/in?a=b"
		method  = "GET"
		enabled = false
		headers = { "X-Source" = "commpeak", "X-Empty" = "" }`, writeOnly(1)),
		create+` {"url":"http://127.0.0.1:8080/in?a=b","method":"GET","enabled":false,"headers":[
			{"name":"Authorization","value":"Bearer `+first+`"},{"name":"X-Empty","value":""},{"name":"X-Source","value":"commpeak"}]}`)
	test(t, account, withSecret(account, step, first))
}

// attributeCase is one attribute: how Terraform changes it in place, and how another program
// changes it.
type attributeCase struct {
	from, to    string
	patch, undo string
	drift       func(*mockserver.Webhook)
}

// Attributes are changed in place by one PATCH with what changed and nothing else,
// and drift is found and repaired. TestWebhookEachAttribute has all of them.
func TestAccWebhookAttributes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"several at once", "header changed, and by hand"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, account := attributeCases[name], newAccount(t)
			repair := planned(apply(config(c.to), update+" "+c.undo), plancheck.ResourceActionUpdate)
			repair.PreConfig = edit(account, c.drift)
			test(t, account,
				apply(config(c.from), create),
				planned(apply(config(c.to), update+" "+c.patch), plancheck.ResourceActionUpdate),
				repair,
			)
		})
	}
}

// What Terraform keeps to itself is changed without a request.
func TestAccWebhookTerraformSideOnly(t *testing.T) {
	t.Parallel()
	test(t, newAccount(t),
		apply(config(url), create),
		planned(apply(config(url, "headers = {}")), plancheck.ResourceActionUpdate),
	)
}

func TestAccWebhookStreamReplaces(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.AddStream(mockserver.Stream{Name: "Chat", Type: mockserver.TwoWay})
	other := strings.Replace(config(url), "101", "102", 1)
	test(t, account,
		apply(config(url), create),
		planned(apply(other, destroy, create), plancheck.ResourceActionReplace),
		planned(apply(config(url, "lifecycle { create_before_destroy = true }"), create, destroy), plancheck.ResourceActionReplace),
	)
}

// A stream and its webhook, made and removed together.
func TestAccWebhookWithItsStream(t *testing.T) {
	t.Parallel()
	stream := func(kind string) string {
		return fmt.Sprintf(`resource "commpeak_stream" "test" {
			name = "Replies"
			type = %q
			%s
		}
		`, kind, map[string]string{"whatsapp": `whatsapp = { business_id = "1" }`}[kind])
	}
	webhook := strings.Replace(config(url), `"101"`, "commpeak_stream.test.id", 1)
	test(t, acctest.NewAccount(t),
		apply(stream("two_way")+webhook, "POST /streams", create),
		apply(stream("whatsapp")+webhook, destroy, "DELETE /streams/{id}", "POST /streams", create),
	)
}

func TestAccWebhookDeletedOutside(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(account *acctest.Account){
		"the webhook": func(account *acctest.Account) {
			streamID, webhook := only(account)
			account.RemoveWebhook(streamID, webhook.ID)
		},
		"its stream": func(account *acctest.Account) {
			account.RemoveStream(101)
			account.AddStream(mockserver.Stream{Name: "Replies", Type: mockserver.TwoWay})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t)
			account.Tolerate(http.StatusNotFound)
			moved := config(url)
			if name == "its stream" {
				moved = strings.Replace(moved, "101", "102", 1)
			}
			again := planned(apply(moved, create), plancheck.ResourceActionCreate)
			again.PreConfig = func() { remove(account) }
			test(t, account, apply(config(url), create), again)
		})
	}
}

// A webhook that vanishes between the plan and the destruction is no error.
func TestAccWebhookDeletedTwice(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.Tolerate(http.StatusNotFound)
	account.Inject(mockserver.Fault{Pattern: destroy, Stage: mockserver.After, Drop: true})
	test(t, account, apply(config(url), create))
	if got := account.Count(destroy); got != 2 {
		t.Errorf("%d deletes were sent, not the lost one and its retry", got)
	}
}

// importable are webhooks whose import changes nothing.
var importable = map[string]string{
	"bare":     url,
	"headers":  url + "\nheaders = { A = \"1\", B = \"2\" }",
	"disabled": url + "\nenabled = false\nmethod = \"GET\"",
}

func TestAccWebhookImport(t *testing.T) {
	t.Parallel()
	for name, attributes := range importable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newAccount(t),
				apply(config(attributes), create),
				acctest.Step{TestStep: resource.TestStep{
					ResourceName: address, ImportState: true, ImportStateId: "101/1", ImportStateVerify: true,
				}},
				acctest.Step{TestStep: resource.TestStep{
					ResourceName: address, ImportState: true, ImportStateId: "101/1", ImportStateKind: resource.ImportBlockWithID,
				}},
			)
		})
	}
}

func TestAccWebhookImportByIdentity(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.IdentityImport)
	for name, attributes := range importable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newAccount(t),
				apply(config(attributes), create),
				acctest.Step{TestStep: resource.TestStep{
					ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
				}},
			)
		})
	}
}

func TestAccWebhookImportMistakes(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.Tolerate(http.StatusNotFound)
	steps := []acctest.Step{apply(config(url), create)}
	for id, message := range map[string]string{"101": `"101" is not`, "101/2": "(?i)non-existent"} {
		steps = append(steps, acctest.Step{TestStep: resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(message),
		}})
	}
	test(t, account, steps...)
}

func TestAccWebhookIdentityIsKept(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Identity)
	named := func(step acctest.Step) acctest.Step {
		step.ConfigStateChecks = []statecheck.StateCheck{
			statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("stream_id")),
			statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
		}
		return step
	}
	test(t, newAccount(t),
		named(apply(config(url), create)),
		named(apply(config(url, "enabled = false"), update)),
	)
}

// imported is the configuration with an import of the webhook 1 of stream 101.
func imported(attributes ...string) string {
	return config(attributes...) + `
		import {
			to = commpeak_webhook.test
			id = "101/1"
		}`
}

// byHand adds a webhook with two headers, as a console user would.
func byHand(account *acctest.Account) {
	account.AddWebhook(101, mockserver.Webhook{URL: "https://example.com/in", Enabled: true, Headers: []mockserver.Header{
		{Name: "Authorization", Value: "Bearer of old"}, {Name: "X-Source", Value: "commpeak"},
	}})
}

// A webhook made by hand is adopted without a change, and where some of its
// headers become write-only, by one.
func TestAccWebhookAdoption(t *testing.T) {
	t.Parallel()
	t.Run("no change", func(t *testing.T) {
		t.Parallel()
		account := newAccount(t)
		byHand(account)
		test(t, account, planned(apply(imported(url, `headers = { "authorization" = "Bearer of old", "X-Source" = "commpeak" }`),
			update+` {"headers":[{"name":"X-Source","value":"commpeak"},{"name":"authorization","value":"Bearer of old"}]}`), plancheck.ResourceActionUpdate))
		account = newAccount(t)
		byHand(account)
		test(t, account, planned(apply(imported(url, `headers = { "Authorization" = "Bearer of old", "X-Source" = "commpeak" }`)), plancheck.ResourceActionNoop))
	})
	for name, mask := range map[string]bool{"write-only": false, "write-only, masked": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t, masking(mask))
			byHand(account)
			step := planned(apply(imported(url, `headers = { "X-Source" = "commpeak" }`, writeOnly(1)), update+` {"headers":[
				{"name":"Authorization","value":"Bearer `+first+`"},{"name":"X-Source","value":"commpeak"}]}`), plancheck.ResourceActionUpdate)
			test(t, account, has(account, withSecret(account, step, first), map[string]string{"Authorization": "Bearer " + first, "X-Source": "commpeak"}))
		})
	}
	t.Run("masked", func(t *testing.T) {
		t.Parallel()
		account := newAccount(t, masking(true))
		byHand(account)
		const headers = `headers = { "Authorization" = "Bearer of new", "X-Source" = "commpeak" }`
		test(t, account, planned(apply(imported(url, headers), update), plancheck.ResourceActionUpdate))
	})
}

func masking(mask bool) func(*mockserver.Options) {
	return func(o *mockserver.Options) { o.MaskHeaders = mask }
}

// Headers whose values the API masks cause no diff; one that appeared or
// vanished does; a changed one is sent.
func TestAccWebhookMaskedHeaders(t *testing.T) {
	t.Parallel()
	account := newAccount(t, masking(true))
	const two = `headers = { "X-A" = "1", "X-B" = "2" }`
	const changed = `headers = { "X-A" = "3", "X-B" = "2" }`
	const list = ` {"headers":[{"name":"X-A","value":"3"},{"name":"X-B","value":"2"}]}`
	appeared := planned(apply(config(url, changed), update+list), plancheck.ResourceActionUpdate)
	appeared.PreConfig = edit(account, func(w *mockserver.Webhook) {
		w.Headers = append(w.Headers, mockserver.Header{Name: "X-C", Value: "by hand"})
	})
	vanished := planned(apply(config(url, changed), update+list), plancheck.ResourceActionUpdate)
	vanished.PreConfig = edit(account, func(w *mockserver.Webhook) { w.Headers = w.Headers[1:] })
	// In the API's own spelling, each is still the same header.
	respelled := planned(apply(config(url, changed)), plancheck.ResourceActionNoop)
	respelled.PreConfig = edit(account, func(w *mockserver.Webhook) {
		for i := range w.Headers {
			w.Headers[i].Name = strings.ToLower(w.Headers[i].Name)
		}
	})
	test(t, account,
		apply(config(url, two), create),
		planned(apply(config(url, two)), plancheck.ResourceActionNoop),
		planned(apply(config(url, changed), update+list), plancheck.ResourceActionUpdate),
		appeared, vanished, respelled,
	)
}

// The write-only headers are sent on creation, when their version changes and
// with every change of the others, and are kept nowhere.
func TestAccWebhookWriteOnlyHeaders(t *testing.T) {
	t.Parallel()
	for name, mask := range map[string]bool{"told": false, "masked": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t, masking(mask))
			const plain, other = `headers = { "X-A" = "1" }`, `headers = { "X-A" = "2" }`
			secret := func(secret string, step acctest.Step, a string) acctest.Step {
				headers := map[string]string{"Authorization": "Bearer " + secret}
				if a != "" {
					headers["X-A"] = a
				}
				return has(account, step, headers)
			}
			test(t, account,
				secret(first, withSecret(account, apply(config(url, plain, writeOnly(1)), create), first), "1"),
				// Others under the same version are not sent.
				secret(first, withSecret(account, planned(apply(config(url, plain, writeOnly(1))), plancheck.ResourceActionNoop), second), "1"),
				secret(second, withSecret(account, planned(apply(config(url, plain, writeOnly(2)), update+` {"headers":[
					{"name":"Authorization","value":"Bearer `+second+`"},{"name":"X-A","value":"1"}]}`), plancheck.ResourceActionUpdate), second), "1"),
				// The API takes the list as a whole.
				secret(second, withSecret(account, apply(config(url, other, writeOnly(2)), update+` {"headers":[
					{"name":"Authorization","value":"Bearer `+second+`"},{"name":"X-A","value":"2"}]}`), second), "2"),
				// Without them, what is no header can still be changed.
				secret(second, apply(config(url, "enabled = false", other, "headers_wo_version = 2"), update+` {"enabled":false}`), "2"),
				// A change of the others would lose them.
				refused(config(url, "enabled = false", plain, "headers_wo_version = 2"), "write-only headers would be lost.*authorization.*set headers_wo"),
				refused(config(url, "enabled = false", other, "headers_wo_version = 3"), "no write-only headers to send"),
				has(account, apply(config(url, "enabled = false", other), update+` {"headers":[{"name":"X-A","value":"2"}]}`), map[string]string{"X-A": "2"}),
				secret(first, withSecret(account, apply(config(url, writeOnly(1)), update), first), ""),
			)
		})
	}
}

func refused(config, message string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{
		Config: config, ExpectError: regexp.MustCompile("(?s)" + strings.ReplaceAll(message, " ", `\s+`)),
	}}
}

// A header moves from one attribute to the other.
func TestAccWebhookHeaderMoves(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	list := update + ` {"headers":[{"name":"Authorization","value":"Bearer ` + first + `"}]}`
	test(t, account,
		apply(config(url, `headers = { "Authorization" = "Bearer of old" }`), create),
		withSecret(account, apply(config(url, writeOnly(1)), list), first),
		apply(config(url, `headers = { "Authorization" = "Bearer of new" }`), update),
	)
}

// A write-only header that was removed or changed elsewhere is sent again, and one that was added
// is removed.
func TestAccWebhookWriteOnlyDrift(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mask  bool
		drift func(*mockserver.Webhook)
	}{
		"removed":         {false, func(w *mockserver.Webhook) { w.Headers = w.Headers[1:] }},
		"removed, masked": {true, func(w *mockserver.Webhook) { w.Headers = w.Headers[1:] }},
		"changed":         {false, func(w *mockserver.Webhook) { w.Headers[0].Value = "else" }},
		"all removed":     {false, func(w *mockserver.Webhook) { w.Headers = nil }},
		"another added":   {true, func(w *mockserver.Webhook) { w.Headers = append(w.Headers, mockserver.Header{Name: "X-B"}) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t, masking(c.mask))
			attributes := config(url, `headers = { "X-A" = "1" }`, writeOnly(7))
			headers := map[string]string{"Authorization": "Bearer " + first, "X-A": "1"}
			repair := has(account, withSecret(account, planned(apply(attributes, update), plancheck.ResourceActionUpdate), first), headers)
			repair.PreConfig = edit(account, c.drift)
			test(t, account, withSecret(account, apply(attributes, create), first), repair)
		})
	}
}

// A masked value cannot be compared, so a change of it is no drift.
func TestAccWebhookMaskedChangeIsNoDrift(t *testing.T) {
	t.Parallel()
	account := newAccount(t, masking(true))
	attributes := config(url, writeOnly(1))
	quiet := withSecret(account, planned(apply(attributes), plancheck.ResourceActionNoop), first)
	quiet.PreConfig = edit(account, func(w *mockserver.Webhook) { w.Headers[0].Value = "else" })
	test(t, account, withSecret(account, apply(attributes, create), first), quiet)
}

// Another program changes the webhook in the meantime: what is not configured
// otherwise survives.
func TestAccWebhookOnlySendsWhatChanged(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	attributes := []string{url, writeOnly(1)}
	change := withSecret(account, apply(config(append(attributes, "enabled = false")...), update+` {"enabled":false}`), first)
	test(t, account, withSecret(account, apply(config(attributes...), create), first),
		has(account, change, map[string]string{"Authorization": "Bearer " + first}))
}

// A create whose answer is lost ends with one webhook, whether the API had
// acted on it or not, and next to another one.
func TestAccWebhookLostCreate(t *testing.T) {
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
			account := newAccount(t, masking(true))
			other, _ := account.AddWebhook(101, mockserver.Webhook{URL: "https://example.com/other", Enabled: true})
			account.Inject(mockserver.Fault{Pattern: create, Stage: c.stage, Drop: true})
			step := withSecret(account, apply(config(url, `headers = { "X-A" = "1" }`, writeOnly(1)), c.writes...), first)
			step.Check = func(*terraform.State) error {
				if got := account.Webhooks(101); len(got) != 2 || got[0].ID != other.ID || len(got[1].Headers) != 2 {
					return fmt.Errorf("the account holds %v", got)
				}
				return nil
			}
			acctest.TestKeeping(t, account, []string{"Replies"}, step)
		})
	}
}

// Values that come from another resource are unknown while planning.
func TestAccWebhookUnknownValues(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	source := func(value string) string {
		return fmt.Sprintf(`resource "terraform_data" "source" {
			input            = %q
			triggers_replace = %q
		}
		locals {
			value = terraform_data.source.output
		}
		`, value, value)
	}
	webhook := `resource "commpeak_webhook" "test" {
		stream_id = local.value == "x" ? "102" : "101"
		url       = "https://example.com/${local.value}"
		method    = local.value == "two" ? "GET" : "POST"
		headers   = { "X-Known" = local.value, "X-${local.value}" = "1" }
		headers_wo = { "Authorization" = "${var.secret}-${local.value}" }
		headers_wo_version = length(local.value)
		enabled   = local.value == "one"
	}`
	test(t, account,
		withSecret(account, apply(source("one")+webhook, create), first),
		// That it is the same stream shows too late.
		withSecret(account, apply(source("two")+webhook, destroy, create), first),
	)
}

// Write-only headers that turn out to be missing are missed before anything is
// sent.
func TestAccWebhookUnknownHeaders(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	source := func(value string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"source\" {\ninput = %q\ntriggers_replace = %q\n}\n", value, value)
	}
	webhook := func(attributes string) string {
		return config(url, `headers = { "X-A" = terraform_data.source.output }`, attributes)
	}
	test(t, account,
		withSecret(account, apply(source("one")+webhook(writeOnly(1)), create), first),
		withSecret(account, apply(source("two")+webhook(writeOnly(1)), update), first),
		refused(source("three")+webhook("headers_wo_version = 1"), "write-only headers would be lost"),
	)
}

// Many webhooks of one configuration are each made by one request.
func TestAccWebhookMany(t *testing.T) {
	t.Parallel()
	test(t, newAccount(t), apply(`resource "commpeak_webhook" "test" {
		count     = 40
		stream_id = "101"
		url       = "https://example.com/in"
	}`, slices.Repeat([]string{create}, 40)...))
}
