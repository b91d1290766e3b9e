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
func folderName(tb testing.TB) string {
	tb.Helper()
	return strings.ReplaceAll(tb.Name(), "/", "__")
}

func folderOf(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(root, folderName(tb))
}

func logOf(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(folderOf(tb), traceLog)
}

// newFolder creates the folder of a test and, in it, a new one for the CLI, which
// it returns.
func newFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(folderOf(t), cliFolder)
	if os.Mkdir(folderOf(t), 0o700) != nil {
		return newSibling(t, folder)
	}
	t.Cleanup(func() { keepFailed(t) })
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// newSibling creates a folder for another run of the CLI in the same test.
func newSibling(t *testing.T, folder string) string {
	t.Helper()
	sibling, err := os.MkdirTemp(filepath.Dir(folder), filepath.Base(folder)+"-") //nolint:usetesting // it is searched when all tests have ended.
	if err != nil {
		t.Fatal(err)
	}
	return sibling
}

// keepFailed keeps the folder of a test that has one and failed, and prints where
// it is, once. It reports whether it is kept.
func keepFailed(tb testing.TB) bool {
	tb.Helper()
	if _, err := os.Stat(folderOf(tb)); root == "" || err != nil || !tb.Failed() {
		return false
	}
	if _, before := failed.LoadOrStore(folderName(tb), true); !before {
		tb.Logf("The files of this test are kept in %s:\n"+
			"  %s (working directory of the CLI; step_N: a copy after step N; step_N.tfplan: the plan that it applied)\n"+
			"  %s (TRACE log of the CLI and the provider)\n"+
			"  %s (requests that the mock account received)", folderOf(tb), cliFolder, traceLog, requestLog)
	}
	return true
}

// accName is the name by which `make test` finds the tests that need a CLI.
var accName = regexp.MustCompile(`^TestAcc[A-Z]`)

func requireAccName(t *testing.T) {
	t.Helper()
	if !accName.MatchString(t.Name()) {
		t.Fatal("a test that needs a CLI must be named TestAcc…, otherwise make test does not run it")
	}
}

// writeRequests adds the requests that the account received to the folder of the
// test, one a line.
func (a *Account) writeRequests(tb testing.TB) {
	tb.Helper()
	file, err := os.OpenFile(filepath.Join(folderOf(tb), requestLog), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		tb.Error(err)
		return
	}
	fmt.Fprintln(file, "# The account at "+a.Endpoint)
	for _, request := range a.Requests() {
		line := fmt.Sprintf("%d %s %s", request.Status, request.Method, request.Path)
		if json.Valid(request.Body) {
			line += " " + string(request.Body)
		}
		fmt.Fprintln(file, line)
	}
	if err := file.Close(); err != nil {
		tb.Error(err)
	}
}

// Run runs a test case of the testing library in a folder that is kept if the
// test fails.
func Run(t *testing.T, testCase resource.TestCase) {
	t.Helper()
	underTest(t)
	testCase.WorkingDir = newFolder(t)
	resource.Test(t, testCase)
}
