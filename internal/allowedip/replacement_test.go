package allowedip_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// The deletion of a list leaves the list as it is.
func TestAllowedIPsDeletionWritesNothing(t *testing.T) {
	t.Parallel()
	account, p := onStream(t, "")
	list := having(t, account, p, listType, all("203.0.113.7", "198.51.100.0/24"))
	before := account.Count(patch)
	acctest.ExpectNone(t, acctest.Errors(list.Apply(list.Plan(nil))))
	if got := account.Count(patch) - before; got != 0 || !list.State.IsNull() {
		t.Errorf("%d writes; the state is %s", got, list.State)
	}
}

// Terraform deletes the old entry of a replacement before it creates the new one, which it
// plans without a prior state. Entries and streams that are unknown at plan time, tainted
// entries and streams with one or more entries: the list is never empty, and is right after
// one apply.
func TestAllowedIPReplacement(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		others         string
		planned, final acctest.Values
		want           string
		// warns: the deletion cannot foresee what follows.
		warns bool
	}{
		"a different entry":            {"", one("203.0.113.8"), one("203.0.113.8"), "203.0.113.8", false},
		"the same entry":               {"", one("203.0.113.7"), one("203.0.113.7"), "203.0.113.7", false},
		"a different spelling":         {"", one("203.0.113.7/32"), one("203.0.113.7/32"), "203.0.113.7", false},
		"among others":                 {foreign, one("203.0.113.8"), one("203.0.113.8"), foreign + ", 203.0.113.8", false},
		"the same, unknown":            {"", one(acctest.Unknown), one("203.0.113.7"), "203.0.113.7", true},
		"different, unknown":           {"", one(acctest.Unknown), one("203.0.113.8"), "203.0.113.8", true},
		"unknown among others":         {foreign, one(acctest.Unknown), one("203.0.113.8"), foreign + ", 203.0.113.8", false},
		"of an unknown stream":         {"", acctest.Values{"stream_id": acctest.Unknown, "ip": "203.0.113.7"}, one("203.0.113.7"), "203.0.113.7", true},
		"different, of an unknown one": {"", acctest.Values{"stream_id": acctest.Unknown, "ip": "203.0.113.8"}, one("203.0.113.8"), "203.0.113.8", true},
	} {
		for _, isTainted := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", tainted: ", isTainted), func(t *testing.T) {
				t.Parallel()
				account, p := onStream(t, test.others)
				entry := having(t, account, p, entryType, one("203.0.113.7"))
				first := acctest.Plan{}
				if !isTainted {
					first = entry.Plan(test.planned)
					acctest.ExpectNone(t, first.Diagnostics)
				}
				second := entry.PlanAgain(first, test.planned)
				entry.Protocol = acctest.NewProtocol(t, account, nil)
				mark := len(account.Requests())
				deleted := entry.Apply(entry.Removal(second))
				if test.warns {
					expectWarning(t, deleted, stays("203.0.113.7")...)
				} else {
					acctest.ExpectNone(t, deleted)
				}
				created := entry.Protocol.Resource(entryType)
				acctest.ExpectNone(t, created.Apply(created.Plan(test.final)))
				for _, request := range account.Requests()[mark:] {
					if request.Method == http.MethodPatch && strings.Contains(string(request.Body), "null") {
						t.Errorf("the list was emptied: %s", request.Body)
					}
				}
				if got := account.Streams()[0].IPACL; got != test.want {
					t.Errorf("the list is %q, not %q", got, test.want)
				}
				// The destruction of the new entry knows of no successor.
				acctest.ExpectNone(t, acctest.Errors(created.Apply(created.Plan(nil))))
				if got := account.Streams()[0].IPACL; strings.Contains(got, "203.0.113.7") && test.others != "" {
					t.Errorf("the destroyed entry is on the list %q", got)
				}
			})
		}
	}
}

// An entry that is on the list already is adopted, as a replacement with
// create_before_destroy or a renamed resource needs.
func TestAllowedIPAdoptsAnEntry(t *testing.T) {
	t.Parallel()
	_, p := onStream(t, foreign)
	entry := p.Resource(entryType)
	expectWarning(t, entry.Apply(entry.Plan(one(foreign))), "at ip", foreign+" was already allowed on stream 101", "destroying the resource removes")
	if got := entry.Attribute("ip"); got != foreign {
		t.Errorf("the state has %q", got)
	}
}
