package streamtoken_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

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
	address = "commpeak_stream_token.test"
	post    = "POST /streams/{id}/token"
)

// byHand is an account with one stream, made in the console, whose tokens the
// test keeps an eye on.
type byHand struct {
	*acctest.Account
	id       int
	seen     string // the current token after the last step
	versions int64
}

func newByHand(t *testing.T) *byHand {
	t.Helper()
	account := acctest.NewAccount(t)
	made := account.AddStream(mockserver.Stream{Name: "By hand"})
	return &byHand{Account: account, id: made.ID, seen: account.Token(made.ID)}
}

// test runs the steps, and lets the stream survive.
func (b *byHand) test(t *testing.T, steps ...acctest.Step) {
	t.Helper()
	acctest.TestKeeping(t, b.Account, []string{"By hand"}, steps...)
	if left := b.PendingFaults(); left > 0 {
		t.Errorf("%d faults did not happen", left)
	}
}

// config is the stream's token with these attributes.
func (b *byHand) config(attributes ...string) string {
	return fmt.Sprintf("resource \"commpeak_stream_token\" \"test\" {\n stream_id = %q\n%s\n}\n", strconv.Itoa(b.id), strings.Join(attributes, "\n"))
}

func apply(config string, writes ...string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: config}, Writes: writes}
}

// last says what the removal after the step writes.
func last(step acctest.Step, writes ...string) acctest.Step {
	step.Removal = writes
	return step
}

// planned demands what the plan does with the token.
func planned(step acctest.Step, action plancheck.ResourceActionType) acctest.Step {
	step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, plancheck.ExpectResourceAction(address, action))
	return step
}

// renewed demands that the step ends with another token and a larger version.
func (b *byHand) renewed(step acctest.Step) acctest.Step { return b.compared(step, true) }

// kept demands that the step ends with the same token and version.
func (b *byHand) kept(step acctest.Step) acctest.Step { return b.compared(step, false) }

func (b *byHand) compared(step acctest.Step, renewed bool) acctest.Step {
	step.Check = func(state *terraform.State) error {
		version, err := strconv.ParseInt(state.RootModule().Resources[address].Primary.Attributes["version"], 10, 64)
		if err != nil {
			return err
		}
		token := b.Token(b.id)
		switch {
		case renewed && token == b.seen:
			return errors.New("the token is still the old one")
		case renewed && version <= b.versions:
			return fmt.Errorf("the version went from %d to %d", b.versions, version)
		case !renewed && token != b.seen:
			return errors.New("the token has changed")
		case !renewed && b.versions != 0 && version != b.versions:
			return fmt.Errorf("the version went from %d to %d with the same token", b.versions, version)
		}
		b.seen, b.versions = token, version
		return nil
	}
	return step
}

// inConsole resets the token before the step, as a console user would.
func (b *byHand) inConsole(step acctest.Step) acctest.Step {
	step.PreConfig = func() { b.ResetToken(b.id) }
	return step
}

const (
	first  = `reset_triggers = { quarter = "2026Q1" }`
	second = `reset_triggers = { quarter = "2026Q2" }`
	third  = `reset_triggers = { quarter = "2026Q2", leak = "1" }`
	cbd    = `lifecycle { create_before_destroy = true }`
)

// A changed trigger resets the token once, in either order of replacement.
func TestAccTokenChangedTrigger(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]string{"destroy first": "", "create first": cbd} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newByHand(t)
			b.test(t,
				b.renewed(planned(apply(b.config(first, order), post), plancheck.ResourceActionCreate)),
				b.kept(planned(apply(b.config(first, order)), plancheck.ResourceActionNoop)),
				b.renewed(planned(apply(b.config(second, order), post), plancheck.ResourceActionReplace)),
				b.renewed(planned(apply(b.config(third, order), post), plancheck.ResourceActionReplace)),
				b.renewed(planned(apply(b.config(order), post), plancheck.ResourceActionReplace)),
				last(b.renewed(planned(apply(b.config(first, order), post), plancheck.ResourceActionReplace)), post),
			)
		})
	}
}

// No triggers at all are the same, however they are written.
func TestAccTokenWithoutTriggers(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	b.test(t,
		b.renewed(apply(b.config(), post)),
		b.kept(planned(apply(b.config("reset_triggers = {}")), plancheck.ResourceActionUpdate)),
		last(b.kept(planned(apply(b.config("reset_triggers = null")), plancheck.ResourceActionUpdate)), post),
	)
}

// Triggers that come from elsewhere are not known while planning.
func TestAccTokenUnknownTriggers(t *testing.T) {
	t.Parallel()
	source := func(value string) string {
		return fmt.Sprintf(`resource "terraform_data" "source" {
			input            = %q
			triggers_replace = %q
		}
		`, value, value)
	}
	for name, triggers := range map[string]string{
		"a value":      `reset_triggers = { source = terraform_data.source.output }`,
		"all of them":  `reset_triggers = terraform_data.source.output == "none" ? null : { source = terraform_data.source.output }`,
		"a new object": `reset_triggers = { source = terraform_data.source.id }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newByHand(t)
			b.test(t,
				b.renewed(apply(source("one")+b.config(triggers), post)),
				b.kept(apply(source("one")+b.config(triggers))),
				last(b.renewed(planned(apply(source("two")+b.config(triggers), post), plancheck.ResourceActionReplace)), post),
			)
		})
	}
}

// A destroyed token dies, and its stream lives on.
func TestAccTokenDestroy(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	gone := apply(`resource "terraform_data" "other" {}`, post)
	gone.Check = func(*terraform.State) error {
		if b.Token(b.id) == b.seen {
			return errors.New("the token still works")
		}
		return nil
	}
	b.test(t, b.renewed(apply(b.config(first), post)), gone)
}

// With its stream, a token is reset once and the stream deleted.
func TestAccTokenWithItsStream(t *testing.T) {
	t.Parallel()
	config := func(kind, triggers string) string {
		return fmt.Sprintf(`resource "commpeak_stream" "test" {
			name = "Newsletter"
			type = %q
		}
		resource "commpeak_stream_token" "test" {
			stream_id = commpeak_stream.test.id
			%s
		}
		`, kind, triggers)
	}
	acctest.Test(t, acctest.NewAccount(t),
		apply(config("marketing", first), "POST /streams", post),
		// Of the old stream, and of the new one.
		planned(apply(config("two_way", first), post, "DELETE /streams/{id}", "POST /streams", post), plancheck.ResourceActionReplace),
		last(apply(config("two_way", second), post), post),
	)
}

// Another stream: its token is reset, and so is the old one's.
func TestAccTokenMoves(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	config := func(id int) string {
		return fmt.Sprintf(`resource "commpeak_stream_token" "test" { stream_id = "%d" }`, id)
	}
	one, two := account.AddStream(mockserver.Stream{Name: "One"}), account.AddStream(mockserver.Stream{Name: "Two"})
	tokens := []string{account.Token(one.ID), account.Token(two.ID)}
	move := planned(last(apply(config(two.ID), post, post), post), plancheck.ResourceActionReplace)
	move.PreConfig = func() { tokens[0] = account.Token(one.ID) }
	move.Check = func(*terraform.State) error {
		if account.Token(one.ID) == tokens[0] || account.Token(two.ID) == tokens[1] {
			return errors.New("an old token is still alive")
		}
		return nil
	}
	acctest.TestKeeping(t, account, []string{"One", "Two"}, apply(config(one.ID), post), move)
}

// The token of a stream that is gone before the refresh is forgotten.
func TestAccTokenStreamGone(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	const config = `resource "commpeak_stream" "test" {
		name = "Newsletter"
		type = "marketing"
	}
	resource "commpeak_stream_token" "test" { stream_id = commpeak_stream.test.id }
	`
	remove := func() { account.RemoveStream(account.Streams()[0].ID) }
	again := apply(config, "POST /streams", post)
	again.PreConfig = remove
	destroyed := acctest.Step{TestStep: resource.TestStep{Config: config, Destroy: true}}
	destroyed.PreConfig = remove
	acctest.Test(t, account, apply(config, "POST /streams", post), again, destroyed)
}

// The token was reset in the console: it is taken over, once, and never reset
// for that. It is the resource's own from then on.
func TestAccTokenResetElsewhere(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	b.test(t,
		b.renewed(apply(b.config(first), post)),
		b.inConsole(b.renewed(planned(apply(b.config(first)), plancheck.ResourceActionUpdate))),
		b.kept(planned(apply(b.config(first)), plancheck.ResourceActionNoop)),
		b.inConsole(b.renewed(planned(apply(b.config(first)), plancheck.ResourceActionUpdate))),
		// Together with a changed trigger, it is a reset like any other.
		last(b.inConsole(b.renewed(planned(apply(b.config(second), post), plancheck.ResourceActionReplace))), post),
	)
}

// A refresh alone updates the version in the state.
func TestAccTokenResetElsewhereRefreshOnly(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	grown := func(state *terraform.State) error {
		version, err := strconv.ParseInt(state.RootModule().Resources[address].Primary.Attributes["version"], 10, 64)
		if err == nil && version <= b.versions {
			err = fmt.Errorf("the version went from %d to %d", b.versions, version)
		}
		return err
	}
	refresh := acctest.Step{TestStep: resource.TestStep{RefreshState: true, Check: grown, ExpectNonEmptyPlan: true}}
	b.test(t,
		b.renewed(apply(b.config(first), post)),
		b.inConsole(refresh),
		last(b.renewed(planned(apply(b.config(first)), plancheck.ResourceActionUpdate)), post),
	)
}

// A token that was reset elsewhere since the last apply is not this resource's
// own, and survives its destruction.
func TestAccTokenResetElsewhereThenDestroyed(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	current := ""
	gone := apply(`resource "terraform_data" "other" {}`)
	gone.PreConfig = func() { current = b.ResetToken(b.id) }
	gone.Check = func(*terraform.State) error {
		if b.Token(b.id) != current {
			return errors.New("the token from the console no longer works")
		}
		return nil
	}
	b.test(t, b.renewed(apply(b.config(first), post)), gone)
}

// Storing the token, or not any longer, is a matter of the state alone.
func TestAccTokenStored(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	const stored, not = "store_token = true", "store_token = false"
	sensitive := func(step acctest.Step) acctest.Step {
		step.ConfigStateChecks = append(step.ConfigStateChecks,
			statecheck.ExpectSensitiveValue(address, tfjsonpath.New("token")),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("token"), knownvalue.StringFunc(func(token string) error {
				if token != b.Token(b.id) {
					return errors.New("it is not the current token")
				}
				return nil
			})))
		return step
	}
	b.test(t,
		b.renewed(apply(b.config(first), post)),
		sensitive(b.kept(planned(apply(b.config(first, stored)), plancheck.ResourceActionUpdate))),
		b.kept(planned(apply(b.config(first, stored)), plancheck.ResourceActionNoop)),
		sensitive(b.inConsole(b.renewed(planned(apply(b.config(first, stored)), plancheck.ResourceActionUpdate)))),
		sensitive(b.renewed(planned(apply(b.config(second, stored), post), plancheck.ResourceActionReplace))),
		b.kept(planned(apply(b.config(second, not)), plancheck.ResourceActionUpdate)),
		last(sensitive(b.renewed(planned(apply(b.config(first, stored), post), plancheck.ResourceActionReplace))), post),
	)
}

// Whether the token is stored is not known while planning.
func TestAccTokenStoredUnknown(t *testing.T) {
	t.Parallel()
	config := func(b *byHand, value string) string {
		return fmt.Sprintf(`resource "terraform_data" "source" { input = %s }
		`, value) + b.config("store_token = terraform_data.source.output")
	}
	b := newByHand(t)
	b.test(t,
		b.renewed(apply(config(b, "true"), post)),
		b.kept(apply(config(b, "false"))),
		last(b.kept(apply(config(b, "true"))), post),
	)
}

// An import takes over the current token without a reset, and without a change
// unless there is something to record.
func TestAccTokenImport(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		attributes string
		action     plancheck.ResourceActionType
	}{
		"bare":         {"", plancheck.ResourceActionNoop},
		"no triggers":  {"store_token = false", plancheck.ResourceActionNoop},
		"triggers":     {first, plancheck.ResourceActionUpdate},
		"stored":       {"store_token = true", plancheck.ResourceActionUpdate},
		"create first": {first + "\n" + cbd, plancheck.ResourceActionUpdate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newByHand(t)
			adopt := b.config(test.attributes) + fmt.Sprintf(`import {
				to = commpeak_stream_token.test
				id = "%d"
			}
			`, b.id)
			b.test(t,
				b.kept(planned(apply(adopt), test.action)),
				last(b.kept(planned(apply(b.config(test.attributes)), plancheck.ResourceActionNoop)), post),
			)
		})
	}
}

// The first triggers after an import reset nothing; from then on, others do.
func TestAccTokenImportThenTriggers(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	adopt := fmt.Sprintf(`import {
		to = commpeak_stream_token.test
		id = "%d"
	}
	`, b.id)
	b.test(t,
		b.kept(planned(apply(adopt+b.config()), plancheck.ResourceActionNoop)),
		b.kept(planned(apply(b.config(first)), plancheck.ResourceActionUpdate)),
		b.renewed(planned(apply(b.config(second), post), plancheck.ResourceActionReplace)),
		b.renewed(planned(apply(b.config(), post), plancheck.ResourceActionReplace)),
		last(b.renewed(planned(apply(b.config(first), post), plancheck.ResourceActionReplace)), post),
	)
}

func TestAccTokenImportVerified(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	b.test(t,
		apply(b.config(), post),
		last(acctest.Step{TestStep: resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: strconv.Itoa(b.id),
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "stream_id",
			// What an import cannot know.
			ImportStateVerifyIgnore: []string{"fingerprint", "version", "reset_at"},
		}}, post),
	)
}

func TestAccTokenImportByIdentity(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.IdentityImport)
	b := newByHand(t)
	adopt := planned(apply(b.config()+fmt.Sprintf(`import {
		to       = commpeak_stream_token.test
		identity = { stream_id = "%d" }
	}
	`, b.id)), plancheck.ResourceActionNoop)
	adopt.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("stream_id")),
		statecheck.ExpectKnownValue(address, tfjsonpath.New("reset_at"), knownvalue.Null()),
	}
	b.test(t, last(b.kept(adopt), post))
}

func TestAccTokenImportMistakes(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	b.Tolerate(http.StatusNotFound)
	fails := func(id, message string) acctest.Step {
		return acctest.Step{TestStep: resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(message),
		}}
	}
	b.test(t,
		apply(b.config(), post),
		fails("newsletter", `(?s)"newsletter".*whole\s+number`),
		last(fails("4711", "(?i)non-existent"), post),
	)
}

// A reset that fails, or whose answer is lost, is sent once. The state is right
// afterwards, and so is the next plan.
func TestAccTokenFailedReset(t *testing.T) {
	t.Parallel()
	lost := func(stage mockserver.Stage) mockserver.Fault {
		return mockserver.Fault{Pattern: post, Stage: stage, Drop: true}
	}
	broken := func(stage mockserver.Stage) mockserver.Fault {
		return mockserver.Fault{Pattern: post, Stage: stage, Status: 502}
	}
	for name, test := range map[string]struct {
		fault mockserver.Fault
		fails string // empty: what happened is found out
	}{
		"refused":                      {mockserver.Fault{Pattern: post, Status: 422}, "HTTP\\s+422"},
		"lost before it was done":      {lost(mockserver.Before), "Could not (reset|invalidate)"},
		"lost after it was done":       {lost(mockserver.After), ""},
		"in trouble before it is done": {broken(mockserver.Before), "HTTP\\s+502"},
		"in trouble after it is done":  {broken(mockserver.After), ""},
		"answered with nonsense":       {mockserver.Fault{Pattern: post, Stage: mockserver.After, Body: "<html>"}, ""},
		"too many requests, then done": {mockserver.Fault{Pattern: post, Status: 429, Header: map[string]string{"Retry-After": "0"}}, ""},
	} {
		// The request of a retry is another one.
		writes := []string{post}
		if test.fault.Status == http.StatusTooManyRequests {
			writes = append(writes, post)
		}
		hit := func(b *byHand, step acctest.Step) acctest.Step {
			step.PreConfig = func() { b.Inject(test.fault) }
			step.Writes = writes
			if test.fails == "" {
				return b.renewed(step)
			}
			step.ExpectError = regexp.MustCompile(test.fails)
			return step
		}
		again := func(b *byHand, config string) acctest.Step {
			if test.fails == "" {
				return b.kept(apply(config))
			}
			return b.renewed(apply(config, post))
		}
		t.Run("create: "+name, func(t *testing.T) {
			t.Parallel()
			b := newByHand(t)
			b.test(t, hit(b, apply(b.config(first))), last(again(b, b.config(first)), post))
		})
		for order, lifecycle := range map[string]string{"replace: ": "", "create before destroy: ": cbd} {
			if !test.fault.Drop {
				continue // nothing that the others do not show.
			}
			t.Run(order+name, func(t *testing.T) {
				t.Parallel()
				b := newByHand(t)
				b.test(t,
					b.renewed(apply(b.config(first, lifecycle), post)),
					hit(b, apply(b.config(second, lifecycle))),
					last(again(b, b.config(second, lifecycle)), post),
				)
			})
		}
		t.Run("destroy: "+name, func(t *testing.T) {
			t.Parallel()
			b := newByHand(t)
			gone := hit(b, apply(`resource "terraform_data" "other" {}`))
			gone.Check = nil
			steps := []acctest.Step{b.renewed(apply(b.config(first), post)), gone}
			if test.fails != "" {
				steps = append(steps, apply(`resource "terraform_data" "other" {}`, post))
			}
			b.test(t, steps...)
			if b.Token(b.id) == b.seen {
				t.Error("the token still works")
			}
		})
	}
}

// A destruction that create_before_destroy has left for later, because what
// depends on the token failed, does not reset the new token.
func TestAccTokenLeftBehind(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	config := func(triggers string) string {
		return b.config(triggers, cbd) + `resource "commpeak_stream" "other" {
			name        = "Depends on the token"
			type        = "marketing"
			description = "Version ${commpeak_stream_token.test.version}"
		}
		`
	}
	interrupted := apply(config(second), post, "PATCH /streams/{id}")
	interrupted.PreConfig = func() { b.Inject(mockserver.Fault{Pattern: "PATCH /streams/{id}", Status: 422}) }
	interrupted.ExpectError = regexp.MustCompile("Could not change the stream")
	finish := apply(config(second), "PATCH /streams/{id}")
	token := ""
	finish.PreConfig = func() { token = b.Token(b.id) }
	finish.Check = func(*terraform.State) error {
		if b.Token(b.id) != token {
			return errors.New("the new token does not work")
		}
		return nil
	}
	b.test(t, apply(config(first), post, "POST /streams"), interrupted, last(finish, post))
}

// The date of a reset is the time at which it was made.
func TestAccTokenIsDated(t *testing.T) {
	t.Parallel()
	b := newByHand(t)
	begin := time.Now().Truncate(time.Second)
	step := b.renewed(apply(b.config(), post))
	step.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownValue(address, tfjsonpath.New("reset_at"), knownvalue.StringFunc(func(text string) error {
			at, err := time.Parse(time.RFC3339, text)
			if err == nil && (at.Before(begin) || at.After(time.Now())) {
				err = errors.New("it is another time than that of the reset")
			}
			return err
		})),
	}
	b.test(t, last(step, post))
}

// Where the API offers reads only, importing a token and following it work. What
// resets it says so.
func TestAccTokenWritesNotOffered(t *testing.T) {
	t.Parallel()
	for _, policy := range []mockserver.WritePolicy{mockserver.WritesNotAllowed, mockserver.WritesNotFound} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t, func(o *mockserver.Options) { o.Writes = policy })
			account.Tolerate(http.StatusNotFound)
			account.Tolerate(http.StatusMethodNotAllowed)
			made := account.AddStream(mockserver.Stream{Name: "By hand"})
			b := &byHand{Account: account, id: made.ID, seen: account.Token(made.ID)}
			adopt := apply(b.config() + fmt.Sprintf(`import {
				to = commpeak_stream_token.test
				id = "%d"
			}
			`, b.id))
			refused := apply(`resource "terraform_data" "other" {}`, post)
			refused.ExpectError = regexp.MustCompile(`does\s+not\s+offer\s+it`)
			b.test(t, b.kept(adopt), b.inConsole(b.renewed(apply(b.config()))), refused, apply(`removed {
				from = commpeak_stream_token.test
				lifecycle { destroy = false }
			}`))
		})
	}
}
