package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// Workspace is a folder in which the CLI runs as people run it, and the provider
// as a program of its own: for what the testing library has no steps for.
type Workspace struct {
	// Dir is the folder: the configuration and terraform.tfstate are there.
	Dir string

	t       *testing.T
	account *Account
	cli     cli.CLI
	env     []string
}

// NewWorkspace makes an empty folder, where the provider finds the account.
// After the test, it fails for each unexpected refusal and for each secret in the TRACE log.
func NewWorkspace(t *testing.T, account *Account) *Workspace {
	t.Helper()
	found := underTest(t)
	config, err := builtProvider()
	if err != nil {
		t.Fatal(err)
	}
	// Commands of a shell say terraform, whichever program that is.
	programs := t.TempDir()
	if err := os.Symlink(found.Path, filepath.Join(programs, "terraform")); err != nil {
		t.Fatal(err)
	}
	dir := newFolder(t)
	drive(account)
	w := &Workspace{Dir: dir, t: t, account: account, cli: found, env: slices.DeleteFunc(os.Environ(), cli.IsSetting)}
	for name, value := range map[string]string{
		"CHECKPOINT_DISABLE":          "1",
		"CLI":                         found.Path,
		"COMMPEAK_API_KEY":            account.APIKey(),
		"COMMPEAK_ENDPOINT":           account.Endpoint,
		"COMMPEAK_MESSAGING_ENDPOINT": account.MessagingEndpoint,
		"PATH":                        programs + string(os.PathListSeparator) + os.Getenv("PATH"),
		"TF_CLI_ARGS":                 "-no-color",
		"TF_CLI_CONFIG_FILE":          config,
		"TF_IN_AUTOMATION":            "1",
		"TF_INPUT":                    "0",
		"TF_LOG":                      "TRACE",
		"TF_LOG_PATH":                 logOf(t),
	} {
		w.Setenv(name, value)
	}
	t.Cleanup(func() {
		for _, line := range account.unexpected() {
			t.Errorf("a request that was not expected: %s", line)
		}
		account.checkLogs(t)
	})
	return w
}

// builtVersion is that of the provider that is installed: what examples demand.
const builtVersion = "0.1.0"

// builtProgram builds the provider, once, where `init` finds it in a mirror.
var builtProgram = sync.OnceValues(func() (string, error) {
	found, err := CLI()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(mirror(), found.Host(), "commpeak", "commpeak", builtVersion, runtime.GOOS+"_"+runtime.GOARCH)
	program := filepath.Join(folder, "terraform-provider-commpeak_v"+builtVersion)
	build := exec.Command("go", "build", "-ldflags", "-s -w -X main.version="+Version, "-o", program, "github.com/commpeak/terraform-provider-commpeak")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, said)
	}
	return program, nil
})

// builtProvider returns the CLI's configuration that names the program. It is
// used as it is, and `init` finds it in the mirror.
var builtProvider = sync.OnceValues(func() (string, error) {
	program, err := builtProgram()
	if err != nil {
		return "", err
	}
	config := filepath.Join(root, "installed.tfrc")
	return config, os.WriteFile(config, []byte(overriding(filepath.Dir(program))), 0o600)
})

func mirror() string { return filepath.Join(root, "mirror") }

// overriding is a configuration of the CLI that uses the provider in the folder.
func overriding(folder string) string {
	return fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		"commpeak/commpeak", folder, mirror())
}

// Setenv sets a variable for the commands that follow.
func (w *Workspace) Setenv(name, value string) { w.env = append(w.env, name+"="+value) }

// CopyFS copies files, and folders with all that is in them, into the folder.
func (w *Workspace) CopyFS(from fs.FS) {
	w.t.Helper()
	w.demand(os.CopyFS(w.Dir, from))
}

// Write puts a file into the folder.
func (w *Workspace) Write(name, text string) {
	w.t.Helper()
	w.demand(os.WriteFile(filepath.Join(w.Dir, name), []byte(text), 0o600))
}

// Read returns what a file of the folder holds.
func (w *Workspace) Read(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.Dir, name))
	w.demand(err)
	return string(text)
}

// Remove removes a file from the folder.
func (w *Workspace) Remove(name string) {
	w.t.Helper()
	w.demand(os.Remove(filepath.Join(w.Dir, name)))
}

// Run runs a command of the CLI and returns what it says, errors apart. The
// command must succeed: a plan with -detailed-exitcode, for one, must be empty.
func (w *Workspace) Run(args ...string) string {
	w.t.Helper()
	var out, diagnostics bytes.Buffer // both are written at once.
	if err := w.run(&out, &diagnostics, w.cli.Path, args...); err != nil {
		w.t.Fatalf("%s %s: %s\n%s%s", w.cli.Name, strings.Join(args, " "), err, &out, &diagnostics)
	}
	return out.String()
}

// Try runs a command of the CLI and returns all that it says.
func (w *Workspace) Try(args ...string) (string, error) {
	w.t.Helper()
	var all bytes.Buffer
	err := w.run(&all, &all, w.cli.Path, args...)
	return all.String(), err
}

// TryApart runs a command of the CLI and returns its output and its diagnostics
// apart.
func (w *Workspace) TryApart(args ...string) (out, diagnostics string, err error) {
	w.t.Helper()
	var stdout, stderr bytes.Buffer
	err = w.run(&stdout, &stderr, w.cli.Path, args...)
	return stdout.String(), stderr.String(), err
}

// Shell runs a command of the shell, in which terraform and $CLI are the CLI,
// and returns all that it says.
func (w *Workspace) Shell(command string) (string, error) {
	w.t.Helper()
	var all bytes.Buffer
	err := w.run(&all, &all, "sh", "-c", command)
	return all.String(), err
}

func (w *Workspace) run(out, diagnostics io.Writer, program string, args ...string) error {
	return cli.Run(w.command(out, diagnostics, program, args...))
}

func (w *Workspace) command(out, diagnostics io.Writer, program string, args ...string) *exec.Cmd {
	cmd := cli.Command(w.t.Context(), program, args...)
	cmd.Dir, cmd.Env = w.Dir, w.env
	cmd.Stdout, cmd.Stderr = out, diagnostics
	return cmd
}

// State is what the CLI knows of its objects.
func (w *Workspace) State() *tfjson.State {
	w.t.Helper()
	var state tfjson.State
	w.demand(json.Unmarshal([]byte(w.Run("show", "-json")), &state))
	return &state
}

// Check demands that the state equals the account, and holds no secret.
func (w *Workspace) Check() {
	w.t.Helper()
	w.account.CheckState(w.t, w.State())
}

// CheckUnchanged fails for each write that was sent to the API.
func (w *Workspace) CheckUnchanged() {
	w.t.Helper()
	for _, line := range w.account.writes(w.account.Requests()) {
		w.t.Errorf("a request that changes something: %s", line)
	}
}

func (w *Workspace) demand(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
