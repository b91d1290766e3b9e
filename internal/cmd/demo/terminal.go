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
	"regexp"
	"slices"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// view selects the lines of the CLI's output that the demo shows unless it is verbose.
type view struct {
	lines *regexp.Regexp // single lines
	block *regexp.Regexp // first lines of blocks; each ends with a closing brace or before an empty line
}

const result = `^(- Installed|Plan:|Apply complete|Destroy complete|No changes)`

var (
	everything  = view{lines: regexp.MustCompile(`.`)}
	results     = view{lines: regexp.MustCompile(result)}
	creations   = view{lines: regexp.MustCompile(result + `|^  # \S+ will be created`)}
	progress    = view{lines: regexp.MustCompile(result + `|\(triggered by CLI\): `)}
	differences = view{
		lines: regexp.MustCompile(result + `|^  # \S+ (will be updated|must be replaced)`),
		block: regexp.MustCompile(`^\s*(~|-/\+) resource `),
	}
	outputs = view{lines: regexp.MustCompile(result), block: regexp.MustCompile(`^Changes to Outputs:`)}
)

// filter passes on the lines of a view.
type filter struct {
	view
	out     io.Writer
	line    []byte // not complete yet
	isBlock bool
}

func (f *filter) Write(p []byte) (int, error) {
	f.line = append(f.line, p...)
	for {
		end := bytes.IndexByte(f.line, '\n')
		if end < 0 {
			return len(p), nil
		}
		if f.shows(color.ReplaceAllString(string(f.line[:end]), "")) {
			if _, err := f.out.Write(f.line[:end+1]); err != nil {
				return 0, err
			}
		}
		f.line = f.line[end+1:]
	}
}

var color = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// shows reports whether the view has the line.
func (f *filter) shows(line string) bool {
	switch {
	case line == "":
		f.isBlock = false
	case f.isBlock:
		f.isBlock = line != "    }"
		return true
	case f.block != nil && f.block.MatchString(line):
		f.isBlock = true
		return true
	}
	return f.lines.MatchString(line)
}

// terraform runs the CLI and shows what the view has of its output. An exit code that differs from want is an error.
func (d *demo) terraform(ctx context.Context, want int, shown view, args ...string) error {
	program := filepath.Base(d.cli.Path)
	d.say("$ %s %s", program, strings.Join(args, " "))
	if d.plain {
		args = append(args, "-no-color")
	}
	cmd := d.command(ctx, args...)
	var hidden tail
	cmd.Stdout, cmd.Stderr = d.out, d.out
	if d.verbose {
		d.say("")
	} else {
		cmd.Stdout = io.MultiWriter(&filter{view: shown, out: d.out}, &hidden)
	}
	err := cli.Run(cmd)
	if exit := new(exec.ExitError); ctx.Err() == nil && errors.As(err, &exit) && exit.ExitCode() == want {
		return nil
	}
	if err == nil && want != noChanges {
		err = fmt.Errorf("exit status 0 instead of %d", want)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, args[0], err, hidden.tail())
	}
	return nil
}

// quietly runs the CLI, and shows its output only if it fails.
func (d *demo) quietly(ctx context.Context, args ...string) error {
	var output tail
	cmd := d.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cli.Run(cmd); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(d.cli.Path), args[0], err, output.tail())
	}
	return nil
}

func (d *demo) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := cli.Command(ctx, d.cli.Path, args...)
	cmd.Dir = d.path("config")
	cmd.Env = append(slices.DeleteFunc(os.Environ(), cli.IsSetting), d.account.env...)
	cmd.Env = append(cmd.Env,
		"TMPDIR="+d.dir, // What is left in it is removed with the rest.
		"CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE="+d.path("cli.tfrc"),
		"TF_IN_AUTOMATION=1", // No hints what to run next.
		"TF_INPUT=0",
		"TF_VAR_whatsapp_access_token="+accessToken,
	)
	return cmd
}

func (d *demo) heading(text string) {
	rule := strings.Repeat("─", max(0, 72-len([]rune(text))))
	format := "\n\x1b[1m── %s %s\x1b[0m"
	if d.plain {
		format = "\n── %s %s"
	}
	d.say(format, text, rule)
	if d.verbose {
		d.say("")
	}
}

func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.out, format+"\n", args...)
}
