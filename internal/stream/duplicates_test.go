package stream_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// A run that is killed after the API created a stream and before Terraform saved it leaves
// the stream behind. The next plan names it.
func TestStreamLeftByAnInterruptedRun(t *testing.T) {
	t.Parallel()
	account, lost := newStream(t)
	config := acctest.Values{"name": "Login codes", "type": "marketing"}
	lost.Must(config) // And nothing of it is saved.
	account.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.TwoWay})
	account.AddStream(mockserver.Stream{Name: "Login", Type: mockserver.Marketing})

	again := acctest.NewProtocol(t, account, nil)
	stream := again.Resource(resourceType)
	id := lost.Attribute("id")
	warned := func() {
		t.Helper()
		acctest.Expect(t, again.Resource(resourceType).Plan(config).Diagnostics, "at name:", "Stream "+id+" has the same name and type",
			`"Login codes"`, `"marketing"`, "import {\n  to = commpeak_stream.NAME\n  id = \""+id+"\"\n}")
	}
	warned()
	// What is read and imported in the meantime makes no difference.
	acctest.ExpectNone(t, stream.Import(id))
	acctest.ExpectNone(t, stream.Plan(config).Diagnostics)
	warned()
	acctest.Expect(t, again.Resource(resourceType).Plan(acctest.Values{"name": "Login", "type": "marketing"}).Diagnostics, "has the same name and type")
}

// All creates of a plan share one look at the account.
func TestStreamDuplicatesAreLookedForOnce(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	for range 150 {
		account.AddStream(mockserver.Stream{})
	}
	p := acctest.NewProtocol(t, account, nil)
	for i := range 40 {
		acctest.ExpectNone(t, p.Resource(resourceType).Plan(acctest.Values{"name": fmt.Sprint(i), "type": "marketing"}).Diagnostics)
	}
	acctest.ExpectNone(t, p.Resource(resourceType).Plan(acctest.Values{"name": acctest.Unknown, "type": "marketing"}).Diagnostics)
	if got := account.Count(""); got != 2 {
		t.Errorf("%d requests, not the two pages of the list", got)
	}
}

// A failed lookup does not fail the plan. The warning is the same for each stream, since Terraform
// shows equal warnings once.
func TestStreamDuplicatesCannotBeLookedFor(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Inject(mockserver.Fault{Pattern: "GET /streams", Status: 503, Times: -1})
	p := acctest.NewProtocol(t, account, acctest.Values{"max_retries": 0})
	texts := map[string]bool{}
	for i := range 3 {
		plan := p.Resource(resourceType).Plan(acctest.Values{"name": fmt.Sprint(i), "type": "marketing"})
		acctest.ExpectNone(t, acctest.Errors(plan.Diagnostics))
		acctest.Expect(t, plan.Diagnostics, "list streams: HTTP 503", "plan again before you apply")
		texts[strings.Join(acctest.Texts(plan.Diagnostics), "")] = true
	}
	if len(texts) != 1 || account.Count("") != 1 {
		t.Errorf("%d texts, %d requests: %v", len(texts), account.Count(""), texts)
	}
}
