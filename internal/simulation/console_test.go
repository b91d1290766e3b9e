package simulation_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// edit is what another program does to the account. Target chooses among the
// streams and what hangs on them, as many as there are.
type edit struct {
	What   string
	Target int
}

// Edits that may come at any time, and those that come between runs only: the
// API has no version of a list of allowed IPs, so an entry that is added between
// a read and the write that follows is lost, as is documented.
var (
	editsAnyTime = []string{
		"describe stream", "toggle stream", "delete stream", "add foreign stream", "remove foreign stream",
		"reset token", "edit event", "delete event", "edit webhook", "delete webhook",
	}
	editsBetween = append([]string{"add foreign ip", "add foreign ip", "remove ip"}, editsAnyTime...)
)

// console carries out an edit; where there is nothing to edit it does nothing.
func (w *world) console(e edit) {
	w.tell("another program: %s", e.What)
	mine := slices.DeleteFunc(w.account.Streams(), func(s mockserver.Stream) bool { return w.isForeign(s.ID) })
	switch e.What {
	case "add foreign stream":
		w.addForeign(e.Target)
		return
	case "remove foreign stream":
		w.removeForeign(e.Target)
		return
	}
	if len(mine) == 0 {
		return
	}
	stream := mine[e.Target%len(mine)]
	switch e.What {
	case "describe stream":
		w.account.EditStream(stream.ID, func(s *mockserver.Stream) { s.Description = new("by hand") })
	case "toggle stream":
		w.account.EditStream(stream.ID, func(s *mockserver.Stream) { s.State = mockserver.Disabled })
	case "delete stream":
		w.account.RemoveStream(stream.ID)
	case "reset token":
		w.account.ResetToken(stream.ID)
	case "add foreign ip":
		w.addForeignIP(stream, fmt.Sprintf("192.0.2.%d", e.Target))
	case "remove ip":
		w.account.EditStream(stream.ID, func(s *mockserver.Stream) { s.IPACL = w.withoutOne(s.IPACL, e.Target) })
	default:
		w.editChild(stream, e)
	}
}

func (w *world) editChild(stream mockserver.Stream, e edit) {
	events, webhooks := w.account.Events(stream.ID), w.account.Webhooks(stream.ID)
	switch {
	case len(events) > 0 && e.What == "edit event":
		w.account.EditEvent(stream.ID, events[e.Target%len(events)].ID, func(event *mockserver.Event) { event.Template = "By hand: {code}" })
	case len(events) > 0 && e.What == "delete event":
		w.account.RemoveEvent(stream.ID, events[e.Target%len(events)].ID)
	case len(webhooks) > 0 && e.What == "edit webhook":
		w.account.EditWebhook(stream.ID, webhooks[e.Target%len(webhooks)].ID, func(hook *mockserver.Webhook) { hook.Enabled = !hook.Enabled })
	case len(webhooks) > 0 && e.What == "delete webhook":
		w.account.RemoveWebhook(stream.ID, webhooks[e.Target%len(webhooks)].ID)
	}
}

func (w *world) isForeign(streamID int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.foreign, streamID)
}

func (w *world) addForeign(n int) {
	stream := w.account.AddStream(mockserver.Stream{Name: fmt.Sprintf("foreign %d", n)})
	w.noteForeign(stream.ID)
}

// noteForeign takes a stream as it is for one that Terraform must not touch.
func (w *world) noteForeign(id int) {
	picture := w.picture(id)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.foreign, w.pictures[id] = append(w.foreign, id), picture
	delete(w.foreignIPs, id)
}

// picture is a stream with everything that belongs to it, as text.
func (w *world) picture(id int) string {
	stream, _ := w.account.Stream(id)
	text, err := json.Marshal([]any{stream, w.account.Token(id), w.account.Events(id), w.account.Webhooks(id)})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (w *world) removeForeign(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.foreign) > 0 {
		i := n % len(w.foreign)
		w.account.RemoveStream(w.foreign[i])
		w.foreign = slices.Delete(w.foreign, i, i+1)
	}
}

// addForeignIP puts an entry on a stream's list that has to stay there, unless
// Terraform manages the whole list.
func (w *world) addForeignIP(stream mockserver.Stream, entry string) {
	if slices.Contains(w.account.AllowedIPs(stream.ID), entry+"/32") {
		return
	}
	w.account.EditStream(stream.ID, func(s *mockserver.Stream) {
		if s.IPACL != "" {
			s.IPACL += ", "
		}
		s.IPACL += entry
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.foreignIPs[stream.ID] = append(w.foreignIPs[stream.ID], entry+"/32")
}

// withoutOne takes one entry that is not foreign off a list.
func (w *world) withoutOne(list string, n int) string {
	entries := slices.Collect(entriesOf(list))
	mine := slices.DeleteFunc(slices.Clone(entries), isForeignIP)
	if len(mine) == 0 {
		return list
	}
	gone := mine[n%len(mine)]
	return joined(slices.DeleteFunc(entries, func(entry string) bool { return entry == gone }))
}

var foreignRange = netip.MustParsePrefix("192.0.2.0/24")

func isForeignIP(entry string) bool {
	address, err := netip.ParseAddr(entry)
	return err == nil && foreignRange.Contains(address)
}
