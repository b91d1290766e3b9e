//go:build fuzzterraform

package e2e_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

var workers = flag.Int("workers", 2, "`number` of random configurations that are tried at a time")

// The tag keeps this test out of `make test`: each configuration takes many runs of the CLI.

// TestAccRandomOperations plays random configurations, edits by hand and
// operations of Terraform, and checks what must hold after each of them.
// rapid's flags choose the number of configurations and replay a seed.
func TestAccRandomOperations(t *testing.T) {
	t.Parallel()
	for i := range *workers {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			account.Guard(accessToken, headerSecret)
			work := acctest.NewWorkspace(t, account)
			work.Run("version") // Leaves the log that the workspace looks for.
			for name, value := range map[string]string{"TF_LOG": "", "TF_LOG_PATH": "", "TF_LOG_PROVIDER": "DEBUG"} {
				work.Setenv(name, value)
			}
			empty, err := account.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			folder := work.Dir
			rapid.Check(t, func(rt *rapid.T) {
				if err := account.Restore(empty); err != nil {
					rt.Fatal(err)
				}
				work.Dir, err = os.MkdirTemp(folder, "random-")
				if err != nil {
					rt.Fatal(err)
				}
				defer func() { _ = os.RemoveAll(work.Dir) }()
				player := &player{rt: rt, account: account, work: work, foreign: map[int]string{}}
				player.play(drawRounds(rt))
				account.ResetRequests()
			})
			account.ResetRequests()
		})
	}
}

// player plays the rounds of one configuration.
type player struct {
	rt      *rapid.T
	account *acctest.Account
	work    *acctest.Workspace
	// foreign maps the ID of each stream that Terraform must not touch to what
	// it looked like.
	foreign map[int]string
	// config is the last configuration that was applied, writing the one in main.tf.
	config, writing configuration
	story           []string
}

func (p *player) play(rounds []round) {
	for i := range 2 {
		p.account.AddStream(mockserver.Stream{Name: []string{"Shop", "Desk"}[i], Type: mockserver.Marketing, IPACL: "192.0.2.77"})
	}
	p.noteForeign()
	p.config = configuration{Objects: map[string]object{}}
	for _, r := range rounds {
		p.playRound(r)
	}
	p.demand("destroy", p.run("destroy", "-auto-approve"))
	p.checkForeign()
	if left := managed(p.account.Server, p.foreign); len(left) > 0 {
		p.fail("after destroy the account still has stream %d", left[0].ID)
	}
}

func (p *player) playRound(r round) {
	for _, e := range r.Edits {
		p.tell("by hand: %s (%d)", e.What, e.Target)
		e.carryOut(p.account.Server, managed(p.account.Server, p.foreign))
	}
	p.write(r.Config)
	closed := p.closedLists(p.config, r.Config)
	from := len(p.account.Requests())
	p.operate(r)
	p.config = r.Config
	p.checkListsStayClosed(closed, from)
	p.settle(r)
}

// operate carries out the operation of a round.
func (p *player) operate(r round) {
	apply := []string{"apply", "-auto-approve", fmt.Sprintf("-parallelism=%d", r.Parallelism)}
	switch {
	case r.Target == "" || r.Operation == opApply || !p.inState(r.Target) || r.Operation == opTarget && r.Config.moves():
		p.apply(apply...)
	case r.Operation == opSavedPlan:
		p.plan("-out=saved.tfplan")
		p.apply("apply", "-auto-approve", fmt.Sprintf("-parallelism=%d", r.Parallelism), "saved.tfplan")
	case r.Operation == opReplace:
		p.apply(append(apply, "-replace="+r.Target)...)
	case r.Operation == opTaint:
		p.demand("taint", p.run("taint", r.Target))
		p.apply(apply...)
	case r.Operation == opTarget:
		p.apply(append(apply, "-target="+r.Target)...)
		p.apply(apply...)
	case r.Operation == opNoRefresh:
		p.apply(append(apply, "-refresh=false")...)
		p.apply(apply...)
	case r.Operation == opRefreshOnly:
		p.apply(append(apply, "-refresh-only")...)
		p.apply(apply...)
	case r.Operation == opReimport:
		p.reimport(r.Target)
		p.apply(apply...)
	}
}

// settle checks that one apply was enough, and that nothing else was touched.
func (p *player) settle(r round) {
	requests := len(p.account.Requests())
	result := p.plan("-detailed-exitcode")
	for _, request := range p.account.Requests()[requests:] {
		if request.Method != "GET" {
			p.fail("a plan sent %s %s", request.Method, request.Path)
		}
	}
	if result.err != nil && destroysOnlyDeposed(result) {
		p.demand("the apply that destroys deposed objects", p.run("apply", "-auto-approve"))
		result = p.plan("-detailed-exitcode")
	}
	if result.err != nil {
		p.fail("after the apply the plan is not empty (%s):\n%s", result.err, result.text)
	}
	p.forgetForeign(r.Config)
	p.checkForeign()
	p.checkState()
}

// onlyDeposed is a plan that destroys some objects and does nothing else.
var onlyDeposed = regexp.MustCompile(`Plan: 0 to add, 0 to change, (\d+) to destroy\.`)

// destroysOnlyDeposed reports whether a plan destroys deposed objects and does nothing else.
// Terraform 1.16.0 itself leaves such objects behind, also of terraform_data: if one dependent
// of a replaced object has create_before_destroy and another one does not, or if the dependent
// with it is removed in the same run. The next run destroys them.
func destroysOnlyDeposed(plan result) bool {
	planned := onlyDeposed.FindStringSubmatch(plan.text)
	destroyed := regexp.MustCompile(`\(deposed object \w+\) will be destroyed`).FindAllString(plan.text, -1)
	return planned != nil && planned[1] == fmt.Sprint(len(destroyed))
}

// retryable are errors after which a second apply must succeed: two blocks that stand for one
// object of the account, of which one goes as the other comes, and an object that was deleted by
// hand and is changed with -refresh=false.
var retryable = []string{"has this key", "no longer exists in this account", ownDefect}

// apply runs an apply. Where it may fail, create_before_destroy is removed, as
// the message asks, and the next one must succeed.
func (p *player) apply(args ...string) {
	result := p.run(args...)
	if result.err == nil {
		return
	}
	if !slices.ContainsFunc(retryable, func(words string) bool { return strings.Contains(onOneLine(result.text), words) }) {
		p.fail("apply failed:\n%s", result.text)
	}
	p.tell("the apply may fail in this way; the next one must not")
	config := p.writing.clone()
	for key, o := range config.Objects {
		o.CBD = false
		config.Objects[key] = o
	}
	p.write(config)
	for _, o := range config.Objects {
		p.run("untaint", "-allow-missing", o.address())
	}
	p.demand("second apply", p.run("apply", "-auto-approve"))
}

func (p *player) plan(args ...string) result {
	result := p.run(append([]string{"plan"}, args...)...)
	if result.err != nil && strings.Contains(result.text, "Error:") {
		p.fail("plan failed:\n%s", result.text)
	}
	return result
}

// reimport takes an object out of the state and imports it again.
func (p *player) reimport(address string) {
	id, importable := p.importID(address)
	if !importable || !p.configured(address) {
		return
	}
	p.demand("state rm", p.run("state", "rm", address))
	imported := p.run("import", address, id)
	if !strings.Contains(onOneLine(imported.text), "Cannot import non-existent remote object") { // Deleted by hand.
		p.demand("import", imported)
	}
}

func (p *player) importID(address string) (id string, importable bool) {
	for _, r := range p.state() {
		if r.Address != address {
			continue
		}
		text := func(name string) string { return fmt.Sprint(r.AttributeValues[name]) }
		switch r.Type {
		case streamType:
			return text("id"), true
		case eventType, hookType:
			return text("stream_id") + "/" + text("id"), true
		case ipType:
			return text("stream_id") + "/" + text("ip"), true
		case ipsType:
			return text("stream_id"), true
		}
	}
	return "", false
}

func (p *player) configured(address string) bool {
	for _, o := range p.writing.Objects {
		if o.address() == address && o.MovedFrom == "" {
			return true
		}
	}
	return false
}

// managedObject is a resource of the provider in the state.
type managedObject struct {
	Address, Type   string
	AttributeValues map[string]any
}

// state reads the resources of the provider from the state file.
func (p *player) state() []managedObject {
	text, err := os.ReadFile(filepath.Join(p.work.Dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var state struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []struct {
				Deposed    string
				Attributes map[string]any
			}
		}
	}
	if err = errors.Join(err, json.Unmarshal(text, &state)); err != nil {
		p.fail("the state cannot be read: %s", err)
	}
	var objects []managedObject
	for _, r := range state.Resources {
		for _, instance := range r.Instances {
			if strings.HasPrefix(r.Type, "commpeak_") && instance.Deposed == "" {
				objects = append(objects, managedObject{r.Type + "." + r.Name, r.Type, instance.Attributes})
			}
		}
	}
	return objects
}

func (p *player) inState(address string) bool {
	return slices.ContainsFunc(p.state(), func(r managedObject) bool { return r.Address == address })
}

func (p *player) write(config configuration) {
	text := config.hcl()
	p.tell("main.tf:\n%s", text)
	if err := os.WriteFile(filepath.Join(p.work.Dir, "main.tf"), []byte(text), 0o600); err != nil {
		p.rt.Fatal(err)
	}
	p.writing = config
}
