//go:build unix

package cli_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// script writes an executable shell script.
func script(t *testing.T, dir, name, body string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func answers(version string) string {
	return `test "$*" = "version -json" && echo '{"terraform_version": "` + version + `"}'`
}

func TestFind(t *testing.T) {
	tests := map[string]struct {
		programs map[string]string
		program  string // found; empty: none is
		want     string
		says     []string // of the error
	}{
		"terraform": {
			programs: map[string]string{"terraform": answers("1.16.0")},
			program:  "terraform", want: "Terraform 1.16.0",
		},
		"the minimum": {
			programs: map[string]string{"terraform": answers("1.11.0")},
			program:  "terraform", want: "Terraform 1.11.0",
		},
		"tofu": {
			programs: map[string]string{"tofu": answers("1.12.6")},
			program:  "tofu", want: "OpenTofu 1.12.6",
		},
		"terraform comes first": {
			programs: map[string]string{"terraform": answers("1.11.4"), "tofu": answers("1.12.6")},
			program:  "terraform", want: "Terraform 1.11.4",
		},
		"old terraform": {
			programs: map[string]string{"terraform": answers("1.5.7"), "tofu": answers("1.12.6")},
			program:  "tofu", want: "OpenTofu 1.12.6",
		},
		"broken terraform": {
			programs: map[string]string{"terraform": "exit 3", "tofu": answers("1.12.6")},
			program:  "tofu", want: "OpenTofu 1.12.6",
		},
		"both too old": {
			programs: map[string]string{"terraform": answers("1.10.5"), "tofu": answers("1.11.0-rc1")},
			says:     []string{"1.11.0 or newer", "terraform is version 1.10.5, too old", "tofu is version 1.11.0-rc1, too old"},
		},
		"no answers": {
			programs: map[string]string{"terraform": "echo Terraform v1.16.0", "tofu": "echo '{}'"},
			says:     []string{"terraform version -json: invalid character", "tofu version -json: malformed version"},
		},
		"nothing": {
			says: []string{"there is no terraform; there is no tofu"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for program, body := range test.programs {
				script(t, dir, program, body)
			}
			t.Setenv("PATH", dir)

			got, err := cli.Find(t.Context())

			if test.program == "" {
				if !errors.Is(err, cli.ErrNotFound) {
					t.Fatalf("got %v and error %v, want ErrNotFound", got, err)
				}
				for _, part := range test.says {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("the error does not say %q: %v", part, err)
					}
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != test.want || got.Path != filepath.Join(dir, test.program) {
				t.Errorf("got %v at %s, want %s at %s", got, got.Path, test.want, test.program)
			}
		})
	}
}

// The user's settings and a configuration in the working directory, sound or
// not, have no say in the version.
func TestFindAsksApart(t *testing.T) {
	dir := t.TempDir()
	script(t, dir, "terraform", `
test "$TF_CLI_CONFIG_FILE" = /dev/null && test "$CHECKPOINT_DISABLE" = 1 && test ! -e here || exit 1
`+answers("1.16.0"))
	t.Setenv("PATH", dir)
	t.Setenv("TF_CLI_CONFIG_FILE", "/nowhere/terraformrc")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("here", nil, 0o600); err != nil {
		t.Fatal(err)
	}

	if _, err := cli.Find(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFindCancelled(t *testing.T) {
	dir := t.TempDir()
	script(t, dir, "terraform", "exec sleep 60")
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()

	_, err := cli.Find(ctx)

	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, cli.ErrNotFound) {
		t.Errorf("got error %v, want the context's", err)
	}
}

func TestBuild(t *testing.T) {
	dir, root := t.TempDir(), t.TempDir()
	script(t, dir, "make", `
test -z "$MAKEFLAGS" && test "$*" = "--no-print-directory .bin/terraform" || exit 2
mkdir .bin && echo building && cp "$0-terraform" .bin/terraform`)
	script(t, dir, "make-terraform", answers("1.16.0"))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("MAKEFLAGS", "n")

	var out strings.Builder
	got, err := cli.Build(t.Context(), root, &out)
	if err != nil {
		t.Fatal(err)
	}

	if got.String() != "Terraform 1.16.0" || got.Path != filepath.Join(root, ".bin", "terraform") {
		t.Errorf("got %v at %s", got, got.Path)
	}
	if out.String() != "building\n" {
		t.Errorf("make's words are %q", out.String())
	}
}

func TestBuildFails(t *testing.T) {
	dir := t.TempDir()
	script(t, dir, "make", "exit 2")
	t.Setenv("PATH", dir)

	_, err := cli.Build(t.Context(), t.TempDir(), io.Discard)

	if err == nil || !strings.Contains(err.Error(), "build the pinned Terraform: exit status 2") {
		t.Errorf("got error %v", err)
	}
}

// A cancelled program is asked to stop, and what it started goes with it even
// when it does not listen, as a background job of a script.
func TestCommandCancelled(t *testing.T) {
	// Its end shows that no process has the other end open.
	end, held, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := cli.Command(ctx, script(t, t.TempDir(), "program", `
sleep 60 >/dev/null &
trap 'echo stopped; exit 0' INT
echo started >&2
wait`))
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, held
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(held.Close(), end.SetReadDeadline(time.Now().Add(10*time.Second))); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(end, make([]byte, len("started\n"))); err != nil {
		t.Fatal(err)
	}

	cancel()
	err = cli.Wait(cmd)

	if !errors.Is(err, context.Canceled) || out.String() != "stopped\n" {
		t.Errorf("got error %v and output %q", err, out.String())
	}
	if _, err := io.ReadAll(end); err != nil {
		t.Errorf("the background job outlives its program: %v", err)
	}
}

func TestIsSetting(t *testing.T) {
	t.Parallel()
	got := slices.DeleteFunc([]string{"PATH=/bin", "TF_LOG=trace", "COMMPEAK_API_KEY=real", "TFX=1", "TF_VAR_sender=OTHER"}, cli.IsSetting)

	if want := []string{"PATH=/bin", "TFX=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
