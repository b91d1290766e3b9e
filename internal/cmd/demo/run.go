//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// settings say what to run and with what.
type settings struct {
	root    string // of the project
	version string // of the provider
	dist    string // directory of a release to take the programs from; empty: they are built
	play    bool
	plain   bool // without colours
	find    func(context.Context) (cli.CLI, error)
}

// demo is one run, in a directory of its own.
type demo struct {
	settings
	out     io.Writer
	dir     string
	cli     cli.CLI
	account *account
}

// Exit codes of `plan -detailed-exitcode`.
const (
	noChanges = 0
	changes   = 2
)

// errLeft says that the demo could not clean up after itself.
var errLeft = errors.New("something is left behind")

// accessToken stands for the shop's WhatsApp token.
const accessToken = "a-token-made-up-for-the-demo" //nolint:gosec // opens nothing

// run leaves nothing behind, however it ends.
func run(ctx context.Context, set settings, out io.Writer) (err error) {
	d := &demo{settings: set, out: out}
	if d.root, err = filepath.Abs(set.root); err != nil {
		return err
	}
	if d.dir, err = os.MkdirTemp("", "commpeak-demo-"); err != nil {
		return err
	}
	defer func() {
		if flaw := os.RemoveAll(d.dir); flaw != nil {
			err = errors.Join(err, fmt.Errorf("%w: %w", errLeft, flaw))
		}
	}()

	if err := d.prepare(ctx); err != nil {
		return err
	}
	// The account outlives an interrupted Terraform, which may still need it.
	if d.account, err = open(d.path("commpeak-mock")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.account.close()) }()

	if set.play {
		return d.play(ctx)
	}
	return d.show(ctx)
}

// prepare finds the CLI, builds or unpacks the programs, and sets up a mirror of
// the provider, so that `init` is what it will be with a released one. Other
// providers come from where they always do.
func (d *demo) prepare(ctx context.Context) (err error) {
	d.heading("Getting ready")
	if d.cli, err = d.find(ctx); err != nil {
		return err
	}
	d.say("%s is at %s.", d.cli, d.cli.Path)

	programs := d.compile
	if d.dist != "" {
		programs = d.unpack
	}
	if err := programs(ctx); err != nil {
		return err
	}
	return os.WriteFile(d.path("cli.tfrc"), fmt.Appendf(nil,
		"provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n  direct {\n    exclude = [%q]\n  }\n}\n",
		d.path("mirror"), d.cli.Host()+"/commpeak/commpeak"), 0o600)
}

// compile builds both programs from source.
func (d *demo) compile(ctx context.Context) error {
	d.say("Building the provider and the mock server.")
	provider := d.mirrored(d.version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-commpeak_v"+d.version)
	if err := d.build(ctx, provider, "."); err != nil {
		return err
	}
	return d.build(ctx, d.path("commpeak-mock"), "./internal/cmd/commpeak-mock")
}

// unpack takes both programs from a release: the provider's archive goes into
// the mirror as it is.
func (d *demo) unpack(ctx context.Context) error {
	d.say("Taking the provider and the mock server from %s.", d.dist)
	platform := fmt.Sprintf("%s_%s_%s", d.version, runtime.GOOS, runtime.GOARCH)
	provider := "terraform-provider-commpeak_" + platform + ".zip"
	archive, err := os.ReadFile(filepath.Join(d.dist, provider))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.mirrored(), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(d.mirrored(provider), archive, 0o600); err != nil {
		return err
	}
	mock := filepath.Join(d.dist, "commpeak-mock_"+platform+".tar.gz")
	cmd := cli.Command(ctx, "tar", "-xzf", mock, "-C", d.dir, "commpeak-mock")
	cmd.Stdout, cmd.Stderr = d.out, d.out
	if err := cli.Run(cmd); err != nil {
		return fmt.Errorf("unpack %s: %w", mock, err)
	}
	return nil
}

// mirrored is a path in the mirror, below the provider's folder.
func (d *demo) mirrored(elements ...string) string {
	return d.path(append([]string{"mirror", d.cli.Host(), "commpeak", "commpeak"}, elements...)...)
}

func (d *demo) build(ctx context.Context, program, source string) error {
	cmd := cli.Command(ctx, "go", "build", "-ldflags", "-s -w -X main.version="+d.version, "-o", program, source)
	cmd.Dir = d.root
	cmd.Env = append(os.Environ(), "TMPDIR="+d.dir)
	cmd.Stdout, cmd.Stderr = d.out, d.out
	if err := cli.Run(cmd); err != nil {
		return fmt.Errorf("build %s: %w", source, err)
	}
	return nil
}

// show is the demonstration proper.
func (d *demo) show(ctx context.Context) error {
	if err := d.copyExample(); err != nil {
		return err
	}
	d.say("The configuration is that of %s.", filepath.Join("examples", "demo"))

	d.heading("Initialize: install the provider")
	// A lock file made beforehand spares the reader a warning that only
	// mirrors cause.
	if err := d.quietly(ctx, "providers", "lock", "-fs-mirror="+d.path("mirror")); err != nil {
		return err
	}
	if err := d.terraform(ctx, noChanges, "init"); err != nil {
		return err
	}

	d.heading("Plan: what would an online shop's streams need?")
	if err := d.terraform(ctx, changes, "plan", "-detailed-exitcode", "-out=plan"); err != nil {
		return err
	}

	d.heading("Apply: create them")
	if err := d.terraform(ctx, noChanges, "apply", "plan"); err != nil {
		return err
	}
	created, err := d.account.streams(ctx)
	if err != nil {
		return err
	}
	victim, err := oneOfEach(created)
	if err != nil {
		return err
	}
	if state, err := os.ReadFile(d.path("config", "terraform.tfstate")); err != nil {
		return err
	} else if bytes.Contains(state, []byte(accessToken)) {
		return errors.New("the WhatsApp token is in the state")
	}
	d.say("\nThe WhatsApp token went to the service; the state does not have it.")

	d.heading("Output: what other configurations can build on")
	if err := d.terraform(ctx, noChanges, "output"); err != nil {
		return err
	}

	d.heading("Drift: somebody works in the console")
	d.say("Somebody pauses %q and changes its description.\n", victim.Name)
	if err := d.account.tamper(ctx, victim.ID); err != nil {
		return err
	}
	if err := d.terraform(ctx, changes, "plan", "-detailed-exitcode", "-out=plan"); err != nil {
		return err
	}

	d.heading("Repair: back to what the configuration says")
	if err := d.terraform(ctx, noChanges, "apply", "plan"); err != nil {
		return err
	}
	if repaired, err := d.account.stream(ctx, victim.ID); err != nil {
		return err
	} else if repaired.State != victim.State || repaired.Description != victim.Description {
		return fmt.Errorf("%q is not as it was: %s, %q", repaired.Name, repaired.State, repaired.Description)
	}

	d.heading("Plan again: nothing left to do")
	if err := d.terraform(ctx, noChanges, "plan", "-detailed-exitcode"); err != nil {
		return err
	}

	if err := d.showMessage(ctx, victim); err != nil {
		return err
	}
	if err := d.showReset(ctx, victim); err != nil {
		return err
	}

	d.heading("Destroy: delete them")
	if err := d.terraform(ctx, noChanges, "destroy", "-auto-approve", nextQuarter); err != nil {
		return err
	}
	if left, err := d.account.streams(ctx); err != nil {
		return err
	} else if len(left) > 0 {
		return fmt.Errorf("the account still has %d streams", len(left))
	}

	d.heading("Done")
	d.say("The account is empty again, and this one is gone. `make play` keeps one")
	d.say("for a configuration of your own.")
	return nil
}

// copyExample puts the example where the CLI works, with its actions if the CLI
// knows any.
func (d *demo) copyExample() error {
	example := filepath.Join(d.root, "examples", "demo")
	if err := os.CopyFS(d.path("config"), os.DirFS(example)); err != nil {
		return err
	}
	if !d.cli.HasActions() {
		return nil
	}
	return os.Rename(d.path("config", "actions", "actions.tf"), d.path("config", "actions.tf"))
}

// showMessage sends a message through the stream and shows it counted.
func (d *demo) showMessage(ctx context.Context, stream commpeak.Stream) error {
	d.heading("Test message: does it arrive?")
	if !d.cli.HasActions() {
		d.say("This step is left out: %s knows no actions, which came with Terraform 1.14.", d.cli)
		d.say("To see it, install Terraform 1.14 or newer and run the demo again.")
		return nil
	}
	if err := d.terraform(ctx, noChanges, "apply", "-auto-approve", "-invoke=action.commpeak_send_test_message.hello"); err != nil {
		return err
	}
	sent, err := d.account.sent(ctx, stream.ID)
	if err != nil {
		return err
	}
	if sent != 1 {
		return fmt.Errorf("%q has sent %d messages, not one", stream.Name, sent)
	}

	d.heading("Statistics: the message counts")
	if err := d.terraform(ctx, changes, "plan", "-detailed-exitcode", "-out=plan"); err != nil {
		return err
	}
	d.say("")
	return d.terraform(ctx, noChanges, "apply", "plan")
}

// nextQuarter resets the newsletter's token.
const nextQuarter = "-var=quarter=2027Q1"

// showReset gives the stream a new token.
func (d *demo) showReset(ctx context.Context, stream commpeak.Stream) error {
	before, err := d.account.client.StreamToken(ctx, stream.ID)
	if err != nil {
		return err
	}
	d.heading("Token: another quarter resets it")
	if err := d.terraform(ctx, changes, "plan", "-detailed-exitcode", "-out=plan", nextQuarter); err != nil {
		return err
	}
	d.say("")
	if err := d.terraform(ctx, noChanges, "apply", "plan"); err != nil {
		return err
	}
	after, err := d.account.client.StreamToken(ctx, stream.ID)
	if err != nil {
		return err
	}
	if after == before {
		return fmt.Errorf("%q still has its old token", stream.Name)
	}
	d.say("\nThe old token is dead; the new one is in no plan and no state.")
	return nil
}

// oneOfEach makes sure that there is one stream of each type, and returns the
// one that the demo is going to spoil.
func oneOfEach(streams []commpeak.Stream) (commpeak.Stream, error) {
	byType := map[commpeak.StreamType]commpeak.Stream{}
	for _, stream := range streams {
		byType[stream.Type] = stream
	}
	if len(streams) != len(commpeak.StreamTypes) || len(byType) != len(streams) {
		return commpeak.Stream{}, fmt.Errorf("the account has %d streams of %d types, not one of each", len(streams), len(byType))
	}
	return byType[commpeak.Marketing], nil
}

// terraform runs the CLI where the reader can follow it. Another exit code
// than want is an error.
func (d *demo) terraform(ctx context.Context, want int, args ...string) error {
	program := filepath.Base(d.cli.Path)
	d.say("$ %s %s\n", program, strings.Join(args, " "))
	if d.plain {
		args = append(args, "-no-color")
	}
	cmd := d.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = d.out, d.out
	err := cli.Run(cmd)
	if exit := new(exec.ExitError); ctx.Err() == nil && errors.As(err, &exit) && exit.ExitCode() == want {
		return nil
	}
	if err == nil && want != noChanges {
		err = fmt.Errorf("exit status 0 instead of %d", want)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", program, args[0], err)
	}
	return nil
}

// quietly runs the CLI and shows what it says only if it fails.
func (d *demo) quietly(ctx context.Context, args ...string) error {
	var words tail
	cmd := d.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &words, &words
	if err := cli.Run(cmd); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(d.cli.Path), args[0], err, words.tail())
	}
	return nil
}

func (d *demo) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := cli.Command(ctx, d.cli.Path, args...)
	cmd.Dir = d.path("config")
	cmd.Env = append(foreign(os.Environ()), d.account.env...)
	cmd.Env = append(cmd.Env,
		"TMPDIR="+d.dir, // Whatever is left in it goes with the rest.
		"CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE="+d.path("cli.tfrc"),
		"TF_IN_AUTOMATION=1", // No hints what to run next.
		"TF_INPUT=0",
		"TF_VAR_whatsapp_access_token="+accessToken,
	)
	return cmd
}

// foreign leaves out what would steer the CLI or the provider: the user's own
// settings, and an account that is not to be touched.
func foreign(env []string) []string {
	kept := make([]string, 0, len(env))
	for _, entry := range env {
		if !strings.HasPrefix(entry, "TF_") && !strings.HasPrefix(entry, "COMMPEAK_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

func (d *demo) path(elements ...string) string {
	return filepath.Join(append([]string{d.dir}, elements...)...)
}

func (d *demo) heading(text string) {
	rule := strings.Repeat("─", max(0, 72-len([]rune(text))))
	if d.plain {
		d.say("\n── %s %s\n", text, rule)
		return
	}
	d.say("\n\x1b[1m── %s %s\x1b[0m\n", text, rule)
}

func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.out, format+"\n", args...)
}
