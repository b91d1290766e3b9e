//go:build fuzzterraform

package e2e_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// round is a change of the configuration, an edit by hand in the account, and
// an operation of Terraform.
type round struct {
	Config      configuration
	Edits       []edit
	Operation   string
	Target      string // an address in the state before the round
	Parallelism int
}

// The operations of Terraform. Each is followed by a plain apply when it does
// not apply everything.
const (
	opApply       = "apply"
	opSavedPlan   = "saved plan"
	opReplace     = "-replace"
	opTaint       = "taint"
	opTarget      = "-target"
	opNoRefresh   = "-refresh=false"
	opRefreshOnly = "-refresh-only"
	opReimport    = "state rm and import"
)

var operations = []string{opApply, opSavedPlan, opReplace, opTaint, opTarget, opNoRefresh, opRefreshOnly, opReimport}

// Changes of a configuration between two rounds.
var changes = []string{
	"values", "values", "lifecycle", "rename", "rename with moved", "trigger", "late parent", "type", "remove", "forget", "add stream",
}

// drawRounds draws configurations that follow each other.
func drawRounds(t *rapid.T) []round {
	rounds := make([]round, rapid.IntRange(1, 3).Draw(t, "rounds"))
	for i := range rounds {
		r := round{
			Operation:   rapid.SampledFrom(operations).Draw(t, "operation"),
			Parallelism: rapid.SampledFrom([]int{1, 10, 40}).Draw(t, "parallelism"),
		}
		if i == 0 {
			r.Config = drawConfiguration(t)
			rounds[i] = r
			continue
		}
		before := rounds[i-1].Config
		if len(before.Objects) > 0 {
			r.Target = before.Objects[rapid.SampledFrom(before.keys()).Draw(t, "target")].address()
		}
		r.Edits = rapid.SliceOfN(rapid.Custom(drawEdit), 0, 2).Draw(t, "edits")
		r.Config = before.clone()
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			if len(r.Config.Objects) > 0 {
				r.Config.change(t)
			}
		}
		rounds[i] = r
	}
	return rounds
}

// change changes one thing in the configuration.
func (c *configuration) change(t *rapid.T) {
	key := rapid.SampledFrom(c.keys()).Draw(t, "changed")
	o := c.Objects[key]
	switch rapid.SampledFrom(changes).Draw(t, "change") {
	case "values":
		o.Attributes = c.redraw(t, o)
	case "lifecycle":
		o.CBD, o.Triggered, o.Alias = !o.CBD, rapid.Bool().Draw(t, "triggered"), rapid.Bool().Draw(t, "alias")
	case "rename":
		o.Name += "_r"
	case "rename with moved":
		if o.MovedFrom == "" {
			o.MovedFrom = o.Name
		}
		o.Name += "_m"
	case "trigger":
		c.Trigger++
	case "late parent":
		c.Late++
	case "type":
		c.retype(t, key, o)
		return
	case "remove":
		c.remove(key, o)
		return
	case "forget":
		c.forget(key, o)
		return
	case "add stream":
		c.addStream(t, fmt.Sprintf("n%d", len(c.Objects)))
		return
	}
	c.Objects[key] = o
}

// redraw draws other values for an object, of which its type stays.
func (c *configuration) redraw(t *rapid.T, o object) map[string]expression {
	switch o.Type {
	case streamType:
		return drawStream(t, unquote(o.Attributes["type"].HCL))
	case hookType:
		return drawUnknowns(t, drawWebhook(t))
	case ipsType:
		return drawUnknowns(t, map[string]string{"ips": drawFrom(t, "ips", `["203.0.113.1"]`, `["203.0.113.1/32", "203.0.113.9"]`, `["198.18.0.0/15"]`)})
	case tokenType:
		return drawUnknowns(t, map[string]string{"reset_triggers": drawFrom(t, "triggers", `{ turn = "1" }`, `{ turn = "3" }`)})
	case eventType:
		redrawn := o.clone().Attributes
		redrawn["template"] = expression{HCL: drawFrom(t, "template", `"Your code is {code}"`, `"{a} and {b}"`), Unknown: rapid.Bool().Draw(t, "unknown template")}
		return redrawn
	}
	return o.Attributes
}

func unquote(hcl string) string { return hcl[1 : len(hcl)-1] }

// retype gives a stream a new type, and with it new children.
func (c *configuration) retype(t *rapid.T, key string, o object) {
	if o.Type != streamType {
		return
	}
	for _, child := range c.children(key) {
		delete(c.Objects, child)
	}
	typ := rapid.SampledFrom([]string{"marketing", "transactional", "two_way"}).Draw(t, "new type")
	o.Attributes = drawStream(t, typ)
	c.Objects[key] = o
	c.addChildren(t, key, typ)
}

// remove takes an object out of the configuration, and a stream with its
// children.
func (c *configuration) remove(key string, o object) {
	if o.Type == streamType {
		for _, child := range c.children(key) {
			delete(c.Objects, child)
		}
	}
	delete(c.Objects, key)
}

// forget takes an object out of the configuration without destroying it.
func (c *configuration) forget(key string, o object) {
	if o.MovedFrom != "" {
		return
	}
	if o.Type == streamType {
		for _, child := range c.children(key) {
			if c.Objects[child].MovedFrom != "" {
				return
			}
		}
		for _, child := range c.children(key) {
			c.forget(child, c.Objects[child])
		}
	}
	c.Forget = append(c.Forget, o.address())
	delete(c.Objects, key)
}

// edit is a change by hand in the account, between two runs.
type edit struct {
	What   string
	Target int
}

func drawEdit(t *rapid.T) edit {
	return edit{
		What: rapid.SampledFrom([]string{
			"describe", "pause", "retag", "delete stream", "add ip", "remove ips", "reset token", "edit event", "delete event", "edit webhook", "delete webhook",
		}).Draw(t, "edit"),
		Target: rapid.IntRange(0, 4).Draw(t, "edited"),
	}
}

// carryOut edits one of the managed streams, or an object of it.
func (e edit) carryOut(account *mockserver.Server, streams []mockserver.Stream) {
	if len(streams) == 0 {
		return
	}
	id := streams[e.Target%len(streams)].ID
	stream := func(change func(*mockserver.Stream)) { account.EditStream(id, change) }
	switch e.What {
	case "describe":
		stream(func(s *mockserver.Stream) { s.Description = new("by hand") })
	case "pause":
		stream(func(s *mockserver.Stream) { s.State = mockserver.Disabled })
	case "retag":
		stream(func(s *mockserver.Stream) { s.Tags = []string{"by hand"} })
	case "delete stream":
		account.RemoveStream(id)
	case "add ip":
		stream(func(s *mockserver.Stream) { s.IPACL = joined(s.IPACL, "192.0.2.1") })
	case "remove ips":
		stream(func(s *mockserver.Stream) { s.IPACL = "" })
	case "reset token":
		account.ResetToken(id)
	case "edit event":
		for _, event := range account.Events(id) {
			account.EditEvent(id, event.ID, func(e *mockserver.Event) { e.Template = "By hand: {code}" })
		}
	case "delete event":
		for _, event := range account.Events(id) {
			account.RemoveEvent(id, event.ID)
		}
	case "edit webhook":
		for _, hook := range account.Webhooks(id) {
			account.EditWebhook(id, hook.ID, func(w *mockserver.Webhook) { w.Enabled = !w.Enabled })
		}
	case "delete webhook":
		for _, hook := range account.Webhooks(id) {
			account.RemoveWebhook(id, hook.ID)
		}
	}
}

func joined(list, entry string) string {
	if list == "" {
		return entry
	}
	return list + ", " + entry
}

// managed are the streams in the account that are not foreign.
func managed(account *mockserver.Server, foreign map[int]string) []mockserver.Stream {
	return slices.DeleteFunc(account.Streams(), func(s mockserver.Stream) bool { return foreign[s.ID] != "" })
}
