//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// settings select what to run.
type settings struct {
	root    string // of the project
	version string // of the provider
	dist    string // directory of a release to take the programs from; empty: they are built
	play    bool
	plain   bool // without colors
	verbose bool // show everything that the CLI prints
	find    func(context.Context) (cli.CLI, error)
}

// demo is one run, in a directory of its own.
type demo struct {
	settings
	out     io.Writer
	dir     string
	cli     cli.CLI
	account *account
	stream  commpeak.Stream // the one that the demo changes
	notes   []string        // lines of the summary
}

// Exit codes of `plan -detailed-exitcode`.
const (
	noChanges = 0
	changes   = 2
)

// errLeft is returned if the demo could not remove its files.
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

func (d *demo) path(elements ...string) string {
	return filepath.Join(append([]string{d.dir}, elements...)...)
}
