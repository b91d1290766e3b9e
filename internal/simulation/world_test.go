package simulation_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// build is how the provider is built. The zero value is as it is; others are
// defective.
type build struct {
	transport func(http.RoundTripper) http.RoundTripper
	server    func(tfprotov6.ProviderServer) tfprotov6.ProviderServer
}

// world is an account and all around it, in the course of one schedule.
type world struct {
	tb    testing.TB
	build build
	// logged: the log is recorded, which costs more than all else.
	logged  bool
	account *acctest.Account
	// provider is one that is not configured; processes are others like it.
	provider *acctest.Protocol
	network  *network
	tf       *terraform

	mu sync.Mutex
	// foreign are the streams, and foreignIPs the entries of lists, that
	// another program has made: they have to stay.
	foreign    []int
	foreignIPs map[int][]string
	// pictures are what foreign streams look like, with all that belongs to them.
	pictures map[int]string
	// renames are addresses that the user has changed, and removed are streams that
	// the user has taken out of the configuration and the state.
	renames [][2]string
	removed map[string]bool
	// config is what is applied, and restricted are the streams that were so before.
	config     configuration
	restricted map[int]bool
	// left are the entries, as "STREAM/IP", and the lists, as "STREAM", that a
	// warning says stay on their streams without being managed.
	left       map[string]bool
	violations []string
	told       []string
}

// violation is what must not be, and the story of how it came about.
type violation struct {
	what string
	told []string
}

func (v *violation) Error() string { return v.what }

func (v *violation) story() string { return strings.Join(v.told, "\n") }

// play plays a schedule out and returns the first violation; nil: there is none.
func play(t *testing.T, s schedule, b build) (found *violation) {
	t.Helper()
	var w *world
	// A bubble whose goroutines do not end says so in this way.
	defer func() {
		if thrown := recover(); thrown != nil {
			found = &violation{fmt.Sprintf("a goroutine is left: %v", thrown), w.told}
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		w = newWorld(t, s, b)
		w.guard(func() { w.play(s) })
		// Whatever still runs is given all the time that it may need.
		time.Sleep(time.Hour)
		close(w.network.closed)
	})
	if len(w.violations) > 0 {
		return &violation{w.violations[0], w.told}
	}
	return nil
}

// tell adds to the story.
func (w *world) tell(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, fmt.Sprintf(format, args...))
}

func newWorld(t *testing.T, s schedule, b build) *world {
	t.Helper()
	w := &world{build: b, logged: s.Logged, foreignIPs: map[int][]string{}, left: map[string]bool{}, pictures: map[int]string{}, removed: map[string]bool{}}
	w.tb = bench{t, w}
	w.account = &acctest.Account{
		Server:            mockserver.New(mockserver.Options{MaskHeaders: s.Account.MaskHeaders}),
		Endpoint:          "http://localhost" + mockserver.ManagementPath,
		MessagingEndpoint: "http://localhost",
	}
	w.account.Guard(accessToken, hookSecret)
	for n := range s.Account.Foreign {
		w.addForeign(n)
	}
	w.provider = acctest.Serve(w.tb, w.account.Env)
	w.network = newNetwork(w)
	w.network.order = s.Order
	w.tf = &terraform{world: w, state: map[string]saved{}, imports: map[string]string{}, plain: map[string]bool{}}
	go w.network.run()
	return w
}

// play goes through the rounds, and then leaves everything in peace.
func (w *world) play(s schedule) {
	config := configuration{}
	for _, round := range s.Rounds {
		config = w.tf.edited(config, w.readdressed(round.Config))
		for _, r := range round.Runs {
			for _, e := range r.Edits {
				w.console(e)
			}
			for _, n := range r.Forgotten {
				w.tf.forget(config, n)
			}
			config = w.prepare(config, r)
			w.run(config, r)
		}
		if round.Settles {
			w.settle(config)
		}
	}
	w.settle(config)
}

// run is one run of terraform, and what holds after it.
func (w *world) run(config configuration, r run) (map[string]*node, outcome) {
	w.forgetManagedIPs(config)
	w.config, w.restricted = config, map[int]bool{}
	for _, stream := range w.account.Streams() {
		w.restricted[stream.ID] = stream.Restricted
	}
	nodes, result := w.tf.apply(config, r)
	w.forgetManagedIPs(config)
	w.check()
	return nodes, result
}

// edited is the configuration after an edit by a user who finishes what is not
// there yet before changing it.
func (tf *terraform) edited(before, after configuration) configuration {
	edited := maps.Clone(after)
	pending := map[string]bool{}
	for address, b := range before {
		if _, there := tf.saved(address); !there {
			pending[address], pending[b.Stream] = true, true
		}
	}
	for address, b := range before {
		// What hangs on a stream that stays as it is stays, too: it fits its type.
		if pending[address] || pending[b.Stream] && b.Stream != "" {
			edited[address] = b
		}
	}
	for address, b := range edited {
		_, was := before[address]
		if pending[b.Stream] && b.Stream != "" && !was {
			delete(edited, address)
		}
	}
	return edited
}

// mostApplies is how many applies without a fault may be needed.
const mostApplies = 3

// settle applies until the plan is empty, which has to come soon.
func (w *world) settle(config configuration) {
	var (
		nodes map[string]*node
		last  outcome
		// wasEnough: an apply went without an error, and the next plan has to be empty.
		wasEnough bool
	)
	for applies := 0; applies <= mostApplies; applies++ {
		isShared := w.sharesEntry()
		// The user writes import blocks, one after the other, before applying.
		for range len(config) + 1 {
			if nodes, last = w.run(config, run{}); !last.advised {
				break
			}
		}
		if last.empty && !last.failed {
			w.checkStore()
			return
		}
		if wasEnough && !last.failed && !last.advised {
			w.violate("one apply was not enough: %s", w.unsettled(nodes))
		}
		wasEnough = !last.failed && !last.advised && !isShared
	}
	w.violate("no convergence: after %d applies without a fault, the plan is not empty: %s", mostApplies, w.unsettled(nodes))
}

// sharesEntry reports whether two objects of the state are the same entry of a list. A deletion that
// failed after a rename leaves them. When it is repeated it removes the entry, which the next apply
// adds again: a deletion does not know other resources.
func (w *world) sharesEntry() bool {
	entries := map[string]bool{}
	for _, object := range w.tf.state {
		if object.block.Type != entryType {
			continue
		}
		entry := object.attribute("stream_id") + "/" + commpeak.CanonicalIP(object.attribute("ip"))
		if entries[entry] {
			return true
		}
		entries[entry] = true
	}
	return false
}

func (w *world) unsettled(nodes map[string]*node) string {
	var lines []string
	for address, n := range nodes {
		if n.action != keep || n.failed {
			lines = append(lines, fmt.Sprintf("%s: %s, failed %t: %s", address, n.action, n.failed, strings.Join(acctest.Texts(n.diags), "; ")))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// check demands what holds after every run.
func (w *world) check() {
	w.mu.Lock()
	foreignIPs := w.foreignIPs
	w.mu.Unlock()
	for id, entries := range foreignIPs {
		if _, there := w.account.Stream(id); !there {
			continue
		}
		for _, entry := range entries {
			if !slices.Contains(w.account.AllowedIPs(id), entry) {
				w.violate("foreign IP: %s is gone from stream %d", entry, id)
			}
		}
	}
	for _, id := range w.foreign {
		if _, there := w.account.Stream(id); !there {
			w.violate("foreign stream %d is gone", id)
		} else if now := w.picture(id); now != w.pictures[id] {
			w.violate("foreign stream %d changed: %s, not %s", id, now, w.pictures[id])
		}
	}
}

// forgetManagedIPs lets go of the foreign entries of lists that Terraform
// manages, or managed, as a whole.
func (w *world) forgetManagedIPs(config configuration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range config {
		if stream, known := w.tf.saved(b.Stream); known && b.Type == wholeType {
			delete(w.foreignIPs, number(stream.attribute("id")))
		}
	}
	for _, object := range w.tf.state {
		if object.block.Type == wholeType {
			delete(w.foreignIPs, number(object.attribute("stream_id")))
		}
	}
}

// checkStore demands that the state and the account are the same: nothing that
// differs, no duplicate and no orphan.
func (w *world) checkStore() {
	known := map[string]bool{}
	for address, object := range w.tf.state {
		resource := object.restore(w.provider)
		if err := w.account.Compare(object.block.Type, resource.Attributes()); err != nil {
			w.violate("the store is not the state: %s: %s", address, err)
		}
		known[object.block.Type+" "+importID(object)] = true
	}
	demand := func(typ, id string) {
		if !known[typ+" "+id] && !w.left[typ+" "+id] {
			w.violate("orphan or duplicate: the account has a %s %s that is not in the state", typ, id)
		}
	}
	for _, stream := range w.account.Streams() {
		if w.isForeign(stream.ID) {
			continue
		}
		demand(streamType, strconv.Itoa(stream.ID))
		for _, event := range w.account.Events(stream.ID) {
			demand(eventType, fmt.Sprintf("%d/%s", stream.ID, event.Key))
		}
		for _, webhook := range w.account.Webhooks(stream.ID) {
			demand(webhookType, fmt.Sprintf("%d/%d", stream.ID, webhook.ID))
		}
		if id := strconv.Itoa(stream.ID); known[wholeType+" "+id] || w.left[id] {
			continue
		}
		for entry := range entriesOf(stream.IPACL) {
			if !isForeignIP(entry) && !w.left[fmt.Sprintf("%d/%s", stream.ID, entry)] {
				demand(entryType, fmt.Sprintf("%d/%s", stream.ID, entry))
			}
		}
	}
}

// A warning names the entries and lists that a deletion leaves, so that no stream is opened.
var (
	leftEntry = regexp.MustCompile(`(\S+) stays allowed on stream (\d+)`)
	leftList  = regexp.MustCompile(`The allowed IPs of stream (\d+) stay in force`)
)

// lostStream is in the warning of a replacement whose first create lost its answer. The plan of a
// replacement cannot import the stream, so the user deletes it by hand.
var lostStream = regexp.MustCompile(`Stream (\d+) has the same name and type`)

// noteLost notes the stream that a failed replacement left, as its warning says.
func (w *world) noteLost(warning string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if found := lostStream.FindStringSubmatch(warning); found != nil {
		w.left[streamType+" "+found[1]] = true
	}
}

// noteLeft notes what a warning says that a deletion leaves.
func (w *world) noteLeft(warning string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if found := leftEntry.FindStringSubmatch(warning); found != nil {
		w.left[found[2]+"/"+commpeak.CanonicalIP(found[1])] = true
	}
	if found := leftList.FindStringSubmatch(warning); found != nil {
		w.left[found[1]] = true
	}
}

// act is a change by hand.
func (w *world) act(who human, e edit, p *process) {
	if who == nobody {
		return
	}
	switch who {
	case killsProvider:
		p.kill()
	case interrupts:
		p.interrupt()
	case editsAccount:
		w.console(e)
	case nobody:
	}
}

// demandResets demands that an operation reset tokens as often as was asked for.
func (w *world) demandResets(by *operation, least, most int) {
	if made := int(by.resets.Load()); made < least || made > most {
		w.violate("token resets: %s of %s made %d, not %d to %d", by.verb, by.address, made, least, most)
	}
}

// demandDeadToken demands that a token that was destroyed, and not replaced, no
// longer works.
func (w *world) demandDeadToken(n *node) {
	if n.block.Type != tokenType || n.action != destroy || n.failed {
		return
	}
	attributes := n.resource.Attributes()
	fingerprint := tfkit.ParseFingerprint(fmt.Sprint(attributes["fingerprint"]))
	living := w.account.Token(number(fmt.Sprint(attributes["stream_id"])))
	if fingerprint != nil && living != "" && fingerprint.Matches(living) {
		w.violate("token resets: the token of %s was destroyed and lives", n.address)
	}
}

// demandNoSecret looks for secrets in what Terraform keeps, but for a token that
// is to be stored.
func (w *world) demandNoSecret(where string, value tftypes.Value, private []byte) {
	text := value.String() + string(private)
	var attributes map[string]tftypes.Value
	if value.IsKnown() && !value.IsNull() && value.As(&attributes) == nil && attributes["store_token"].Equal(tftypes.NewValue(tftypes.Bool, true)) {
		text = strings.ReplaceAll(text, attributes["token"].String(), "")
	}
	if err := w.account.FindSecret(where, text); err != nil {
		w.violate("secret: %s", err)
	}
}

func (w *world) violate(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.violations = append(w.violations, fmt.Sprintf(format, args...))
}

// guard runs work and reports whether it came to its end.
func (w *world) guard(work func()) (ended bool) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case failure:
			w.violate("%s", thrown)
		default:
			w.violate("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	work()
	return true
}

// bench is a test whose failures are the world's.
type bench struct {
	testing.TB
	world *world
}

type failure string

func (b bench) Fatal(args ...any) { panic(failure(fmt.Sprint(args...))) }

func (b bench) Fatalf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

// process is one process of the provider.
type process struct {
	*acctest.Protocol
	ctx    context.Context
	cancel context.CancelFunc
	log    transcript

	mu                sync.Mutex
	dead, interrupted bool
}

// start starts a provider.
func (w *world) start() *process {
	p := &process{}
	ctx := context.Background()
	if w.logged {
		ctx = tfsdklogtest.RootLogger(tflogtest.RootLogger(ctx, &p.log), &p.log)
	}
	p.ctx, p.cancel = context.WithCancel(ctx)
	var transport http.RoundTripper = wire{w.network, p}
	if w.build.transport != nil {
		transport = w.build.transport(transport)
	}
	p.Protocol = w.provider.Restart(func(c *commpeak.Config) {
		c.Transport, c.Deterministic = func(http.RoundTripper) http.RoundTripper { return transport }, true
	}).In(p.ctx)
	if w.build.server != nil {
		p.Protocol = p.Behind(w.build.server)
	}
	if faults := acctest.Texts(p.Configure(nil)); len(faults) > 0 {
		w.violate("configure: %q", faults)
	}
	return p
}

// end ends a process whose operations have ended.
func (w *world) end(p *process) {
	if err := w.account.FindSecret("the log", p.log.String()); err != nil {
		w.violate("secret: %s", err)
	}
}

func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
}

func (p *process) interrupt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.interrupted = true
	p.cancel()
}

func (p *process) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// isOver reports whether nothing more is begun.
func (p *process) isOver() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead || p.interrupted
}

// transcript is a log that many write.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(line []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(line)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

func (n *network) strike(strikes []strike) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.strikes = slices.Clone(strikes)
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func entriesOf(list string) iter.Seq[string] {
	return slices.Values(strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(",; ", r) }))
}

func joined(entries []string) string { return strings.Join(entries, ", ") }
