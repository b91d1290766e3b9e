package provider_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

var record = flag.Bool("record", false, "record a state in each folder of "+recordedStates+" that has a configuration only")

// What an earlier version wrote plans empty with this one, and its private state
// is still understood. Nothing is written to the API. With -record, whatever
// is not recorded yet is recorded first.
func TestAccRecordedStates(t *testing.T) {
	t.Parallel()
	for _, folder := range stateFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat(filepath.Join(folder, "terraform.tfstate")); os.IsNotExist(err) && *record {
				recordState(t, folder)
			}
			snapshot, err := os.ReadFile(filepath.Join(folder, "account.json"))
			if err != nil {
				t.Fatalf("run `make record-states`: %s", err)
			}
			account := acctest.NewAccount(t)
			if err := account.Restore(snapshot); err != nil {
				t.Fatal(err)
			}
			account.Guard("made-up-and-opens-nothing")
			w := acctest.NewWorkspace(t, account)
			w.CopyFS(os.DirFS(folder))
			w.Remove("account.json") // It holds the account's secrets, and the CLI does not write it.

			w.Run("plan", "-detailed-exitcode")
			plan := w.Run("plan", "-var=secret=another", `-var=first_triggers={"quarter":"2026Q1"}`)
			for _, words := range []string{
				"is not sent",
				"New write-only headers of webhook",
				"The token of stream 101 is not reset",
				"Plan: 0 to add, 1 to change, 0 to destroy.",
			} {
				if !says(words).MatchString(plan) {
					t.Errorf("the plan does not say %q:\n%s", words, plan)
				}
			}
			w.Run("apply", "-auto-approve")
			w.Check()
			w.CheckUnchanged()
		})
	}
}

// recordState applies the configuration in the folder to an account that has one
// stream, made by hand, and writes down the state and the account.
func recordState(t *testing.T, folder string) {
	t.Helper()
	account := acctest.NewAccount(t)
	byHand := account.AddStream(mockserver.Stream{Name: "Made by hand", Type: mockserver.TwoWay})
	w := acctest.NewWorkspace(t, account)
	w.CopyFS(os.DirFS(folder))
	w.Run("apply", "-auto-approve")
	account.EditStream(byHand.ID, func(s *mockserver.Stream) { s.LastActivityAt = time.Now() })
	w.Run("apply", "-auto-approve", "-refresh-only")
	snapshot, err := account.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"terraform.tfstate": []byte(w.Read("terraform.tfstate")), "account.json": snapshot} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
