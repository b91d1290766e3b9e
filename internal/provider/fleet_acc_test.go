package provider_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const (
	fleetMap   = "streams.auto.tfvars"
	fleetMoves = "account/moved.tf"
	fleetToken = "EAAG-of-the-fleet"
)

// wholeFleet reports whether the test takes all three accounts of the example.
// The third takes a third of the time, and shows nothing that two do not.
func wholeFleet() bool { return os.Getenv("TF_ACC_WHOLE_FLEET") == "1" }

// staging is the third account: its module, and what depends on it.
var staging = regexp.MustCompile(`(?s)module "staging" \{.*?\n\}\n\n| *staging +=[^\n]*\n`)

// fleet is the example of that name, with an account for each environment.
type fleet struct {
	*acctest.Workspace
	t        *testing.T
	accounts map[string]*acctest.Account
	// moves is the file with the moved blocks.
	moves string
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{t: t, accounts: map[string]*acctest.Account{}}
	environments := []string{"dev", "production"}
	if wholeFleet() {
		environments = append(environments, "staging")
	}
	for _, environment := range environments {
		f.accounts[environment] = acctest.NewAccount(t)
	}
	f.Workspace = acctest.NewWorkspace(t, f.accounts["dev"])
	copyExample(f.Workspace, "fleet")
	if !wholeFleet() {
		f.removeStaging()
	}
	address := f.gateway()
	f.Setenv("COMMPEAK_ENDPOINT", address+mockserver.ManagementPath)
	f.Setenv("COMMPEAK_MESSAGING_ENDPOINT", address)
	f.Setenv("COMMPEAK_API_KEY", "")
	f.Setenv("TF_VAR_staging_api_key", "")
	for environment, account := range f.accounts {
		f.Setenv("TF_VAR_"+environment+"_api_key", account.APIKey())
		f.accounts["dev"].Guard(account.APIKey())
	}
	f.Setenv("TF_VAR_whatsapp_access_token", fleetToken)
	f.accounts["dev"].Guard(fleetToken)
	// What Terraform has to say of three hundred objects is too much.
	f.Setenv("TF_LOG", "")
	f.Setenv("TF_LOG_PROVIDER", "TRACE")
	return f
}

// removeStaging removes the third account from the example.
func (f *fleet) removeStaging() {
	f.t.Helper()
	for _, name := range []string{"main.tf", "outputs.tf"} {
		text := f.Read(name)
		if found := len(staging.FindAllString(text, -1)); found != 1 {
			f.t.Fatalf("%s has the account for staging %d times", name, found)
		}
		f.Write(name, staging.ReplaceAllString(text, ""))
	}
}

// gateway is the one address of the API: which account answers there, the
// key decides. The account for production answers to an unknown key.
func (f *fleet) gateway() string {
	f.t.Helper()
	byKey := map[string]http.Handler{}
	for _, account := range f.accounts {
		target, err := url.Parse(account.MessagingEndpoint)
		if err != nil {
			f.t.Fatal(err)
		}
		byKey[account.APIKey()] = httputil.NewSingleHostReverseProxy(target)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		account, known := byKey[r.Header.Get("Authorization")]
		if !known {
			account = byKey[f.accounts["production"].APIKey()]
		}
		account.ServeHTTP(w, r)
	}))
	f.t.Cleanup(server.Close)
	return server.URL
}

// edit replaces what stands once in a file.
func (f *fleet) edit(name, what, by string) {
	f.t.Helper()
	text := f.Read(name)
	if strings.Count(text, what) != 1 {
		f.t.Fatalf("%s has %q %d times", name, what, strings.Count(text, what))
	}
	f.Write(name, strings.Replace(text, what, by, 1))
}

// apply runs the CLI and demands just these writes, in any order, and none to an
// account that is not named. Then the state equals the accounts.
func (f *fleet) apply(plan string, writes map[string][]string) {
	f.t.Helper()
	begin := map[string]int{}
	for environment, account := range f.accounts {
		begin[environment] = len(account.Requests())
	}
	f.Run("apply", plan)
	for environment, account := range f.accounts {
		made := f.writes(environment, account.Requests()[begin[environment]:])
		slices.Sort(writes[environment])
		if !slices.Equal(made, writes[environment]) {
			f.t.Errorf("writes to %s: %q, not %q", environment, made, writes[environment])
		}
	}
	f.check()
}

// writes are those of the requests that change something, sorted. None may be
// refused.
func (f *fleet) writes(environment string, requests []mockserver.Request) []string {
	f.t.Helper()
	var writes []string
	for _, request := range requests {
		if request.Status >= 400 {
			f.t.Errorf("%s answers %s with HTTP %d", environment, request.Pattern, request.Status)
		}
		if request.Method != http.MethodGet {
			writes = append(writes, strings.TrimSpace(request.Pattern+" "+string(request.Body)))
		}
	}
	slices.Sort(writes)
	return writes
}

// check compares each account with its module in the state: no stream is
// elsewhere, and no secret anywhere.
func (f *fleet) check() {
	f.t.Helper()
	for _, module := range f.State().Values.RootModule.ChildModules {
		account := f.accounts[strings.TrimPrefix(module.Address, "module.")]
		account.CheckState(f.t, &tfjson.State{Values: &tfjson.StateValues{RootModule: module}})
		if managed, there := len(module.ChildModules), len(account.Streams()); managed != there {
			f.t.Errorf("%s has %d streams, and %d are managed", module.Address, there, managed)
		}
	}
	text := f.Read("terraform.tfstate")
	for _, account := range f.accounts {
		if strings.Contains(text, account.APIKey()) || strings.Contains(text, fleetToken) {
			f.t.Error("the state holds a secret")
		}
	}
}

const now = "-auto-approve"

// Two accounts, or three, and forty streams: each change reaches the accounts and objects
// that it is about, and no other, and an error names the object that it is about.
func TestAccFleet(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.create()
	f.rename()
	f.change()
	f.mistakes()
	f.wrongKeys()
	f.destroy()
}

// create makes the fleet as it was when one stream still went by its old key.
func (f *fleet) create() {
	f.t.Helper()
	f.moves = f.Read(fleetMoves)
	f.Remove(fleetMoves)
	f.edit(fleetMap, "\n  shipping = {", "\n  shipments = {")
	f.Run("init")
	f.Run("apply", now)
	f.check()
	names := map[string]bool{}
	for environment, account := range f.accounts {
		for _, stream := range account.Streams() {
			names[stream.Name] = true
			if stream.Demo == (environment == "production") {
				f.t.Errorf("%s only pretends to send: %t", environment, stream.Demo)
			}
		}
	}
	want := 40
	if !wholeFleet() {
		want-- // one stream is only in staging.
	}
	if len(names) != want {
		f.t.Errorf("there are %d streams, not %d", len(names), want)
	}
	f.Run("plan", "-detailed-exitcode")
}

// rename makes the fleet the example: all that belongs to the stream moves, and
// nothing else happens.
func (f *fleet) rename() {
	f.t.Helper()
	f.Write(fleetMoves, f.moves)
	f.edit(fleetMap, "\n  shipments = {", "\n  shipping = {")
	f.Run("plan", "-out=moves")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(f.Run("show", "-json", "moves")), &plan); err != nil {
		f.t.Fatal(err)
	}
	moved := 0
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() {
			f.t.Errorf("%s: %v", change.Address, change.Change.Actions)
		}
		if change.PreviousAddress != "" {
			moved++
			if want := strings.Replace(change.PreviousAddress, `["shipments"]`, `["shipping"]`, 1); change.Address != want {
				f.t.Errorf("%s becomes %s", change.PreviousAddress, change.Address)
			}
		}
	}
	// The stream, its list of allowed IPs and four texts.
	if want := 6 * len(f.accounts); moved != want {
		f.t.Errorf("%d objects move, not %d", moved, want)
	}
	f.apply("moves", nil)
}

// newcomer is a stream of one environment.
const newcomer = `streams = {
  outlet = {
    name         = "Outlet"
    type         = "transactional"
    allowed_from = ["shop"]
    events       = { sold = "Sold: {article}" }
    environments = ["dev"]
  }
`

// change changes a stream of all environments, and adds one to one.
func (f *fleet) change() {
	f.t.Helper()
	const patch = `PATCH /streams/{id} {"description":"Where a parcel is now"}`
	f.edit(fleetMap, `"Where a parcel is"`, `"Where a parcel is now"`)
	f.edit(fleetMap, "streams = {\n", newcomer)
	writes := map[string][]string{}
	for environment := range f.accounts {
		writes[environment] = []string{patch}
	}
	writes["dev"] = append(
		writes["dev"],
		`POST /streams {"name":"Outlet","type":"transactional","description":null,"streamTags":[],"defaultSender":"GLOBAL","demo":true,"restricted":true,"state":"ready"}`,
		`POST /streams/{id}/events {"name":"Sold","key":"sold","template":"Sold: {article}"}`,
		`PATCH /streams/{id} {"ipAcl":"203.0.113.64/28"}`,
	)
	f.apply(now, writes)
}

// mistakes makes one in an entry of the map, one after the other.
func (f *fleet) mistakes() {
	f.t.Helper()
	text := f.Read(fleetMap)
	defer f.Write(fleetMap, text)
	for name, test := range map[string]struct {
		what, by string
		words    []string
	}{
		"type":        {`"marketing"`, `"Marketing"`, []string{`module.stream["newsletter_de"].commpeak_stream.this`, `"two_way" "whatsapp"`, `got: "Marketing"`}},
		"name":        {`"Newsletter Poland"`, `"Newsletter Italy"`, []string{"These streams share a name: newsletter_it, newsletter_pl."}},
		"environment": {`["staging"]`, `["live"]`, []string{"Environments are dev, staging and production, unlike those of: load_test."}},
		"network":     {`["shop", "warehouse"]`, `["shop", "depot"]`, []string{"The settings have no such network: depot (click_and_collect)."}},
		"otp":         {"\"Outlet\"\n    type         = \"transactional\"", "\"Outlet\"\n    type         = \"otp\"", []string{"Missing otp settings", `the stream "Outlet"`, "otp = {}"}},
		"protection":  {"\n  newsletter_pl = {", "\n  newsletter_po = {", []string{"is protected", `the stream "Newsletter Poland"`, "deletion_protection = false"}},
	} {
		f.Write(fleetMap, strings.Replace(text, test.what, test.by, 1))
		out, err := f.Try("plan", "-refresh=false")
		if err == nil || !says(test.words...).MatchString(out) {
			f.t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// wrongKeys configures one account with the key of another one, and with an unknown key.
func (f *fleet) wrongKeys() {
	f.t.Helper()
	f.Setenv("TF_VAR_dev_api_key", f.accounts["production"].APIKey())
	f.demandOneError("The state belongs to a different account")
	f.Setenv("TF_VAR_dev_api_key", f.accounts["dev"].APIKey())

	f.Setenv("TF_VAR_production_api_key", "unknown")
	f.demandOneError("CommPeak rejected the API key", `module.production.module.stream`, "HTTP 401", "COMMPEAK_API_KEY")
	f.Setenv("TF_VAR_production_api_key", f.accounts["production"].APIKey())
}

var errorLine = regexp.MustCompile(`(?m)^Error: .*`)

// demandOneError demands that plan fails with the same error for all streams. Terraform shows
// equal errors once; other CLIs show each.
func (f *fleet) demandOneError(summary string, words ...string) {
	f.t.Helper()
	out, err := f.Try("plan")
	if err == nil || !says(append([]string{summary}, words...)...).MatchString(out) {
		f.t.Errorf("%v\n%s", err, out)
	}
	for _, line := range errorLine.FindAllString(out, -1) {
		if line != "Error: "+summary {
			f.t.Errorf("%s", line)
		}
	}
}

// destroy takes away the stream of one environment and the protection, of which
// only Terraform knows, and then the rest.
func (f *fleet) destroy() {
	f.t.Helper()
	f.edit(fleetMap, newcomer, "streams = {\n")
	f.edit("main.tf", "deletion_protection = true", "deletion_protection = false")
	f.apply(now, map[string][]string{"dev": {
		`DELETE /streams/{id}/events/{eventId}`, `DELETE /streams/{id}`,
	}})
	f.Run("plan", "-detailed-exitcode")
	f.Run("destroy", now)
	for environment, account := range f.accounts {
		if left := len(account.Streams()); left > 0 {
			f.t.Errorf("%s has %d streams left", environment, left)
		}
	}
}
