package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// gcPercent is the GOGC of the CLI and of the tests themselves. Memory is
// plenty, and a fifth of the CLI's time is spent on collecting it.
const gcPercent = 400

// Main runs a package's acceptance tests. It finds the CLI, which must be new
// enough, and sets the environment of all commands, so that no setting of the
// user has an effect. What the CLI writes is kept until the tests have ended:
// no secret of any account may be in it.
func Main(m *testing.M) {
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	if os.Getenv(resource.EnvTfAcc) == "" {
		return m.Run()
	}
	if err := prepare(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := sweepAll(root); err != nil {
		fmt.Fprintf(os.Stderr, "%s\nThe files are kept in %s\n", err, root)
		return 1
	}
	if err := removeFiles(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// prepare creates the folder of all files, and sets the environment.
func prepare() error {
	found, err := CLI()
	if err != nil {
		return err
	}
	if err := newRoot(); err != nil {
		return err
	}
	scratch, config := filepath.Join(root, "scratch"), filepath.Join(root, "cli.tfrc")
	if err := errors.Join(os.Mkdir(scratch, 0o700), os.WriteFile(config, nil, 0o600)); err != nil {
		return err
	}
	debug.SetGCPercent(gcPercent)
	for name, value := range map[string]string{
		// It has no effect on this process any more, only on its children.
		"GOGC":                       strconv.Itoa(gcPercent),
		"TF_CLI_CONFIG_FILE":         config,
		"CHECKPOINT_DISABLE":         "1",
		"TF_ACC_PROVIDER_HOST":       found.Host(),
		"TF_ACC_PROVIDER_NAMESPACE":  "commpeak",
		"TF_ACC_TERRAFORM_PATH":      found.Path,
		"TF_ACC_PERSIST_WORKING_DIR": "1",
		"TF_ACC_TEMP_DIR":            scratch,
		"TF_LOG":                     "TRACE",
		"TF_LOG_PATH_MASK":           filepath.Join(root, "%s", traceLog),
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
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
	underTest(t)
	folder, marks := newFolder(t), newMarks(len(steps))
	testCase := resource.TestCase{WorkingDir: folder, ProtoV6ProviderFactories: marks.watch(account)}
	for i, step := range steps {
		testCase.Steps = append(testCase.Steps, account.instrument(i, step, folder, marks))
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

// instrument adds to a step what must hold after every step.
func (a *Account) instrument(index int, instrumented Step, folder string, marks *marks) resource.TestStep {
	step := instrumented.TestStep
	prepare := step.PreConfig
	step.PreConfig = func() {
		if prepare != nil {
			prepare()
		}
		marks.begins[index] = len(a.Requests())
	}
	if step.Config == "" || step.ImportState || step.Query {
		return step
	}
	step.ConfigPlanChecks.PostApplyPostRefresh = append(step.ConfigPlanChecks.PostApplyPostRefresh, noSecretInPlan{a})
	step.ConfigStateChecks = append(step.ConfigStateChecks, keepPlan{folder, index + 1}, noSecretInState{a})
	if !instrumented.Sends {
		step.ConfigStateChecks = append(step.ConfigStateChecks, stateEqualsStore{a})
	}
	return step
}

// keepPlan moves the plan that was just applied out of the way of the next one:
// all plans are searched for secrets when the tests have ended. To look into it
// at once, the CLI would have to be started.
type keepPlan struct {
	folder string
	step   int
}

func (c keepPlan) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	plan, err := newestPlan(c.folder)
	if err != nil {
		resp.Error = err
		return
	}
	resp.Error = os.Rename(plan, filepath.Join(c.folder, fmt.Sprintf("step_%d.tfplan", c.step)))
}

// newestPlan is the plan that the CLI wrote last. Steps that import leave others
// in working directories of their own.
func newestPlan(folder string) (string, error) {
	plans, err := filepath.Glob(filepath.Join(folder, "work*", "tfplan"))
	if err != nil {
		return "", err
	}
	newest, written := "", time.Time{}
	for _, plan := range plans {
		info, err := os.Stat(plan)
		if err != nil {
			return "", err
		}
		if info.ModTime().After(written) {
			newest, written = plan, info.ModTime()
		}
	}
	if newest == "" {
		return "", fmt.Errorf("there is no plan in %s, so its search for secrets proves nothing", folder)
	}
	return newest, nil
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
	return a.findSecret(where, encoded)
}

func (a *Account) findSecret(where string, text []byte) error {
	for secret := range needlesOf(slices.Concat(a.Secrets(), a.guarded)).in(text) {
		return fmt.Errorf("%s holds a secret: %.12s…", where, secret)
	}
	return nil
}

// checkLogs looks for every secret of the account in the test's TRACE log.
func (a *Account) checkLogs(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(logOf(t))
	if err != nil {
		t.Errorf("the TRACE log is missing: %s", err)
		return
	}
	if !bytes.Contains(text, []byte("CommPeak API request")) && len(a.Requests()) > 0 {
		t.Error("the TRACE log does not hold the provider's own lines, so that searching it proves nothing")
	}
	if err := a.findSecret("the TRACE log", text); err != nil {
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

// Spelled makes the account spell enumerated values and IDs in its own way.
func Spelled(spelling mockserver.Spelling) func(*mockserver.Options) {
	return func(o *mockserver.Options) { o.Spelling = spelling }
}
