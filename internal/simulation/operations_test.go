package simulation_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// Operations of Terraform. Each run has one, and most of them have a target.
const (
	plainApply    = "apply"
	forcedReplace = "-replace" // The provider sees replace_triggered_by in the same way.
	taint         = "taint"
	rename        = "rename"
	renameMoved   = "rename with moved"
	remove        = "removed"
	target        = "-target"
	noRefresh     = "-refresh=false"
	refreshOnly   = "-refresh-only"
	savedPlan     = "saved plan"
	unknownValue  = "unknown value"
)

var operations = []string{
	plainApply, plainApply, plainApply, forcedReplace, taint, rename, renameMoved, remove, target, noRefresh, refreshOnly, savedPlan, unknownValue,
}

// prepare is what the user does to the configuration or the state before the run.
func (w *world) prepare(config configuration, r run) configuration {
	address := w.tf.targetOf(config, r)
	if address == "" {
		return config
	}
	switch r.Operation {
	case taint:
		w.tell("the user taints %s", address)
		object := w.tf.state[address]
		object.tainted = true
		w.tf.state[address] = object
	case rename, renameMoved:
		to := address + "_r"
		w.tell("the user renames %s: %s", address, r.Operation)
		w.renames = append(w.renames, [2]string{address, to})
		if r.Operation == renameMoved {
			w.tf.move(address, to)
		}
		met.count(config[address].Type, r.Operation)
		return config.readdressed(address, to)
	case remove:
		return w.removeStream(config, address)
	default:
		return config
	}
	met.count(config[address].Type, r.Operation)
	return config
}

// targetOf is one of the configured objects that are in the state; empty for none.
func (tf *terraform) targetOf(config configuration, r run) string {
	there := slices.DeleteFunc(slices.Sorted(maps.Keys(config)), func(address string) bool {
		_, known := tf.state[address]
		return !known
	})
	if len(there) == 0 {
		return ""
	}
	return there[r.Target%len(there)]
}

// readdressed is the configuration with one block under another address.
func (c configuration) readdressed(from, to string) configuration {
	changed := configuration{}
	for address, b := range c {
		if address == from {
			address = to
		}
		if b.Stream == from {
			b.Stream = to
		}
		changed[address] = b
	}
	return changed
}

// readdressed is a configuration that was drawn, after what the user has renamed
// and removed.
func (w *world) readdressed(config configuration) configuration {
	for _, name := range w.renames {
		config = config.readdressed(name[0], name[1])
	}
	config = maps.Clone(config)
	maps.DeleteFunc(config, func(address string, b block) bool { return w.removed[address] || w.removed[b.Stream] })
	return config
}

// move is a moved block.
func (tf *terraform) move(from, to string) {
	state := map[string]saved{}
	for address, object := range tf.state {
		if address == from {
			address = to
		}
		if object.block.Stream == from {
			object.block.Stream = to
		}
		state[address] = object
	}
	tf.state = state
}

// removeStream is a removed block for a stream and all that belongs to it. From
// then on, Terraform must not touch them.
func (w *world) removeStream(config configuration, address string) configuration {
	object := w.tf.state[address]
	id := number(object.attribute("id"))
	if _, exists := w.account.Stream(id); config[address].Type != streamType || !exists {
		return config
	}
	w.tell("the user removes %s from the configuration and the state", address)
	for other, o := range w.tf.state {
		if other == address || o.attribute("stream_id") == object.attribute("id") {
			delete(w.tf.state, other)
		}
	}
	w.removed[address] = true
	w.noteForeign(id)
	met.count(streamType, remove)
	return w.readdressed(config)
}

// operateOn marks what the operation is about.
func (tf *terraform) operateOn(nodes map[string]*node, config configuration, r run) {
	for _, n := range nodes {
		if parent := nodes[n.block.Stream]; n.configured && n.isCBD && parent != nil {
			parent.isCBD = true // It is inherited.
		}
	}
	address := tf.targetOf(config, r)
	if n := nodes[address]; n != nil {
		n.isTarget = true
	}
	if r.Operation == target && address != "" {
		maps.DeleteFunc(nodes, func(other string, _ *node) bool { return other != address && other != config[address].Stream })
	}
}

// count adds to the table of what met what.
func (n *node) count() {
	if n.action != keep {
		met.count(n.block.Type, n.action.String())
	}
	if n.action == replace && n.isCBD {
		met.count(n.block.Type, "create before destroy")
	}
	if n.block.Ignored && n.action == update {
		met.count(n.block.Type, "ignore_changes")
	}
	switch n.run.Operation {
	case noRefresh, savedPlan, target:
		met.count(n.block.Type, n.run.Operation)
	case forcedReplace, unknownValue:
		if n.isTarget {
			met.count(n.block.Type, n.run.Operation)
		}
	}
}

// unknown is the attribute that is unknown in the plan; empty for none. A stream's
// type decides what else is valid, and write-only values cannot come from another
// resource.
func (n *node) unknown() string {
	if !n.isTarget || n.run.Operation != unknownValue {
		return ""
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(n.block.Attributes)), func(name string) bool {
		return name == "type" || name == "whatsapp" || strings.HasPrefix(name, "headers_wo")
	})
	if len(names) == 0 {
		return ""
	}
	return names[n.run.Target%len(names)]
}

// ignoring is the configuration after ignore_changes.
func (n *node) ignoring(config acctest.Values) acctest.Values {
	var attributes map[string]tftypes.Value
	if !n.block.Ignored || n.resource == nil || n.tainted || n.resource.State.As(&attributes) != nil {
		return config
	}
	config = maps.Clone(config)
	config["description"] = attributes["description"]
	return config
}

// addCBDSteps adds a replacement that creates the new object first. The old one
// goes after everything that depends on it is on the new one.
func (tf *terraform) addCBDSteps(p *process, nodes map[string]*node, n *node, steps map[string]step) {
	steps["write "+n.address] = step{node: n, after: []string{"write " + n.block.Stream}, do: func() { tf.createFirst(p, nodes, n) }}
	last := step{node: n, after: []string{"write " + n.address}, do: func() { tf.destroyOld(p, n) }}
	for child, other := range nodes {
		if other.dependsOn == n.address {
			last.after = append(last.after, "destroy "+child, "write "+child)
		}
	}
	steps["destroy "+n.address] = last
}

// createFirst creates the successor of an object, which is deposed.
func (tf *terraform) createFirst(p *process, nodes map[string]*node, n *node) {
	before, _ := tf.saved(n.address)
	n.old, n.resource = n.resource, nil
	tf.write(p, nodes, n)
	if n.resource == nil {
		// It is as before, and the user reads why.
		n.resource, n.tainted = n.old, before.tainted
		if strings.Contains(strings.Join(acctest.Texts(n.diags), " "), "has this key") {
			tf.mu.Lock()
			tf.plain[n.address] = true
			tf.mu.Unlock()
		}
		tf.save(n, before.tainted)
		return
	}
	tf.mu.Lock()
	defer tf.mu.Unlock()
	tf.deposed++
	n.deposedAt = n.address + strings.Repeat(" deposed", tf.deposed)
	before.value, before.private, before.identity = n.old.State, n.old.Private, n.old.Identity
	tf.state[n.deposedAt] = before
}

// destroyOld destroys a deposed object.
func (tf *terraform) destroyOld(p *process, n *node) {
	protocol, by := tf.begin(p, "delete", n)
	old := n.old.Over(protocol)
	diags := old.Apply(old.Removal(n.plan))
	if p.isDead() {
		return
	}
	n.report(tf.world, diags)
	tf.world.demandResets(by, 0, resetsOf(n))
	tf.mu.Lock()
	defer tf.mu.Unlock()
	if old.State.IsNull() {
		delete(tf.state, n.deposedAt)
	}
}

// isNoImport reports whether the user does not import what a message names: a
// placeholder, or an object that is imported already or was removed.
func (tf *terraform) isNoImport(typ, id string) bool {
	for address, other := range tf.imports {
		if other == id && strings.HasPrefix(address, typ+".") {
			return true
		}
	}
	stream, _, _ := strings.Cut(id, "/")
	return number(stream) < 0 || strings.HasSuffix(id, "_ID") || tf.world.isForeign(number(stream))
}

// listOf is the list of allowed IPs of the stream that the request changes.
func (w *world) listOf(x *exchange) string {
	if x.request.Method != http.MethodPatch {
		return ""
	}
	stream, _ := w.account.Stream(w.streamOf(x))
	return stream.IPACL
}

func (w *world) streamOf(x *exchange) int {
	return number(strings.TrimPrefix(x.request.URL.Path, mockserver.ManagementPath+"/streams/"))
}

// demandClosed demands that a list does not become empty, unless the configuration
// asks for an empty list or the stream is restricted. A run that removes the last
// entry and the restriction opens the stream in either order.
func (w *world) demandClosed(x *exchange, before string) {
	id := w.streamOf(x)
	stream, exists := w.account.Stream(id)
	if before == "" || !exists || stream.IPACL != "" || stream.Restricted || w.restricted[id] {
		return
	}
	for _, b := range w.config {
		if parent, known := w.tf.saved(b.Stream); b.Type == wholeType && known && number(parent.attribute("id")) == id {
			if ips, _ := b.Attributes["ips"].([]string); len(ips) == 0 {
				return
			}
		}
	}
	w.violate("an allow list was opened: %s of %s emptied the list %q of stream %d", x.by.verb, x.by.address, before, id)
}
