//go:build unix

package provider_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// testModules is what the guide tells module authors to run.
const testModules = "commpeak-mock -quiet -expect-empty ./test.sh"

// The modules pass their own tests, as the guide says to run them, and the tests
// remove what they made.
func TestAccModules(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, acctest.NewAccount(t))
	guide, err := os.ReadFile("../../docs/guides/testing-modules.md")
	if err != nil || !strings.Contains(string(guide), testModules) {
		t.Errorf("the guide does not say to run %q: %v", testModules, err)
	}
	w.CopyFS(os.DirFS(filepath.Join(examples, "modules")))
	programs := t.TempDir()
	said, err := exec.CommandContext(t.Context(), "go", "build", "-o", programs, "../../internal/cmd/commpeak-mock").CombinedOutput()
	if err != nil {
		t.Fatalf("building the mock server: %v\n%s", err, said)
	}

	out, err := w.Shell("PATH=" + programs + ":$PATH " + testModules)
	missing := slices.DeleteFunc(successes(t, w.Dir), func(says string) bool { return strings.Contains(out, says) })
	if err != nil || len(missing) > 0 {
		t.Errorf("got error %v, and the tests do not say %q:\n%s", err, missing, out)
	}
}

// handingOn calls the OTP module and hands on the token that it renews.
const handingOn = `
terraform {
  required_providers {
    commpeak = {
      source = "commpeak/commpeak"
    }
  }
}

variable "quarter" {
  type = string
}

module "orders" {
  source = %q

  name        = "Order updates"
  allowed_ips = ["203.0.113.7"]
  rotation    = var.quarter
}

ephemeral "commpeak_stream_token" "orders" {
  stream_id = module.orders.id
}

resource "commpeak_stream" "receiver" {
  name = "Receiver of the token"
  type = "whatsapp"

  whatsapp = {
    business_id             = "102290129340398"
    access_token_wo         = ephemeral.commpeak_stream_token.orders.token
    access_token_wo_version = module.orders.token_version
  }
}
`

// A configuration that opens the token by the ID from the OTP module has the new token after one
// apply.
func TestAccModuleHandsOnToken(t *testing.T) {
	t.Parallel()
	module, err := filepath.Abs(filepath.Join(examples, "modules", "otp-stream"))
	if err != nil {
		t.Fatal(err)
	}
	r := &rotation{Account: acctest.NewAccount(t)}
	w := acctest.NewWorkspace(t, r.Account)
	w.Write("main.tf", fmt.Sprintf(handingOn, module))
	w.Run("init")
	for _, quarter := range []string{"2026Q1", "2026Q2"} {
		w.Run("apply", "-auto-approve", "-var=quarter="+quarter)
		source, receiver := r.ids()
		current := r.Token(source)
		if r.AccessToken(receiver) != current || current == r.seen {
			t.Errorf("%s: the receiver does not hold the new token", quarter)
		}
		r.seen = current
	}
}

// A real account that the environment names is not touched.
func TestModulesSpareRealAccounts(t *testing.T) {
	t.Parallel()
	modules, err := filepath.Abs(filepath.Join(examples, "modules"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(modules, "test.sh"))
	cmd.Env = append(os.Environ(), "COMMPEAK_ENDPOINT=https://gw.commpeak.com/textpeak", "CLI=echo")
	out, err := cmd.CombinedOutput()
	exit := new(exec.ExitError)
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), "There is no mock server.") || strings.Contains(string(out), "init") {
		t.Errorf("got error %v and output %q", err, out)
	}
}

// successes are the words of test runs in which every run of every module
// passes, and none is left out.
func successes(t *testing.T, modules string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(modules, "*", "tests", "*.tftest.hcl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no tests of modules: %v", err)
	}
	var words []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		runs := regexp.MustCompile(`(?m)^run "\w+"`).FindAllString(string(text), -1)
		if len(runs) == 0 {
			t.Fatalf("%s runs nothing", file)
		}
		for _, run := range runs {
			words = append(words, "  "+run+"... pass\n")
		}
		words = append(words, fmt.Sprintf("Success! %d passed, 0 failed.", len(runs)))
	}
	return words
}
