package acctest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// Environment variables that decide what is left of the tests' files.
const (
	envKeep    = "TF_ACC_KEEP"
	envKeepDir = "TF_ACC_KEEP_DIR"
)

// Names in the folder of a test.
const (
	traceLog   = "trace.log"
	requestLog = "requests.log"
	cliFolder  = "cli"
)

// root holds everything that the acceptance tests of a package and the CLI
// write. Each test has a folder below it.
var root string

// failed are the names of failed tests' folders.
var failed sync.Map

// newRoot creates the root, named after the package.
func newRoot() error {
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	base := os.Getenv(envKeepDir)
	if base != "" {
		if err := os.MkdirAll(base, 0o700); err != nil {
			return err
		}
	}
	root, err = os.MkdirTemp(base, "commpeak-acctest-"+filepath.Base(folder)+"-")
	return err
}

// removeFiles removes all files except those of failed tests, and prints where
// these are.
func removeFiles() error {
	if os.Getenv(envKeep) == "1" {
		fmt.Fprintln(os.Stderr, "The files of all acceptance tests are in "+root)
		return nil
	}
	kept, err := removeExcept(root, func(name string) bool {
		_, keep := failed.Load(name)
		return keep
	})
	if kept {
		fmt.Fprintln(os.Stderr, "The files of the failed acceptance tests are in "+root)
	}
	return err
}

// removeExcept removes a folder, unless something in it is to be kept.
func removeExcept(dir string, keep func(name string) bool) (kept bool, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	for _, entry := range entries {
		if keep(entry.Name()) {
			kept = true
		} else if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return kept, err
		}
	}
	if kept {
		return true, nil
	}
	return false, os.Remove(dir)
}

// folderName is the name of the test as the testing library writes it in paths.
func folderName(t testing.TB) string { return strings.ReplaceAll(t.Name(), "/", "__") }

func folderOf(t testing.TB) string { return filepath.Join(root, folderName(t)) }

func logOf(t testing.TB) string { return filepath.Join(folderOf(t), traceLog) }

// newFolder creates the folder of a test, in which its CLI works. If the test
// fails, the folder is kept, with the requests that the account received.
func newFolder(t *testing.T, account *Account) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(folderOf(t), cliFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		failed.Store(folderName(t), true)
		if account != nil {
			if err := account.writeRequests(filepath.Join(folderOf(t), requestLog)); err != nil {
				t.Error(err)
			}
		}
		t.Logf("The files of this test are kept in %s:\n"+
			"  %s (the CLI's working directory: step_N after each step, step_N.tfplan as it was applied)\n"+
			"  %s (TRACE log of the CLI and the provider)\n"+
			"  %s (requests that the mock account received)", folderOf(t), cliFolder, traceLog, requestLog)
	})
}

// accName is the name by which `make test` finds the tests that need a CLI.
var accName = regexp.MustCompile(`^TestAcc[A-Z]`)

func requireAccName(t *testing.T) {
	t.Helper()
	if !accName.MatchString(t.Name()) {
		t.Fatal("a test that needs a CLI must be named TestAcc…, otherwise make test does not run it")
	}
}

// writeRequests writes the requests that the account received, one a line.
func (a *Account) writeRequests(path string) error {
	var lines strings.Builder
	for _, request := range a.Requests() {
		fmt.Fprintf(&lines, "%d %s %s", request.Status, request.Method, request.Path)
		if json.Valid(request.Body) {
			fmt.Fprintf(&lines, " %s", request.Body)
		}
		lines.WriteString("\n")
	}
	return os.WriteFile(path, []byte(lines.String()), 0o600)
}

// Run runs a test case of the testing library in a folder that is kept if the
// test fails.
func Run(t *testing.T, testCase resource.TestCase) {
	t.Helper()
	underTest(t)
	newFolder(t, nil)
	runCase(t, testCase)
}

func runCase(t *testing.T, testCase resource.TestCase) {
	t.Helper()
	testCase.WorkingDir = filepath.Join(folderOf(t), cliFolder)
	resource.Test(t, testCase)
}
