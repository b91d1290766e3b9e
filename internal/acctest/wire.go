package acctest

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// Break is how a connection breaks.
type Break string

// The ways in which connections break.
const (
	Reset     Break = "reset"      // a TCP reset
	HalfClose Break = "half-close" // the end of what the API says, while it still listens
	Stall     Break = "stall"      // nothing more comes, and the connection stays
	Drip      Break = "drip"       // the rest comes byte by byte
)

// Wire is a TCP proxy between the provider and an account. It passes bytes on as
// they are, and breaks connections.
type Wire struct {
	listener net.Listener
	target   string

	mu      sync.Mutex
	planned []breakage
	open    []net.Conn
	closed  bool
}

// Direction is the half of a connection that breaks.
type Direction string

// The directions.
const (
	Requests Direction = "requests" // the request: the API has not acted on it yet
	Answers  Direction = "answers"  // the response: the API has acted
)

// breakage is what befalls one connection.
type breakage struct {
	how  Break
	what Direction
	// after so many bytes.
	after int
}

// NewWire stretches a wire to the account, whose endpoints are at the other end
// from now on.
func NewWire(t *testing.T, account *Account) *Wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{listener: listener, target: strings.TrimPrefix(account.MessagingEndpoint, "http://")}
	account.MessagingEndpoint = "http://" + listener.Addr().String()
	account.Endpoint = account.MessagingEndpoint + mockserver.ManagementPath
	t.Cleanup(w.cut)
	go w.serve()
	return w
}

// Break breaks one more of the connections to come, after so many bytes.
func (w *Wire) Break(how Break, what Direction, after int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.planned = append(w.planned, breakage{how, what, after})
}

// Left is how many connections are still to break.
func (w *Wire) Left() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.planned)
}

func (w *Wire) serve() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.keep(client)
		if server, err := net.Dial("tcp", w.target); err == nil {
			w.keep(server)
			w.join(client.(*net.TCPConn), server.(*net.TCPConn))
		}
	}
}

// keep sees to it that the connection is cut at the end.
func (w *Wire) keep(connection net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = append(w.open, connection)
	if w.closed {
		_ = connection.Close()
	}
}

// cut ends all that goes over the wire.
func (w *Wire) cut() {
	_ = w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, connection := range w.open {
		_ = connection.Close()
	}
}

// next is what befalls the next connection; nothing for the zero one.
func (w *Wire) next() breakage {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.planned) == 0 {
		return breakage{}
	}
	next := w.planned[0]
	w.planned = w.planned[1:]
	return next
}

// join copies bytes in both directions until one end closes or the connection breaks.
func (w *Wire) join(client, server *net.TCPConn) {
	next := w.next()
	requests, responses := breakage{}, breakage{}
	if next.what == Answers {
		responses = next
	} else {
		requests = next
	}
	// If one end closes, the other end sees it.
	go func() {
		requests.pass(server, client, client)
		_ = server.CloseWrite()
	}()
	go func() {
		responses.pass(client, server, client)
		_ = client.CloseWrite()
		_, _ = io.Copy(io.Discard, server)
	}()
}

// pass copies until the breakage, and on as far as that allows.
func (b breakage) pass(to, from, client *net.TCPConn) {
	if b.how == "" {
		_, _ = io.Copy(to, from)
		return
	}
	if _, err := io.CopyN(to, from, int64(b.after)); err != nil {
		return
	}
	switch b.how {
	case Reset:
		_ = client.SetLinger(0)
		_ = client.Close()
	case HalfClose:
		// The caller closes.
	case Stall:
		_, _ = io.Copy(io.Discard, from)
	case Drip:
		_, _ = io.Copy(dripping{to}, from)
	}
}

// dripping writes byte by byte.
type dripping struct{ *net.TCPConn }

func (d dripping) Write(all []byte) (int, error) {
	for i := range all {
		time.Sleep(100 * time.Microsecond)
		if n, err := d.TCPConn.Write(all[i : i+1]); err != nil {
			return i + n, err
		}
	}
	return len(all), nil
}
