package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// A process is killed during apply, and the next run ends with the account as configured. Objects
// that the API created without a response are imported, as users do. Nothing else is needed.
//
// The state needs no unlocking: the lock of a state in a file ends with the
// process that holds it, and the lock file, which stays, counts for
// nothing. (Other backends keep the lock: `terraform force-unlock` releases it.)
func TestAccKilledInApply(t *testing.T) {
	t.Parallel()
	mentions := func(words string) func(mockserver.Request) bool {
		return func(r mockserver.Request) bool { return strings.Contains(string(r.Body), words) }
	}
	for name, test := range map[string]struct {
		victim acctest.Victim
		at     mockserver.Fault
		// orphan has to be imported.
		orphan string
	}{
		"before a create":          {acctest.TheProvider, mockserver.Fault{Pattern: "POST /streams", Match: mentions("Help desk")}, ""},
		"in the create of streams": {acctest.TheProvider, mockserver.Fault{Pattern: "POST /streams", Stage: mockserver.After, Match: mentions("Help desk")}, "commpeak_stream.desk"},
		"in the reset of a token":  {acctest.TheProvider, mockserver.Fault{Pattern: "POST /streams/{id}/token", Stage: mockserver.After}, "commpeak_stream_token.orders"},
		"in the change of a list":  {acctest.TheProvider, mockserver.Fault{Pattern: "PATCH /streams/{id}", Stage: mockserver.After, Match: mentions("203.0.113.8")}, `commpeak_allowed_ip.office["203.0.113.8"]`},
		"in the create of events":  {acctest.TheCLI, mockserver.Fault{Pattern: "POST /streams/{id}/events", Stage: mockserver.After, Match: mentions("returned")}, `commpeak_event_template.orders["returned"]`},
		"in the create of hooks":   {acctest.TheCLI, mockserver.Fault{Pattern: "POST /streams/{id}/webhooks", Stage: mockserver.After}, "commpeak_webhook.desk"},
	} {
		t.Run(fmt.Sprintf("%s %s", test.victim, name), func(t *testing.T) {
			t.Parallel()
			c := newCompany(t, acctest.NewAccount(t))
			// One after the other, so that nothing else is under way.
			c.work.RunKilling(test.victim, test.at, "apply", "-auto-approve", "-parallelism=1")
			if test.victim == acctest.TheCLI {
				c.work.Read(".terraform.tfstate.lock.info")
			}
			want := strings.Fields(test.orphan)
			if test.victim == acctest.TheCLI && !acctest.Has(t, acctest.StateAtOnce) {
				want = slices.Sorted(maps.Keys(c.ids())) // It has not written down any of them yet.
			}
			if orphans := c.orphans(); !slices.Equal(orphans, want) {
				t.Errorf("the account has %q, of which the state does not know, not %q", orphans, want)
			}
			c.adopt()
			c.work.Run("apply", "-auto-approve")
			c.work.Remove("imports.tf")
			c.expectSettled(t)
		})
	}
}

func TestAccKilledInUpdate(t *testing.T) {
	t.Parallel()
	for _, victim := range []acctest.Victim{acctest.TheCLI, acctest.TheProvider} {
		t.Run(string(victim), func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			account.Tolerate(http.StatusNotFound) // what was deleted, in the last refresh.
			c := newCompany(t, account)
			c.work.Run("apply", "-auto-approve")
			c.write("5m", "{order} is on its way")
			at := mockserver.Fault{Pattern: "PATCH /streams/{id}/events/{eventId}", Stage: mockserver.After}
			c.work.RunKilling(victim, at, "apply", "-auto-approve", "-parallelism=1")
			c.work.Run("apply", "-auto-approve")
			c.expectSettled(t)

			at = mockserver.Fault{Pattern: "DELETE /streams/{id}", Stage: mockserver.After}
			c.work.RunKilling(victim, at, "destroy", "-auto-approve", "-parallelism=1")
			c.work.Run("destroy", "-auto-approve")
			if streams := c.Streams(); len(streams) != 1 || streams[0].ID != c.theirs.ID {
				t.Errorf("what is left is %+v", streams)
			}
			if list := c.AllowedIPs(c.theirs.ID); !slices.Equal(list, []string{theirAddress}) {
				t.Errorf("the list of allowed IPs is left as %q", list)
			}
			expectNumber(t, "token resets, one of them at the end", c.Count("POST /streams/{id}/token"), 2)
		})
	}
}

// orphans are the configured objects that the account has and the state does not
// know, by address.
func (c *company) orphans() []string {
	var addresses []string
	listed, _ := c.work.Try("state", "list") // It fails where there is no state.
	known := strings.Split(listed, "\n")
	for address := range c.ids() {
		if !slices.Contains(known, address) {
			addresses = append(addresses, address)
		}
	}
	slices.Sort(addresses)
	return addresses
}

// adopt writes an import block for each of the orphans.
func (c *company) adopt() {
	var text strings.Builder
	ids := c.ids()
	for _, address := range c.orphans() {
		fmt.Fprintf(&text, "import {\n  to = %s\n  id = %q\n}\n", address, ids[address])
	}
	c.work.Write("imports.tf", text.String())
}

// ids are the import IDs of the configured objects that the account has, by address.
func (c *company) ids() map[string]string {
	ids := map[string]string{}
	for _, stream := range c.Streams() {
		id := fmt.Sprint(stream.ID)
		switch stream.Name {
		case "Orders":
			ids["commpeak_stream.orders"] = id
			if c.Count("POST /streams/{id}/token") > 0 {
				ids["commpeak_stream_token.orders"] = id
			}
		case "Help desk":
			ids["commpeak_stream.desk"] = id
		}
		for _, event := range c.Events(stream.ID) {
			ids[fmt.Sprintf("commpeak_event_template.orders[%q]", event.Key)] = id + "/" + event.Key
		}
		for _, webhook := range c.Webhooks(stream.ID) {
			ids["commpeak_webhook.desk"] = fmt.Sprintf("%s/%d", id, webhook.ID)
		}
		for _, prefix := range c.AllowedIPs(stream.ID) {
			if address := strings.TrimSuffix(prefix, "/32"); prefix != theirAddress {
				ids[fmt.Sprintf("commpeak_allowed_ip.office[%q]", address)] = id + "/" + address
			}
		}
	}
	return ids
}
