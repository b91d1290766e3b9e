package stream_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

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

const address = "commpeak_stream.test"

// config is a stream with these attributes.
func config(attributes ...string) string {
	return "resource \"commpeak_stream\" \"test\" {\n" + strings.Join(attributes, "\n") + "\n}\n"
}

// only is the one stream of the account.
func only(account *acctest.Account) mockserver.Stream {
	streams := account.Streams()
	if len(streams) != 1 {
		panic(fmt.Sprintf("%d streams in the account, not one", len(streams)))
	}
	return streams[0]
}

// edit changes the one stream of the account, as a console user would.
func edit(account *acctest.Account, change func(*mockserver.Stream)) func() {
	return func() { account.EditStream(only(account).ID, change) }
}

func apply(config string, writes ...string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: config}, Writes: writes}
}

// planned demands what the plan does with the stream.
func planned(step acctest.Step, action plancheck.ResourceActionType) acctest.Step {
	step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, plancheck.ExpectResourceAction(address, action))
	return step
}

const (
	marketing = `name = "Newsletter"
		type = "marketing"`
	otp = `name = "Login codes"
		type = "otp"`
	whatsApp = `name = "Support"
		type = "whatsapp"`
)

// created is the request that creates a stream with these fields, and with the
// defaults of the others.
func created(fields string) string {
	return `POST /streams {"description":null,"streamTags":[],"defaultSender":null,"demo":false,"restricted":false,"state":"ready",` + fields + `}`
}

func TestAccStreamEachType(t *testing.T) {
	t.Parallel()
	for kind, test := range map[string]struct{ attributes, create string }{
		"marketing":     {`type = "marketing"`, `"name":"A","type":"marketing"`},
		"transactional": {`type = "transactional"`, `"name":"A","type":"transactional"`},
		"two_way":       {`type = "two_way"`, `"name":"A","type":"two_way"`},
		"otp": {
			`type = "otp"
			otp = {}`,
			`"name":"A","type":"otp",
			"otpSettings":{"codeGeneration":"commpeak","codeLength":5,"codeTtl":300,"maxFailures":3,"sendingLimit":null}`,
		},
		"whatsapp": {
			`type = "whatsapp"
			whatsapp = { business_id = "1029384756" }`,
			`"name":"A","type":"whatsapp","whatsApp":{"businessId":"1029384756"}`,
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			step := planned(apply(config(`name = "A"`, test.attributes), created(test.create)), plancheck.ResourceActionCreate)
			step.ConfigStateChecks = []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("enabled"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("deletion_protection"), knownvalue.Bool(false)),
			}
			acctest.Test(t, acctest.NewAccount(t), step)
		})
	}
}

func TestAccStreamEverything(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	step := apply(config(`name = "Login codes ☎ \"quoted\""
		type           = "otp"
		description    = "One-time codes"
		tags           = ["shop", "eu"]
		default_sender = "GLOBAL"
		demo           = true
		enabled        = false
		restricted     = true
		deletion_protection = false
		otp = {
			code_generation = "customer"
			code_length     = 8
			code_ttl_seconds        = 60
			max_failures    = 10
			sending_limit   = { max_messages = 4, period_seconds = 3600 }
		}`),
		`POST /streams {"name":"Login codes ☎ \"quoted\"","type":"otp","description":"One-time codes",
		"streamTags":[{"value":"eu"},{"value":"shop"}],"defaultSender":"GLOBAL","demo":true,"restricted":true,"state":"disabled",
		"otpSettings":{"codeGeneration":"customer","codeLength":8,"codeTtl":60,"maxFailures":10,"sendingLimit":{"messages":4,"periodSeconds":3600}}}`)
	acctest.Test(t, account, step)
}

// Attributes are changed in place by one PATCH with what changed and nothing else,
// and drift is found and repaired. TestStreamEachAttribute has all of them.
func TestAccStreamAttributes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"several at once", "otp.sending_limit removed"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test, account := attributeCases[name], acctest.NewAccount(t)
			repair := planned(apply(config(test.base, test.to), "PATCH /streams/{id} "+test.undo), plancheck.ResourceActionUpdate)
			repair.PreConfig = edit(account, test.drift)
			acctest.Test(t, account,
				apply(config(test.base, test.from), "POST /streams"),
				planned(apply(config(test.base, test.to), "PATCH /streams/{id} "+test.patch), plancheck.ResourceActionUpdate),
				repair,
			)
		})
	}
}

// What Terraform keeps to itself is changed without a request.
func TestAccStreamTerraformSideOnly(t *testing.T) {
	t.Parallel()
	acctest.Test(t, acctest.NewAccount(t),
		apply(config(marketing), "POST /streams"),
		planned(apply(config(marketing, `deletion_protection = true`)), plancheck.ResourceActionUpdate),
		apply(config(marketing)),
	)
}

func TestAccStreamTypeReplaces(t *testing.T) {
	t.Parallel()
	acctest.Test(t, acctest.NewAccount(t),
		apply(config(marketing), "POST /streams"),
		planned(apply(config(`name = "Newsletter"
			type = "otp"
			otp = {}`), "DELETE /streams/{id}", "POST /streams"), plancheck.ResourceActionReplace),
		planned(apply(config(`name = "Newsletter"
			type = "two_way"
			lifecycle { create_before_destroy = true }`), "POST /streams", "DELETE /streams/{id}"), plancheck.ResourceActionReplace),
	)
}

// A stream of another type under the same id is drift that only replacement
// repairs.
func TestAccStreamTypeDrift(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	repair := planned(apply(config(marketing), "DELETE /streams/{id}", "POST /streams"), plancheck.ResourceActionReplace)
	repair.PreConfig = edit(account, func(s *mockserver.Stream) { s.Type = mockserver.Transactional })
	acctest.Test(t, account, apply(config(marketing), "POST /streams"), repair)
}

func TestAccStreamDeletedOutside(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	again := planned(apply(config(marketing), "POST /streams"), plancheck.ResourceActionCreate)
	again.PreConfig = func() { account.RemoveStream(only(account).ID) }
	acctest.Test(t, account, apply(config(marketing), "POST /streams"), again)
}

// A stream that vanishes between the plan and the destruction is no error.
func TestAccStreamDeletedTwice(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	account.Inject(mockserver.Fault{Pattern: "DELETE /streams/{id}", Stage: mockserver.After, Drop: true})
	acctest.Test(t, account, apply(config(marketing), "POST /streams"))
	if got := account.Count("DELETE /streams/{id}"); got != 2 {
		t.Errorf("%d deletes were sent, not the lost one and its retry", got)
	}
}

func TestAccStreamDeletionProtection(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	protected := config(marketing, "deletion_protection = true")
	refused := regexp.MustCompile(`(?s)protected from deletion.*deletion_protection = false`)
	acctest.Test(t, account,
		apply(protected, "POST /streams"),
		acctest.Step{TestStep: resource.TestStep{Config: protected, Destroy: true, ExpectError: refused}},
		acctest.Step{TestStep: resource.TestStep{
			Config:      config(`name = "Newsletter"`, `type = "two_way"`, "deletion_protection = true"),
			ExpectError: refused,
		}},
		acctest.Step{TestStep: resource.TestStep{
			// Neither the old value nor the new one in one go: off first, then replace.
			Config:      config(`name = "Newsletter"`, `type = "two_way"`, "deletion_protection = false"),
			ExpectError: refused,
		}},
		acctest.Step{TestStep: resource.TestStep{Config: protected, PlanOnly: true}},
		apply(config(marketing)),
	)
}

func TestAccStreamImport(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]string{
		"marketing": marketing + `
			description = "All"
			tags = ["a"]
			default_sender = "GLOBAL"
			demo = true
			restricted = true`,
		"bare": marketing,
		"disabled": marketing + `
			enabled = false`,
		"otp": otp + `
			otp = { code_length = 6, sending_limit = { max_messages = 3, period_seconds = 60 } }`,
		"whatsapp": whatsApp + `
			whatsapp = { business_id = "1" }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Test(t, acctest.NewAccount(t),
				apply(config(attributes), "POST /streams"),
				acctest.Step{TestStep: resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true}},
				acctest.Step{TestStep: resource.TestStep{
					ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				}},
			)
		})
	}
}

func TestAccStreamImportByIdentity(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.IdentityImport)
	for name, attributes := range map[string]string{
		"marketing": marketing,
		"otp": otp + `
			otp = { code_length = 6, sending_limit = { max_messages = 3, period_seconds = 60 } }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Test(t, acctest.NewAccount(t),
				apply(config(attributes), "POST /streams"),
				acctest.Step{TestStep: resource.TestStep{
					ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
				}},
			)
		})
	}
}

// A stream made by hand is adopted without a change.
func TestAccStreamAdoption(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	made := account.AddStream(mockserver.Stream{
		Name: "By hand", Type: mockserver.OTP, Tags: []string{"old"}, IPACL: "203.0.113.7; 198.51.100.0/24",
		OTP: &mockserver.OTPSettings{CodeGeneration: "customer", CodeLength: 7, CodeTTL: 90, MaxFailures: 2},
	})
	adopt := apply(config(`name = "By hand"
		type = "otp"
		tags = ["old"]
		otp = {
			code_generation = "customer"
			code_length     = 7
			code_ttl_seconds        = 90
			max_failures    = 2
		}`) + `
		import {
			to = commpeak_stream.test
			id = "` + strconv.Itoa(made.ID) + `"
		}`)
	acctest.Test(t, account, planned(adopt, plancheck.ResourceActionNoop))
}

func TestAccStreamImportMistakes(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusNotFound)
	fails := func(id, message string) acctest.Step {
		return acctest.Step{TestStep: resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(message),
		}}
	}
	acctest.Test(t, account,
		apply(config(marketing), "POST /streams"),
		fails("newsletter", `(?s)"newsletter".*whole\s+number`),
		fails("4711", "(?i)non-existent"),
	)
}

func TestAccStreamIdentityIsKept(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Identity)
	account := acctest.NewAccount(t)
	named := func(step acctest.Step) acctest.Step {
		step.ConfigStateChecks = []statecheck.StateCheck{
			statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
		}
		return step
	}
	acctest.Test(t, account,
		named(apply(config(marketing), "POST /streams")),
		named(apply(config(marketing, "demo = true"), "PATCH /streams/{id}")),
	)
}

// tokenVariable is how a configuration gets an access token without holding it.
const tokenVariable = `variable "token" {
	type      = string
	ephemeral = true
}
`

// withToken gives a step the access token.
func withToken(step acctest.Step, token string) acctest.Step {
	step.Config = tokenVariable + step.Config
	step.ConfigVariables = tfconfig.Variables{"token": tfconfig.StringVariable(token)}
	return step
}

// The access token is sent on creation and when its version changes, and is
// kept nowhere.
func TestAccStreamAccessToken(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	version := func(version int) string {
		return config(whatsApp, fmt.Sprintf(`whatsapp = {
			business_id             = "1"
			access_token_wo         = var.token
			access_token_wo_version = %d
		}`, version))
	}
	holds := func(step acctest.Step, token string) acctest.Step {
		step.Check = func(*terraform.State) error {
			if got := account.AccessToken(only(account).ID); got != token {
				return fmt.Errorf("the account holds the token %q, not %q", got, token)
			}
			return nil
		}
		return step
	}
	const first, second = "EAAG-first-access-token", "EAAG-second-access-token"
	acctest.Test(t, account,
		holds(withToken(apply(version(1), created(`"name":"Support","type":"whatsapp",
			"whatsApp":{"businessId":"1","accessToken":"`+first+`"}`)), first), first),
		// Another token under the same version is not sent.
		holds(withToken(apply(version(1)), second), first),
		holds(withToken(apply(version(2), `PATCH /streams/{id} {"whatsApp":{"businessId":"1","accessToken":"`+second+`"}}`), second), second),
		// Without the token, everything else can still be changed.
		holds(apply(config(whatsApp, "demo = true", `whatsapp = {
			business_id             = "1"
			access_token_wo_version = 2
		}`), `PATCH /streams/{id} {"demo":true}`), second),
		acctest.Step{TestStep: resource.TestStep{
			Config: config(whatsApp, `whatsapp = {
				business_id             = "1"
				access_token_wo_version = 3
			}`),
			ExpectError: regexp.MustCompile("There is no access token to send"),
		}},
	)
}

// Status and last activity change on their own. They are not part of the resource,
// so a refresh shows no drift.
func TestAccStreamActivityIsNoDrift(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	quiet := apply(config(marketing))
	quiet.PreConfig = edit(account, func(s *mockserver.Stream) {
		s.State = mockserver.Sending
		s.LastActivityAt = s.CreatedAt.AddDate(0, 0, 1)
	})
	busy := apply(config(marketing, "demo = true"), `PATCH /streams/{id} {"demo":true}`)
	acctest.Test(t, account, apply(config(marketing), "POST /streams"), planned(quiet, plancheck.ResourceActionNoop), busy)
}

// Another program changes the stream while it is being changed here: what is not
// configured otherwise survives.
func TestAccStreamOnlySendsWhatChanged(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	change := apply(config(marketing, `description = "New"`), `PATCH /streams/{id} {"description":"New"}`)
	change.PreConfig = edit(account, func(s *mockserver.Stream) { s.IPACL = "203.0.113.7" })
	change.Check = func(*terraform.State) error {
		if acl := only(account).IPACL; acl != "203.0.113.7" {
			return fmt.Errorf("the allowed IPs became %q", acl)
		}
		return nil
	}
	acctest.Test(t, account, apply(config(marketing), "POST /streams"), change)
}

// A create whose answer is lost ends with one stream, whether the API had
// acted on it or not, and next to an equal stream that was created by hand.
func TestAccStreamLostCreate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stage  mockserver.Stage
		writes []string
	}{
		"before the API acted": {mockserver.Before, []string{"POST /streams", "POST /streams"}},
		"after the API acted":  {mockserver.After, []string{"POST /streams"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			twin := account.AddStream(mockserver.Stream{Name: "Newsletter", CreatedAt: time.Now().Add(-time.Hour)})
			account.Inject(mockserver.Fault{Pattern: "POST /streams", Stage: test.stage, Drop: true})
			step := apply(config(marketing), test.writes...)
			step.Check = func(*terraform.State) error {
				if _, found := account.Stream(twin.ID); !found || len(account.Streams()) != 2 {
					return fmt.Errorf("the account holds %v", account.Streams())
				}
				return nil
			}
			acctest.TestKeeping(t, account, []string{"Newsletter"}, step)
		})
	}
}

// Values that come from another resource are unknown while planning.
func TestAccStreamUnknownValues(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	source := func(value string) string {
		return fmt.Sprintf(`resource "terraform_data" "source" {
			input            = %q
			triggers_replace = %q
		}
		locals {
			name = terraform_data.source.output
		}
		`, value, value)
	}
	stream := config(`name = local.name
		type           = "marketing"
		description    = local.name
		tags           = [local.name, "fixed"]
		default_sender = local.name == "x" ? null : "GLOBAL"
		demo           = length(local.name) > 100
		restricted     = length(local.name) > 100`)
	acctest.Test(t, account,
		apply(source("one")+stream, "POST /streams"),
		apply(source("two")+stream, "PATCH /streams/{id}"),
	)
}

// A type that is not known yet is checked as soon as it is.
func TestAccStreamUnknownType(t *testing.T) {
	t.Parallel()
	stream := func(kind string) string {
		return fmt.Sprintf(`resource "terraform_data" "source" { input = %q }
			resource "commpeak_stream" "test" {
				name = "Login codes"
				type = terraform_data.source.output
				otp  = {}
			}`, kind)
	}
	acctest.Test(t, acctest.NewAccount(t), apply(stream("otp"), "POST /streams"))
	acctest.Test(t, acctest.NewAccount(t), acctest.Step{TestStep: resource.TestStep{
		Config: stream("marketing"), ExpectError: regexp.MustCompile(`Unexpected otp settings`),
	}})
}

func TestAccStreamUnknownNestedValues(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	const attributes = `resource "terraform_data" "source" { input = 7 }
		resource "commpeak_stream" "test" {
			name = "Login codes"
			type = "otp"
			otp = {
				code_length   = terraform_data.source.output
				sending_limit = terraform_data.source.output == 7 ? { max_messages = 3, period_seconds = terraform_data.source.output } : null
			}
		}
		resource "commpeak_stream" "whatsapp" {
			name = "Support"
			type = "whatsapp"
			whatsapp = {
				business_id             = "b-${terraform_data.source.output}"
				access_token_wo         = "${var.token}-${terraform_data.source.output}"
				access_token_wo_version = terraform_data.source.output
			}
		}`
	acctest.Test(t, account, withToken(apply(attributes, "POST /streams", "POST /streams"), "EAAG-token"))
}

// Many streams of one configuration are each made by one request.
func TestAccStreamMany(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	writes := make([]string, 120)
	for i := range writes {
		writes[i] = "POST /streams"
	}
	acctest.Test(t, account, apply(`resource "commpeak_stream" "test" {
		count = 120
		name  = "Same name"
		type  = "marketing"
	}`, writes...))
}
