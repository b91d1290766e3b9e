package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// cost is what one command of the CLI took.
type cost struct {
	time     time.Duration
	requests map[string]int
	// memory is the most that the provider had at a time, in bytes; 0 where
	// that cannot be told.
	memory int64
}

func (c cost) total() int {
	total := 0
	for _, number := range c.requests {
		total += number
	}
	return total
}

// result is what a scenario took.
type result struct {
	scenario
	// applies are by what was done: see the steps.
	applies map[string]cost
	// plans are by the names of the variants.
	plans map[string]cost
}

// The applies of a scenario, in this order; plans are measured after the first.
const (
	create  = "create"
	update  = "update"
	destroy = "destroy"
)

// steps are the applies that are measured; none where the state is written by
// [stateOf].
func (s scenario) steps() []string {
	if s.isLarge() {
		return nil
	}
	return []string{create, update, destroy}
}

// bed is where a scenario is measured: an account, and a folder of the CLI's.
type bed struct {
	settings
	account *mockserver.Server
	url     string
	dir     string
}

// measure applies the scenario once and plans it with each variant.
func measure(ctx context.Context, set settings, s scenario, variants []variant, dir string) (result, error) {
	b := bed{settings: set, account: mockserver.New(mockserver.Options{Latency: set.latency, RateLimit: set.rate})}
	server := httptest.NewServer(b.account)
	defer server.Close()
	b.url = server.URL
	s.seed(b.account)

	var err error
	if b.dir, err = os.MkdirTemp(dir, "config-"); err != nil {
		return result{}, err
	}
	measured := result{scenario: s, applies: map[string]cost{}}
	if s.isLarge() {
		measured.plans, err = b.planRecorded(ctx, s, variants)
		return measured, err
	}
	for _, step := range s.steps() {
		if err := b.write("main.tf", []byte(s.config(b.account, step))); err != nil {
			return result{}, err
		}
		if measured.applies[step], err = b.run(ctx, named(variants, shared), "apply", "-auto-approve"); err != nil {
			return result{}, err
		}
		if step == create {
			if measured.plans, err = b.plan(ctx, s, variants); err != nil {
				return result{}, err
			}
		}
	}
	return measured, nil
}

// planRecorded plans with a state that no apply has made.
func (b bed) planRecorded(ctx context.Context, s scenario, variants []variant) (map[string]cost, error) {
	program, err := cli.At(ctx, b.cli)
	if err != nil {
		return nil, err
	}
	state, err := stateOf(b.account, program.Host())
	if err != nil {
		return nil, err
	}
	if err := errors.Join(b.write("terraform.tfstate", state), b.write("main.tf", []byte(s.config(b.account, create)))); err != nil {
		return nil, err
	}
	return b.plan(ctx, s, variants)
}

func (b bed) write(name string, text []byte) error {
	return os.WriteFile(filepath.Join(b.dir, name), text, 0o600)
}

// plan plans with each variant, in turns, so that what else the machine does hits
// all alike.
func (b bed) plan(ctx context.Context, s scenario, variants []variant) (map[string]cost, error) {
	runs := 1
	if !s.isLarge() {
		runs = b.runs
	}
	plans := map[string]cost{}
	for range runs {
		for _, v := range variants {
			plan, err := b.run(ctx, v, "plan", "-detailed-exitcode")
			if err != nil {
				return nil, err
			}
			if best, found := plans[v.name]; !found || plan.time < best.time {
				plans[v.name] = plan
			}
		}
	}
	return plans, nil
}

// run runs a command of the CLI, which must succeed.
func (b bed) run(ctx context.Context, v variant, args ...string) (cost, error) {
	b.account.ResetRequests()
	cmd := cli.Command(ctx, b.cli, slices.Insert(args, 1, "-no-color", "-input=false")...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+v.settings, "CHECKPOINT_DISABLE=1", "TF_LOG=",
		"COMMPEAK_API_KEY="+b.account.APIKey(), "COMMPEAK_MESSAGING_ENDPOINT="+b.url, "COMMPEAK_ENDPOINT="+b.url+mockserver.ManagementPath)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	watched := watch(v.program)
	begin := time.Now()
	err := cli.Run(cmd)
	took := time.Since(begin)
	memory := watched()
	if err != nil {
		return cost{}, fmt.Errorf("%s, %s: %w\n%s", args[0], v.name, err, out.String())
	}
	used := cost{time: took, requests: map[string]int{}, memory: memory}
	for _, request := range b.account.Requests() {
		if request.Status != http.StatusTooManyRequests {
			used.requests[request.Pattern]++
		}
	}
	return used, nil
}
