package simulation_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// latency is how long a request takes.
const latency = 30 * time.Millisecond

// network carries the requests of providers to the account: one at a time, when
// all goroutines wait. So what is drawn says what happens, and
// neither the scheduler nor the machine's load has a part in it.
type network struct {
	world   *world
	arrived chan struct{}
	closed  chan struct{}

	mu      sync.Mutex
	waiting []*exchange
	// order says which of those waiting is next, time and again; strikes are the
	// faults to come.
	order   []int
	carried int
	strikes []strike
}

// exchange is a request on its way.
type exchange struct {
	request *http.Request
	body    []byte
	process *process
	by      *operation
	reply   chan reply
}

type reply struct {
	response *http.Response
	err      error
}

var (
	errUnreached = errors.New("connection refused")
	errKilled    = errors.New("the provider was killed")
)

func newNetwork(w *world) *network {
	return &network{world: w, arrived: make(chan struct{}, 1), closed: make(chan struct{})}
}

// onlyReads are the verbs of operations that change nothing.
var onlyReads = map[string]bool{"refresh": true, "plan": true, "import": true}

// wire is what a process is connected by.
type wire struct {
	network *network
	process *process
}

// RoundTrip has the request carried.
func (w wire) RoundTrip(request *http.Request) (*http.Response, error) {
	x := &exchange{request: request, process: w.process, by: operationOf(request.Context()), reply: make(chan reply, 1)}
	if request.Body != nil {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		x.body = body
	}
	w.network.enqueue(x)
	select {
	case r := <-x.reply:
		return r.response, r.err
	case <-request.Context().Done():
		w.network.withdraw(x)
		return nil, request.Context().Err()
	}
}

func (n *network) enqueue(x *exchange) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting = append(n.waiting, x)
	select {
	case n.arrived <- struct{}{}:
	default:
	}
}

func (n *network) withdraw(x *exchange) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting = slices.DeleteFunc(n.waiting, func(other *exchange) bool { return other == x })
}

// next takes one of those waiting off the queue; nil when there is none.
func (n *network) next() *exchange {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.waiting) == 0 {
		return nil
	}
	// The order of arrival is the scheduler's; this one is the requests' own.
	slices.SortStableFunc(n.waiting, func(a, b *exchange) int { return strings.Compare(a.name(), b.name()) })
	i := 0
	if len(n.order) > 0 {
		i = n.order[n.carried%len(n.order)] % len(n.waiting)
	}
	n.carried++
	x := n.waiting[i]
	n.waiting = slices.Delete(n.waiting, i, i+1)
	return x
}

func (x *exchange) name() string {
	return x.request.Method + " " + x.request.URL.RequestURI() + " " + string(x.body)
}

// run carries requests until the network is closed.
func (n *network) run() {
	for {
		select {
		case <-n.arrived:
		case <-n.closed:
			return
		}
		for n.isBusy() {
			time.Sleep(latency)
			synctest.Wait()
			if x := n.next(); x != nil {
				n.carry(x)
				synctest.Wait()
			}
		}
	}
}

func (n *network) isBusy() bool {
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.waiting) > 0
}

// take returns the fault that hits the request, and whether there is one.
func (n *network) take(x *exchange) (hit fault, edit edit, found bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range n.strikes {
		s := &n.strikes[i]
		switch {
		case s.Times == 0 || s.Verb != "" && s.Verb != x.by.verb:
		case s.Skip > 0:
			s.Skip--
		default:
			s.Times--
			return faultByName[s.Fault].dated(time.Now()), s.Edit, true
		}
	}
	return fault{}, edit, false
}

// carry brings a request to the account and the answer back, as far as they get.
func (n *network) carry(x *exchange) {
	if x.process.isDead() {
		x.reply <- reply{err: errKilled}
		return
	}
	hit, edit, found := n.take(x)
	if onlyReads[x.by.verb] && x.request.Method != http.MethodGet {
		n.world.violate("a write: the %s of %s sends %s %s", x.by.verb, x.by.address, x.request.Method, x.request.URL.Path)
	}
	n.world.tell("    %s of %s: %s %s %s", x.by.verb, x.by.address, x.request.Method, x.request.URL.RequestURI(), hit.name)
	if found {
		seen.count(hit.name, x.by.name())
	}
	if !hit.late {
		n.world.act(hit.human, edit, x.process)
	}
	switch {
	case x.process.isDead():
		x.reply <- reply{err: errKilled}
		return
	case hit.unreached:
		x.reply <- reply{err: errUnreached}
		return
	}
	if found {
		n.world.account.Inject(hit.server)
	}
	// A slow server is not waited for.
	go n.serve(x, hit, edit)
	synctest.Wait()
	n.world.account.ClearFaults()
}

// serve has the account answer.
func (n *network) serve(x *exchange, hit fault, edit edit) {
	httptrace.ContextClientTrace(x.request.Context()).GotConn(httptrace.GotConnInfo{})
	recorder := httptest.NewRecorder()
	token, list := n.world.tokenOf(x), n.world.listOf(x)
	lost := n.answer(recorder, x)
	n.world.demandClosed(x, list)
	if n.world.tokenOf(x) != token {
		x.by.resets.Add(1)
	}
	if hit.late {
		n.world.act(hit.human, edit, x.process)
	}
	response := recorder.Result()
	switch {
	case x.process.isDead():
		x.reply <- reply{err: errKilled}
		return
	case lost && !recorder.Flushed:
		x.reply <- reply{err: io.ErrUnexpectedEOF}
		return
	case lost:
		response.Body = io.NopCloser(io.MultiReader(response.Body, broken{}))
	case hit.body != nil && response.StatusCode < 300:
		response.StatusCode = http.StatusOK
		response.Body = io.NopCloser(strings.NewReader(hit.body()))
	}
	x.reply <- reply{response: response}
}

// answer reports whether the answer was lost.
func (n *network) answer(w http.ResponseWriter, x *exchange) (lost bool) {
	defer func() {
		if thrown := recover(); thrown != nil {
			lost = true
			if thrown != http.ErrAbortHandler { //nolint:errorlint // it is thrown as it is.
				n.world.violate("the mock server panics: %v", thrown)
			}
		}
	}()
	request := x.request.Clone(x.request.Context())
	request.Body = io.NopCloser(bytes.NewReader(x.body))
	request.RemoteAddr = "127.0.0.1:1"
	n.world.account.ServeHTTP(w, request)
	return false
}

// broken is the end of a body that was cut off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// tokenOf is the current token of the stream whose token the request resets.
func (w *world) tokenOf(x *exchange) string {
	path, isReset := strings.CutSuffix(strings.TrimPrefix(x.request.URL.Path, mockserver.ManagementPath+"/streams/"), "/token")
	if !isReset || x.request.Method != http.MethodPost {
		return ""
	}
	return w.account.Token(number(path))
}

// operationOf is the operation that asks: it travels in the context.
func operationOf(ctx context.Context) *operation {
	if by, found := ctx.Value(operationKey{}).(*operation); found {
		return by
	}
	return &operation{verb: "configure"}
}
