// Package cli finds the command line program that runs a configuration:
// Terraform, or OpenTofu in its place.
package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
)

// Name tells the two programs apart.
type Name string

// The programs that the provider works with.
const (
	Terraform Name = "Terraform"
	OpenTofu  Name = "OpenTofu"
)

// Minimum is the oldest version that knows write-only attributes.
var Minimum = version.Must(version.NewVersion("1.11.0"))

// ErrNotFound says that PATH holds no program that is new enough.
var ErrNotFound = errors.New("no Terraform or OpenTofu " + Minimum.String() + " or newer on PATH")

// CLI is a program that was found, and that answered.
type CLI struct {
	Path    string
	Name    Name
	Version *version.Version
}

// Host is the registry that completes a short source address.
func (c CLI) Host() string {
	if c.Name == OpenTofu {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// HasActions reports whether the program knows actions: Terraform does since
// 1.14, OpenTofu does not.
func (c CLI) HasActions() bool {
	return c.Name == Terraform && c.Version.GreaterThanOrEqual(firstWithActions)
}

var firstWithActions = version.Must(version.NewVersion("1.14.0"))

func (c CLI) String() string {
	return fmt.Sprintf("%s %s", c.Name, c.Version)
}

// Find looks for terraform and then for tofu on PATH. Its error wraps
// [ErrNotFound] and says what was wrong with each.
func Find(ctx context.Context) (CLI, error) {
	var flaws []string
	for _, program := range []string{"terraform", "tofu"} {
		path, err := exec.LookPath(program)
		if err != nil {
			flaws = append(flaws, "there is no "+program)
			continue
		}
		found, err := At(ctx, path)
		if err == nil {
			return found, nil
		}
		flaws = append(flaws, err.Error())
	}
	if err := ctx.Err(); err != nil {
		return CLI{}, err
	}
	return CLI{}, fmt.Errorf("%w: %s", ErrNotFound, strings.Join(flaws, "; "))
}

// At asks the program at path, which goes by its file name, for its version.
// Settings and a configuration in the working directory have no say in it.
func At(ctx context.Context, path string) (CLI, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()

	// Absolute, because the program runs elsewhere.
	path, err := filepath.Abs(path)
	if err != nil {
		return CLI{}, err
	}
	var out bytes.Buffer
	cmd := Command(ctx, path, "version", "-json")
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	cmd.Stdout = &out
	if err := Run(cmd); err != nil {
		return CLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	var answer struct {
		// OpenTofu names it so as well.
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		return CLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	v, err := version.NewVersion(answer.Version)
	if err != nil {
		return CLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	if v.LessThan(Minimum) {
		return CLI{}, fmt.Errorf("%s is version %s, too old", path, v)
	}
	name := Terraform
	if strings.HasPrefix(filepath.Base(path), "tofu") {
		name = OpenTofu
	}
	return CLI{Path: path, Name: name, Version: v}, nil
}

// Build has make build the Terraform that tools/terraform pins, unless that
// is done already. The project's root holds the GNUmakefile; what make and the
// compiler say goes to out.
func Build(ctx context.Context, root string, out io.Writer) (CLI, error) {
	const target = ".bin/terraform"
	cmd := Command(ctx, "make", "--no-print-directory", target)
	cmd.Dir = root
	// A make of its own, even below another one.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return name == "MAKEFLAGS" || name == "MAKELEVEL" || name == "MFLAGS"
	})
	cmd.Stdout, cmd.Stderr = out, out
	if err := Run(cmd); err != nil {
		return CLI{}, fmt.Errorf("build the pinned Terraform: %w", err)
	}
	return At(ctx, filepath.Join(root, target))
}
