package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// logs is where each acceptance test leaves its TRACE log.
var logs string

// folders is where the CLI's working folders are, below logs.
func folders() string { return filepath.Join(logs, "folders") }

// Main runs a package's acceptance tests: it finds the CLI, which must be new
// enough, and settles its environment, so that no setting of the user's leaks in
// and all that the CLI leaves behind is kept for inspection: no secret of any
// account may be in it.
func Main(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if os.Getenv(resource.EnvTfAcc) == "" {
		return m.Run()
	}
	found, err := CLI()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	dir, err := os.MkdirTemp("", "commpeak-acctest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	logs = dir
	if err := os.Mkdir(folders(), 0o700); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	config := filepath.Join(dir, "cli.tfrc")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for name, value := range map[string]string{
		"TF_CLI_CONFIG_FILE":         config,
		"CHECKPOINT_DISABLE":         "1",
		"TF_ACC_PROVIDER_HOST":       found.Host(),
		"TF_ACC_PROVIDER_NAMESPACE":  "commpeak",
		"TF_ACC_TERRAFORM_PATH":      found.Path,
		"TF_ACC_PERSIST_WORKING_DIR": "1",
		"TF_ACC_TEMP_DIR":            folders(),
		"TF_LOG":                     "TRACE",
		"TF_LOG_PATH_MASK":           filepath.Join(dir, "%s.log"),
	} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	failed := m.Run()
	if err := sweepAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return failed
}

// Step is a step of an acceptance test.
type Step struct {
	resource.TestStep
	// Writes are the requests of this step that change something, in any order,
	// in the form "PATCH /streams/{id} {body}"; the body may be left out. A
	// step makes these and no others.
	Writes []string
	// Removal are the writes that follow the last step, when everything is
	// removed, apart from any DELETE.
	Removal []string
	// AnyWrites: the writes are not compared, as when chance decides how many
	// changes go out together.
	AnyWrites bool
	// Sends tells that the step sends messages, whose traces in the account the
	// state does not know before the next refresh: the two are not compared.
	Sends bool
}

// Test runs the steps against the account. After each applied step it demands
// an empty second plan, an account that equals the state, just the writes that
// the step names, and no secret anywhere. At the end the account must be empty.
func Test(t *testing.T, account *Account, steps ...Step) {
	t.Helper()
	TestKeeping(t, account, nil, steps...)
}

// TestKeeping is [Test] where streams of these names, which Terraform does not
// manage, must survive.
func TestKeeping(t *testing.T, account *Account, keeps []string, steps ...Step) {
	t.Helper()
	marks := make([]int, len(steps))
	testCase := resource.TestCase{ProtoV6ProviderFactories: account.Providers()}
	for i, step := range steps {
		testCase.Steps = append(testCase.Steps, account.instrument(step, &marks[i]))
	}
	resource.Test(t, testCase)
	if t.Skipped() {
		return
	}
	if err := account.checkLeft(keeps); err != nil {
		t.Error(err)
	}
	account.checkWrites(t, steps, marks)
	for _, line := range account.unexpected() {
		t.Errorf("a request that was not expected: %s", line)
	}
	account.checkLogs(t)
}

// instrument adds to a step what must hold after every step. The mark is where
// the step begins in the request log.
func (a *Account) instrument(instrumented Step, mark *int) resource.TestStep {
	step := instrumented.TestStep
	prepare := step.PreConfig
	step.PreConfig = func() {
		if prepare != nil {
			prepare()
		}
		*mark = len(a.Requests())
	}
	if step.Config == "" || step.ImportState || step.Query {
		return step
	}
	secret := noSecretInPlan{a}
	if !step.PlanOnly {
		step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, secret)
	}
	step.ConfigPlanChecks.PostApplyPostRefresh = append(step.ConfigPlanChecks.PostApplyPostRefresh, secret)
	step.ConfigStateChecks = append(step.ConfigStateChecks, noSecretInState{a})
	if !instrumented.Sends {
		step.ConfigStateChecks = append(step.ConfigStateChecks, stateEqualsStore{a})
	}
	return step
}

type noSecretInPlan struct{ account *Account }

func (c noSecretInPlan) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = c.account.checkSecrets("the plan", req.Plan)
}

type noSecretInState struct{ account *Account }

func (c noSecretInState) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = c.account.checkSecrets("the state", req.State)
}

type stateEqualsStore struct{ account *Account }

func (c stateEqualsStore) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = c.account.checkStore(req.State)
}

// checkSecrets looks for every secret of the account in what is stored, apart
// from the tokens that a configuration asks to have stored.
func (a *Account) checkSecrets(where string, stored any) error {
	encoded, err := json.Marshal(stored)
	if err != nil {
		return fmt.Errorf("encoding %s: %w", where, err)
	}
	encoded, err = withoutStoredTokens(encoded)
	if err != nil {
		return fmt.Errorf("reading %s: %w", where, err)
	}
	return a.findSecret(where, string(encoded))
}

func (a *Account) findSecret(where, text string) error {
	for _, secret := range slices.Concat(a.Secrets(), a.guarded) {
		if strings.Contains(text, secret) {
			return fmt.Errorf("%s holds a secret: %.12s…", where, secret)
		}
	}
	return nil
}

// logOf is where the test leaves its TRACE log.
func logOf(t *testing.T) string {
	t.Helper()
	return filepath.Join(logs, strings.ReplaceAll(t.Name(), "/", "__")+".log")
}

// checkLogs looks for every secret of the account in the test's TRACE log.
func (a *Account) checkLogs(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(logOf(t))
	if err != nil {
		t.Errorf("the TRACE log is missing: %s", err)
		return
	}
	if !strings.Contains(string(text), "CommPeak API request") && len(a.Requests()) > 0 {
		t.Error("the TRACE log does not hold the provider's own lines, so that searching it proves nothing")
	}
	if err := a.findSecret("the TRACE log", string(text)); err != nil {
		t.Error(err)
	}
}

// CheckLog looks for secrets in the test's TRACE log.
func CheckLog(t *testing.T, secrets ...string) {
	t.Helper()
	text, err := os.ReadFile(logOf(t))
	if err != nil {
		t.Errorf("the TRACE log is missing: %s", err)
	}
	for _, secret := range secrets {
		if strings.Contains(string(text), secret) {
			t.Error("the TRACE log holds a secret")
		}
	}
}

// checkStore compares every managed stream of the state with the account.
func (a *Account) checkStore(state *tfjson.State) error {
	if state.Values == nil {
		return nil
	}
	for _, managed := range managedResources(state.Values.RootModule) {
		compare, known := comparisons[managed.Type]
		if !known {
			continue
		}
		if err := compare(a, managed.AttributeValues); err != nil {
			return fmt.Errorf("%s: %w", managed.Address, err)
		}
	}
	return nil
}

func managedResources(module *tfjson.StateModule) []*tfjson.StateResource {
	if module == nil {
		return nil
	}
	found := slices.DeleteFunc(slices.Clone(module.Resources), func(r *tfjson.StateResource) bool {
		return r.Mode != tfjson.ManagedResourceMode
	})
	for _, child := range module.ChildModules {
		found = append(found, managedResources(child)...)
	}
	return found
}

// checkLeft demands that the account holds streams of these names and no
// others.
func (a *Account) checkLeft(names []string) error {
	var left []string
	for _, stream := range a.Streams() {
		left = append(left, stream.Name)
	}
	slices.Sort(left)
	if want := slices.Sorted(slices.Values(names)); !slices.Equal(left, want) {
		return fmt.Errorf("the account is left with the streams %q, not %q", left, want)
	}
	return nil
}

// checkWrites compares the writes of each step with those that it names. The
// last step is followed by the removal of everything.
func (a *Account) checkWrites(t *testing.T, steps []Step, marks []int) {
	t.Helper()
	requests := a.Requests()
	for i, step := range steps {
		last := i == len(steps)-1
		end := len(requests)
		if !last {
			end = marks[i+1]
		}
		if marks[i] > end || step.AnyWrites {
			continue
		}
		made := a.writes(requests[marks[i]:end])
		if missing, extra := matchWrites(slices.Concat(step.Writes, step.Removal), made, last); len(missing)+len(extra) > 0 {
			t.Errorf("step %d: writes expected and not made: %q; made and not expected: %q", i+1, missing, extra)
		}
	}
}

// matchWrites pairs each expected write with one that was made.
func matchWrites(expected, made []string, destroys bool) (missing, extra []string) {
	extra = slices.Clone(made)
	for _, want := range expected {
		at := slices.IndexFunc(extra, func(line string) bool { return sameWrite(want, line) })
		if at < 0 {
			missing = append(missing, want)
			continue
		}
		extra = slices.Delete(extra, at, at+1)
	}
	if destroys {
		extra = slices.DeleteFunc(extra, func(line string) bool { return strings.HasPrefix(line, "DELETE ") })
	}
	return missing, extra
}

// sameWrite compares a wanted write with one made; bodies are JSON, and count
// only where one is wanted.
func sameWrite(want, made string) bool {
	wantCall, wantBody := splitWrite(want)
	madeCall, madeBody := splitWrite(made)
	return wantCall == madeCall && (wantBody == "" || sameJSON(wantBody, madeBody))
}

// splitWrite parts "PATCH /streams/{id} {body}" at its second space.
func splitWrite(line string) (call, body string) {
	parts := strings.SplitN(line, " ", 3)
	if len(parts) < 3 {
		return line, ""
	}
	return parts[0] + " " + parts[1], parts[2]
}

func sameJSON(one, other string) bool {
	var a, b any
	if json.Unmarshal([]byte(one), &a) != nil || json.Unmarshal([]byte(other), &b) != nil {
		return false
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Spelled makes the account spell enumerated values and ids in its own way.
func Spelled(spelling mockserver.Spelling) func(*mockserver.Options) {
	return func(o *mockserver.Options) { o.Spelling = spelling }
}
