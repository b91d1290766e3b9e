package eventtemplate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

const required = `
terraform {
  required_providers {
    commpeak = { source = "commpeak/commpeak" }
  }
}
`

// block is an event template of stream 101.
func block(name, key, more string) string {
	return fmt.Sprintf("resource \"commpeak_event_template\" %q {\n  stream_id = \"101\"\n  name = %q\n  key = %q\n  template = \"Hello\"\n%s\n}\n",
		name, strings.ToUpper(name), key, more)
}

// Two events cannot have the same key, so a replacement with create_before_destroy fails. It
// fails in Create: the old event stays, and later runs work.
func TestAccEventTemplateReplacementIsNotStuck(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	w := acctest.NewWorkspace(t, account)
	account.Tolerate(409)
	account.Tolerate(422)
	w.Write("main.tf", required+block("a", "a", "lifecycle {\ncreate_before_destroy = true\n}"))
	w.Run("apply", "-auto-approve")
	before := only(account, stream)
	for _, operation := range []string{"replace", "taint"} {
		args := []string{"apply", "-auto-approve"}
		if operation == "taint" {
			w.Run("taint", "commpeak_event_template.a")
		} else {
			args = append(args, "-replace=commpeak_event_template.a")
		}
		said, err := w.Try(args...)
		if err == nil || !strings.Contains(said, "Could not create the event template \"a\"") {
			t.Errorf("%s: %v\n%s", operation, err, said)
		}
		if after := only(account, stream); after != before {
			t.Errorf("%s: the event is %+v, not %+v", operation, after, before)
		}
		if operation == "taint" {
			w.Run("untaint", "commpeak_event_template.a")
		}
		w.Run("plan", "-detailed-exitcode")
	}
	w.Write("main.tf", required+block("a", "a", ""))
	w.Run("apply", "-auto-approve", "-replace=commpeak_event_template.a")
	w.Run("plan", "-detailed-exitcode")
	if after := only(account, stream); after.ID == before.ID {
		t.Error("the event was not replaced")
	}
}

// A key passes from one resource to another one, and two resources want the same key: no plan
// fails, and only the second create of the same key does.
func TestAccEventTemplateKeysOfTwoResources(t *testing.T) {
	t.Parallel()
	account, stream := newAccount(t)
	account.Tolerate(409)
	account.Tolerate(422)
	w := acctest.NewWorkspace(t, account)
	w.Write("main.tf", required+block("a", "a", ""))
	w.Run("apply", "-auto-approve")
	w.Write("main.tf", required+block("a", "b", "")+block("b", "a", "depends_on = [commpeak_event_template.a]"))
	var first string
	for i := range 10 {
		plan := withoutProgress(w.Run("plan", "-out=saved.tfplan"))
		if first == "" {
			first = plan
		}
		if plan != first || !strings.Contains(plan, "has the same key") {
			t.Errorf("plan %d:\n%s\ninstead of\n%s", i, plan, first)
		}
	}
	w.Run("apply", "saved.tfplan")
	w.Run("plan", "-detailed-exitcode")

	w.Write("main.tf", required+block("a", "same", "")+block("b", "same", ""))
	w.Run("plan")
	said, err := w.Try("apply", "-auto-approve")
	if err == nil || !strings.Contains(said, "Could not create the event template \"same\"") {
		t.Errorf("%v\n%s", err, said)
	}
	only(account, stream)
	w.Write("main.tf", required+block("a", "same", "")+block("b", "other", ""))
	if _, err := w.Try("apply", "-auto-approve"); err != nil {
		w.Run("apply", "-auto-approve") // If b has the event of the key, a may want it too early.
	}
	w.Run("plan", "-detailed-exitcode")
}

// withoutProgress removes the lines whose order depends on which read ends first.
func withoutProgress(out string) string {
	var lines []string
	for line := range strings.Lines(out) {
		if !strings.Contains(line, "Refreshing state...") && !strings.Contains(line, "Reading...") && !strings.Contains(line, "Read complete") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
