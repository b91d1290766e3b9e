package simulation_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// terraform is as much of Terraform core as a provider can tell from the whole,
// and a user who reads what it says.
type terraform struct {
	world *world
	mu    sync.Mutex
	state map[string]saved
	// imports are the import blocks that the user has written.
	imports map[string]string
	// plain are the objects whose create_before_destroy the user has removed.
	plain map[string]bool
	// deposed is how many objects were deposed.
	deposed int
}

// saved is an object in the state.
type saved struct {
	block    block
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
	// imported, and not written since: a webhook then has all of its headers in
	// the state, as is documented, since nothing tells which of them are secret.
	imported bool
}

// operation is one call of the protocol, as the coverage counts it.
type operation struct {
	verb, address, typ string
	resets             atomic.Int64
}

type operationKey struct{}

func (o *operation) name() string { return strings.TrimPrefix(o.verb+" "+o.typ, "commpeak_") }

// node is an address in the course of a run.
type node struct {
	address string
	block   block
	// configured: the block is in the configuration; else it is in the state
	// alone, and goes.
	configured bool
	// dependsOn is the stream that the object in the state depends on.
	dependsOn string
	resource  *acctest.Resource // as refreshed; nil: there is none
	tainted   bool
	imported  bool
	unfound   bool // There was nothing to import.
	plan      acctest.Plan
	action    action
	// run is what the user has asked for, isTarget: of this object.
	run      run
	isTarget bool
	applying bool
	// isCBD: the object is created before the old one is destroyed, which is at
	// that address until then.
	isCBD     bool
	old       *acctest.Resource
	deposedAt string
	diags     []*tfprotov6.Diagnostic
	failed    bool
}

type action int

const (
	keep action = iota
	create
	update
	replace
	destroy
)

func (a action) String() string {
	return [...]string{"nothing", "create", "update", "replace", "destroy"}[a]
}

// outcome is how a run ended.
type outcome struct {
	// empty: the plan has no change; failed: there were errors; advised: the
	// user has written an import block, or wants to see the plan again.
	empty, failed, advised bool
}

// apply is `terraform apply`: the plan, and, where the user has nothing to
// object, what it says. The provider is another process in each of the two.
func (tf *terraform) apply(config configuration, r run) (map[string]*node, outcome) {
	tf.world.network.strike(r.Strikes)
	nodes, result := tf.plan(config, r)
	if result.failed || result.advised || result.empty || r.Operation == refreshOnly {
		return nodes, result
	}
	for _, e := range r.Between {
		tf.world.console(e)
	}
	p := tf.world.start()
	tf.walk(p, tf.applySteps(p, nodes))
	return nodes, tf.conclude(p, nodes)
}

// plan refreshes and plans everything, and shows the plan to the user.
func (tf *terraform) plan(config configuration, r run) (map[string]*node, outcome) {
	p := tf.world.start()
	nodes := tf.nodes(config, r)
	steps := map[string]step{}
	for address, n := range nodes {
		s := step{node: n, do: func() { tf.refreshAndPlan(p, nodes, n) }}
		if n.configured {
			s.after = []string{n.block.Stream}
		}
		steps[address] = s
	}
	tf.walk(p, steps)
	result := tf.conclude(p, nodes)
	if !result.failed && !result.advised {
		tf.saveRefreshed(nodes)
	}
	return nodes, result
}

// applySteps are those of an apply: what hangs on a stream goes before the
// stream, and comes after it.
func (tf *terraform) applySteps(p *process, nodes map[string]*node) map[string]step {
	steps := map[string]step{}
	for address, n := range nodes {
		if n.action == replace && n.isCBD {
			tf.addCBDSteps(p, nodes, n, steps)
			continue
		}
		if n.action == destroy || n.action == replace {
			s := step{node: n, do: func() { tf.destroy(p, n) }}
			for child, other := range nodes {
				if other.dependsOn == address {
					s.after = append(s.after, "destroy "+child)
				}
			}
			steps["destroy "+address] = s
		}
		if n.action == create || n.action == update || n.action == replace {
			steps["write "+address] = step{
				node: n, after: []string{"destroy " + address, "write " + n.block.Stream},
				do: func() { tf.write(p, nodes, n) },
			}
		}
	}
	return steps
}

// conclude is what the user makes of a run.
func (tf *terraform) conclude(p *process, nodes map[string]*node) outcome {
	result := outcome{empty: true, failed: p.isOver()}
	for _, n := range nodes {
		result.failed = result.failed || n.failed
		result.empty = result.empty && n.action == keep
		result.advised = tf.follow(n) || result.advised
	}
	tf.world.end(p)
	tf.world.tell("so the run is over: %+v", result)
	return result
}

// nodes are the addresses of the configuration and of the state.
func (tf *terraform) nodes(config configuration, r run) map[string]*node {
	nodes := map[string]*node{}
	for address, old := range tf.state {
		nodes[address] = &node{address: address, block: old.block, dependsOn: old.block.Stream, run: r}
	}
	for address, b := range config {
		n := &node{address: address, block: b, configured: true, dependsOn: b.Stream, run: r}
		if old, is := tf.state[address]; is {
			n.dependsOn = old.block.Stream
		}
		n.isCBD = b.CBD && !tf.plain[address]
		nodes[address] = n
	}
	tf.operateOn(nodes, config, r)
	return nodes
}

// step is something that is done to a node, after other steps.
type step struct {
	node  *node
	after []string
	do    func()
}

// walk takes each step after those that it waits for, side by side with others.
// Where one of them failed, it is left out.
func (tf *terraform) walk(p *process, steps map[string]step) {
	type ending struct {
		came   chan struct{}
		failed bool
	}
	endings := map[string]*ending{}
	for name := range steps {
		endings[name] = &ending{came: make(chan struct{})}
	}
	var all sync.WaitGroup
	for name, s := range steps {
		all.Go(func() {
			mine := endings[name]
			defer close(mine.came)
			for _, other := range s.after {
				if before, there := endings[other]; there {
					<-before.came
					mine.failed = mine.failed || before.failed
				}
			}
			if !mine.failed && !p.isOver() {
				mine.failed = !tf.world.guard(s.do)
			} else {
				mine.failed = true
			}
			mine.failed = mine.failed || s.node.failed
			s.node.failed = mine.failed
		})
	}
	all.Wait()
}

// begin returns a context in which an operation is made, and who makes it.
func (tf *terraform) begin(p *process, verb string, n *node) (*acctest.Protocol, *operation) {
	by := &operation{verb: verb, address: n.address, typ: strings.TrimPrefix(n.block.Type, "commpeak_")}
	return p.In(context.WithValue(p.ctx, operationKey{}, by)), by
}

// refreshAndPlan is what Terraform does to a node of the plan.
func (tf *terraform) refreshAndPlan(p *process, nodes map[string]*node, n *node) {
	tf.refresh(p, n)
	if !n.failed && !p.isOver() && n.run.Operation != refreshOnly {
		tf.planNode(p, nodes, n)
	}
}

// refresh reads what the state has, or imports what the user wants imported.
func (tf *terraform) refresh(p *process, n *node) {
	old, known := tf.saved(n.address)
	id, wanted := tf.wanted(n.address)
	switch {
	case known:
		protocol, by := tf.begin(p, "refresh", n)
		n.resource = old.restore(protocol)
		n.tainted, n.imported = old.tainted, old.imported
		if n.run.Operation != noRefresh {
			n.report(tf.world, n.resource.Refresh())
		}
		tf.world.demandResets(by, 0, 0)
	case n.configured && wanted:
		protocol, by := tf.begin(p, "import", n)
		n.resource, n.imported = protocol.Resource(n.block.Type), true
		n.report(tf.world, n.resource.ImportAndRefresh(id))
		tf.world.demandResets(by, 0, 0)
		// Another program may have removed it; for Terraform, that is an error.
		said := strings.Join(acctest.Texts(n.diags), " ")
		if !n.failed && n.resource.State.IsNull() || strings.Contains(said, "No such") {
			n.failed, n.unfound = true, true
			tf.forgetImport(n.address)
		}
	}
	if n.resource != nil && n.resource.State.IsNull() {
		n.resource = nil
	}
}

// planNode finds out what is to be done.
func (tf *terraform) planNode(p *process, nodes map[string]*node, n *node) {
	protocol, by := tf.begin(p, "plan", n)
	defer tf.world.demandResets(by, 0, 0)
	resource := n.with(protocol)
	switch {
	case !n.configured && n.resource == nil:
		n.action = keep
		return
	case !n.configured:
		n.action = destroy
		n.plan = resource.Plan(nil)
		n.report(tf.world, n.plan.Diagnostics)
		return
	}
	config := tf.evaluate(nodes, n, planned)
	n.plan = resource.Plan(n.ignoring(config))
	n.report(tf.world, n.plan.Diagnostics)
	switch {
	case n.failed:
	case n.resource == nil:
		n.action = create
	case n.tainted:
		n.action = replace
	case len(n.plan.Replaces) > 0 || n.isTarget && n.run.Operation == forcedReplace:
		n.action = replace
		// It is planned again as if nothing were there; of that, Terraform
		// shows errors only.
		n.plan = resource.PlanAgain(n.plan, config)
		n.report(tf.world, acctest.Errors(n.plan.Diagnostics))
	case !n.plan.Planned.Equal(n.resource.State):
		n.action = update
	}
	tf.world.tell("  %s: %s", n.address, n.action)
	n.count()
	tf.world.demandNoSecret("the plan of "+n.address, n.plan.Planned, nil)
}

// with is the node's object, spoken of in that protocol; to a plan, a tainted
// object is not there.
func (n *node) with(protocol *acctest.Protocol) *acctest.Resource {
	if n.resource == nil || n.tainted {
		return protocol.Resource(n.block.Type)
	}
	return n.resource.Over(protocol)
}

// evaluate is the block's configuration; of is where the id of its stream comes
// from.
func (tf *terraform) evaluate(nodes map[string]*node, n *node, of func(*node) tftypes.Value) acctest.Values {
	values := maps.Clone(n.block.Attributes)
	if name := n.unknown(); name != "" && !n.applying {
		values[name] = acctest.Unknown
	}
	if n.block.Stream == "" {
		return values
	}
	var attributes map[string]tftypes.Value
	if err := of(nodes[n.block.Stream]).As(&attributes); err != nil || !attributes["id"].IsKnown() {
		values["stream_id"] = acctest.Unknown
		return values
	}
	var id string
	if err := attributes["id"].As(&id); err != nil {
		tf.world.violate("the stream of %s has no id", n.address)
	}
	values["stream_id"] = id
	return values
}

func planned(n *node) tftypes.Value { return n.plan.Planned }

func applied(n *node) tftypes.Value { return n.resource.State }

// destroy destroys what is there. A replacement is planned as a creation; what
// the provider keeps of that plan for itself goes with the destruction.
func (tf *terraform) destroy(p *process, n *node) {
	protocol, by := tf.begin(p, "delete", n)
	resource := n.resource.Over(protocol)
	plan := resource.Removal(n.plan)
	diags := resource.Apply(plan)
	if p.isDead() {
		return
	}
	n.report(tf.world, diags)
	if !n.failed && !resource.State.IsNull() {
		tf.world.violate("%s is there after its destruction", n.address)
	}
	tf.world.demandResets(by, 0, resetsOf(n))
	tf.world.demandDeadToken(n)
	n.resource = resource
	if resource.State.IsNull() {
		n.resource = nil
	}
	tf.save(n, n.tainted)
}

// write creates or changes what was planned so, after planning it again with
// all that is known by now.
func (tf *terraform) write(p *process, nodes map[string]*node, n *node) {
	verb := "create"
	if n.action == update {
		verb = "update"
	}
	n.tainted, n.applying = false, true
	planning, _ := tf.begin(p, "plan", n)
	config := tf.evaluate(nodes, n, applied)
	final := n.with(planning).Plan(n.ignoring(config))
	n.report(tf.world, final.Diagnostics)
	if n.failed || p.isOver() {
		n.failed = true
		return
	}
	tf.demandAlike("the final plan of "+n.address, n.plan.Planned, final.Planned)
	if n.action == update && final.Planned.Equal(n.resource.State) {
		return // What was unknown is as before.
	}
	protocol, by := tf.begin(p, verb, n)
	resource := n.with(protocol)
	diags := resource.Apply(final)
	if p.isDead() {
		return
	}
	n.report(tf.world, diags)
	if !n.failed {
		tf.demandAlike("what was applied of "+n.address, final.Planned, resource.State)
	}
	least, most := 0, 0
	if n.action != update {
		most = resetsOf(n)
		if !n.failed {
			least = most
		}
	}
	tf.world.demandResets(by, least, most)
	n.resource, n.imported = resource, n.imported && n.failed
	if resource.State.IsNull() {
		n.resource = nil
	}
	tf.save(n, n.failed && n.action != update)
}

// resetsOf is how many resets of a token a create or destroy of the object
// needs.
func resetsOf(n *node) int {
	if n.block.Type == tokenType {
		return 1
	}
	return 0
}

// report takes down what the provider says.
func (n *node) report(w *world, diags []*tfprotov6.Diagnostic) {
	for _, text := range acctest.Texts(diags) {
		w.noteLeft(text)
		if n.isCBD {
			w.noteLost(text)
		}
		if err := w.account.FindSecret("a diagnostic of "+n.address, text); err != nil {
			w.violate("secret: %s", err)
		}
		w.tell("  %s: %s", n.address, text)
	}
	n.diags = append(n.diags, diags...)
	n.failed = n.failed || len(acctest.Errors(diags)) > 0
}

// advice is what the provider says of an object that may be meant: its import
// id.
var advice = regexp.MustCompile(`(?s)(?:\n\s*id = "|terraform import ADDRESS |its import id is )([^"\s]+?)["\s.](?:\s|$)`)

// follow is the user who reads what a plan says. What is to be created and is there
// already is imported, unless it belongs to another address.
func (tf *terraform) follow(n *node) (advised bool) {
	if n.unfound {
		return true
	}
	if n.resource != nil || !n.configured {
		return false
	}
	for _, text := range acctest.Texts(n.diags) {
		if strings.Contains(text, "plan again before you apply") {
			return true
		}
		found := advice.FindStringSubmatch(text + "\n")
		if len(found) < 2 || tf.manages(n, found[1]) || tf.imports[n.address] == found[1] || tf.isNoImport(n.block.Type, found[1]) {
			continue
		}
		tf.imports[n.address] = found[1]
		return true
	}
	return false
}

// manages reports whether the state has an object of that import id at another
// address.
func (tf *terraform) manages(n *node, id string) bool {
	for address, object := range tf.state {
		byID := object.attribute("stream_id") + "/" + object.attribute("id") // Events have two import IDs.
		if address != n.address && object.block.Type == n.block.Type && (importID(object) == id || byID == id) {
			return true
		}
	}
	return false
}

// importID is by what an object can be imported.
func importID(object saved) string {
	switch object.block.Type {
	case streamType:
		return object.attribute("id")
	case entryType:
		return object.attribute("stream_id") + "/" + object.attribute("ip")
	case eventType:
		return object.attribute("stream_id") + "/" + object.attribute("key")
	case webhookType:
		return object.attribute("stream_id") + "/" + object.attribute("id")
	}
	return object.attribute("stream_id")
}

func (s saved) attribute(name string) string {
	var (
		attributes map[string]tftypes.Value
		text       string
	)
	if s.value.As(&attributes) != nil || attributes[name].As(&text) != nil {
		return ""
	}
	return text
}

// demandAlike demands that what was promised is kept: a value that was known is
// the same afterwards.
func (tf *terraform) demandAlike(what string, promised, kept tftypes.Value) {
	differences, err := promised.Diff(kept)
	if err != nil {
		tf.world.violate("%s cannot be compared: %s", what, err)
		return
	}
	for _, difference := range differences {
		if difference.Value1 != nil && difference.Value1.IsFullyKnown() && !holdsUnknown(promised, difference.Path) {
			tf.world.violate("%s is not as planned: %s", what, difference)
			return
		}
	}
}

// holdsUnknown reports whether something on the way to the path, or below it,
// was not known yet.
func holdsUnknown(v tftypes.Value, path *tftypes.AttributePath) bool {
	for steps := path.Steps(); ; steps = steps[:len(steps)-1] {
		found, _, err := tftypes.WalkAttributePath(v, tftypes.NewAttributePathWithSteps(steps))
		if at, is := found.(tftypes.Value); err == nil && is && (!at.IsKnown() || len(steps) == len(path.Steps()) && !at.IsFullyKnown()) {
			return true
		}
		if len(steps) == 0 {
			return false
		}
	}
}

// wanted is the import id of what the user wants imported.
func (tf *terraform) wanted(address string) (id string, is bool) {
	tf.mu.Lock()
	defer tf.mu.Unlock()
	id, is = tf.imports[address]
	return id, is
}

func (tf *terraform) forgetImport(address string) {
	tf.mu.Lock()
	defer tf.mu.Unlock()
	delete(tf.imports, address)
}

// forget is the user who takes one of the configured objects out of the state
// and writes an import block for it.
func (tf *terraform) forget(config configuration, n int) {
	var there []string
	for address := range config {
		if _, known := tf.saved(address); known {
			there = append(there, address)
		}
	}
	if len(there) == 0 {
		return
	}
	slices.Sort(there)
	address := there[n%len(there)]
	tf.world.tell("state rm: %s", address)
	tf.imports[address] = importID(tf.state[address])
	delete(tf.state, address)
}

func (tf *terraform) saved(address string) (saved, bool) {
	tf.mu.Lock()
	defer tf.mu.Unlock()
	object, found := tf.state[address]
	return object, found
}

// save puts into the state what is known of a node's object.
func (tf *terraform) save(n *node, tainted bool) {
	tf.mu.Lock()
	defer tf.mu.Unlock()
	if n.resource == nil {
		delete(tf.state, n.address)
		return
	}
	r := n.resource
	tf.state[n.address] = saved{block: n.block, value: r.State, private: r.Private, identity: r.Identity, tainted: tainted, imported: n.imported}
	delete(tf.imports, n.address)
	if !n.imported || n.block.Type != webhookType {
		tf.world.demandNoSecret("the state of "+n.address, r.State, r.Private)
	}
}

func (tf *terraform) saveRefreshed(nodes map[string]*node) {
	for _, n := range nodes {
		tf.save(n, n.tainted)
	}
}

// restore is the object in a new process of the provider.
func (s saved) restore(p *acctest.Protocol) *acctest.Resource {
	resource := p.Resource(s.block.Type)
	resource.State, resource.Private, resource.Identity = s.value, s.private, s.identity
	return resource
}
