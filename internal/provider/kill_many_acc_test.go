package provider_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// thirty returns thirty resources. Each has its own block, because Terraform 1.16.0 uses one
// import block only for the instances of one resource.
func thirty() string {
	var config strings.Builder
	config.WriteString(requirements)
	for i := range 15 {
		fmt.Fprintf(&config, "resource \"commpeak_stream\" \"s%[1]d\" {\n  name = \"Stream %[1]d\"\n  type = \"marketing\"\n}\n"+
			"resource \"commpeak_webhook\" \"w%[1]d\" {\n  stream_id = \"101\"\n  url = \"https://example.com/%[1]d\"\n}\n", i)
	}
	return config.String()
}

// leftBehind is a warning of an object that a killed run has created.
var leftBehind = regexp.MustCompile(`Warning: (?:Stream|Webhook) \d+ .*has the same (?:name and type|URL)\s+with (\S+),(?s:.*?)id = "(\S+)"`)

// A CLI is killed while it creates thirty objects. The next plan names each object that the
// state lacks, with what imports it, and then the account has exactly thirty.
func TestAccKilledWhileCreatingThirty(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) { o.Latency = 60 * time.Millisecond })
	account.AddStream(mockserver.Stream{Name: "Desk", Type: mockserver.TwoWay})
	w := acctest.NewWorkspace(t, account)
	w.Write("main.tf", thirty())
	var webhooks atomic.Int32
	isSixth := func(mockserver.Request) bool { return webhooks.Add(1) == 6 }
	at := mockserver.Fault{Pattern: "POST /streams/{id}/webhooks", Match: isSixth, Stage: mockserver.After}
	w.RunKilling(acctest.TheCLI, at, "apply", "-auto-approve")

	listed, _ := w.Try("state", "list") // It fails where there is no state.
	managed := strings.Fields(listed)
	var imports strings.Builder
	plan := w.Run("plan")

	found := leftBehind.FindAllStringSubmatch(plan, -1)
	for _, warning := range found {
		if slices.Contains(managed, warning[1]) {
			t.Errorf("%s is in the state", warning[1])
		}
		fmt.Fprintf(&imports, "import {\n  to = %s\n  id = %q\n}\n", warning[1], warning[2])
	}
	created := len(account.Streams()) - 1 + len(account.Webhooks(101))
	if len(found) == 0 || !acctest.Has(t, acctest.StateAtOnce) && len(found) != created {
		t.Errorf("%d of %d objects are named", len(found), created)
	}
	w.Write("imports.tf", imports.String())
	w.Run("apply", "-auto-approve")
	w.Remove("imports.tf")
	w.Run("plan", "-detailed-exitcode")
	expectNumber(t, "streams", len(account.Streams())-1, 15)
	expectNumber(t, "webhooks", len(account.Webhooks(101)), 15)
}
