package mockserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ManagementPath is where the management API starts. The messaging API starts at the root.
const ManagementPath = "/textpeak"

// maxBody is the largest request body that is read, in bytes.
const maxBody = 1 << 20

// WritePolicy says how the account's API meets calls that create, change or delete.
type WritePolicy string

// The write policies.
const (
	WritesOffered    WritePolicy = ""    // writes work
	WritesNotAllowed WritePolicy = "405" // each is answered 405: this account's API offers reads only
	WritesNotFound   WritePolicy = "404" // each is answered 404: the same, said otherwise
)

// Options describe the account and the API it lives in. The zero value is a useful one.
type Options struct {
	// APIKey is the account's API key. Empty: a random one, which [Server.APIKey] tells.
	APIKey string
	// Now is the server's clock. Nil: time.Now.
	Now func() time.Time
	// Senders are the account's sender IDs. Nil: those of [DefaultSenders].
	Senders []Sender
	// Writes is how calls that change something on the management API are met. Sends are no writes.
	Writes WritePolicy
	// DocumentedOnly makes the server what is publicly documented of the real one: streams carry the documented fields
	// alone, and calls that are not documented are answered 404.
	DocumentedOnly bool
	// Spelling is how answers spell enumerated values and IDs.
	Spelling Spelling
	// Domains are the short-link domains of the account. Nil: those of [DefaultDomains].
	Domains []Domain
	// MessageVersion selects the version of the reference in which messages are listed.
	MessageVersion MessageVersion
	// TotalName is the name of the total of a page of messages: Total, TotalItems or TotalItemsInSnake. Empty: Total.
	TotalName string
	// ErrorKey is the one field that holds the text of every error: message, error, detail or title. Empty: message for
	// 401 and 403, title and detail for the others.
	ErrorKey string
	// PHPArrays makes answers encode empty objects as [] and lists inside objects as {"0": …}, as PHP can do.
	PHPArrays bool
	// IgnoreStatusFilter makes the list of sent messages ignore the filter by status.
	IgnoreStatusFilter bool
	// ReplaceNested makes a change replace nested objects whole, as a server does that does not merge deeply.
	ReplaceNested bool
	// Latency is real time that passes before the server looks at a request.
	Latency time.Duration
	// RateLimit is the number of requests a second, by the server's clock, beyond which 429 is answered; a burst may be
	// as large as one second's worth. Zero: no limit.
	RateLimit float64
	// MaskHeaders makes responses contain ******** as the value of every header of a webhook.
	MaskHeaders bool
	// DeliveryDelay is how long, by the server's clock, a message is on its way: it is sent, and its stream sending, until
	// then. Zero: it arrives at once.
	DeliveryDelay time.Duration
	// Outcome returns the status that a message ends with. Nil: always "delivered". It must not call the server.
	Outcome func(Message) string
	// TrustClientIP makes the header X-Mock-Client-Ip, where a request has it, the client's address for a stream's list.
	TrustClientIP bool
	// OnChange is called after something in the account may have changed, before the answer leaves. It may call the server.
	OnChange func()
	// OnRequest is called with each finished request, before the answer leaves. It may call the server.
	OnRequest func(Request)
}

// Server is an account and the API around it. It is an http.Handler, and safe for concurrent use.
type Server struct {
	opts  Options
	mux   *http.ServeMux
	known map[string]route // by the mux's pattern

	advanced atomic.Int64 // how far the clock was moved, in nanoseconds

	mu      sync.Mutex // guards all below
	account account
	bucket  bucket
	entries []*Request
	faults  []*injected
	secrets []string
	serial  int    // of the last request
	initial []byte // the account that Reset returns to, as a snapshot
}

// account is all that outlives the process in a snapshot.
type account struct {
	APIKey   string         `json:"apiKey"`
	Streams  []*stream      `json:"streams"`            // ascending id
	Senders  []Sender       `json:"senders"`            // ascending id
	Domains  []Domain       `json:"domains"`            // ascending id
	Tags     map[string]int `json:"tags"`               // id by value
	LastID   map[string]int `json:"lastId"`             // the ID given last, by kind
	Messages []Message      `json:"messages,omitempty"` // in the order of sending
	Incoming []Message      `json:"incoming,omitempty"` // in the order of arrival
}

// New returns a server for an account without streams.
func New(opts Options) *Server {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &Server{opts: opts, mux: http.NewServeMux(), known: map[string]route{}, bucket: bucket{rate: opts.RateLimit}}
	s.account = account{APIKey: opts.APIKey, Tags: map[string]int{}, LastID: map[string]int{"stream": 100}}
	if s.account.APIKey == "" {
		s.account.APIKey = "mock_api_key_" + randomHex(16)
	}
	s.keepSecret(s.account.APIKey)

	senders := opts.Senders
	if senders == nil {
		senders = DefaultSenders()
	}
	for _, sender := range senders {
		s.account.addSender(sender)
	}

	domains := opts.Domains
	if domains == nil {
		domains = DefaultDomains()
	}
	for _, domain := range domains {
		s.account.addDomain(domain)
	}

	s.initial, _ = json.Marshal(s.account) //nolint:gosec // The key is part of what a snapshot keeps.

	for _, rt := range s.routes() {
		s.known[rt.muxPattern()] = rt
		s.mux.HandleFunc(rt.muxPattern(), func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, rt) })
	}
	s.addHooks()
	return s
}

// APIKey returns the account's API key.
func (s *Server) APIKey() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account.APIKey
}

// Secrets returns every secret that the account ever held: the API key, every current and former stream token, and
// every WhatsApp access token. Tests look for them in places where they must not be.
func (s *Server) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.secrets...)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.URL.Path, "//") { // ServeMux would redirect and so hide a client's mistake.
		s.serve(w, r, s.unknownRoute(nil))
		return
	}
	s.mux.ServeHTTP(w, r)
}

// serve takes a request through everything that is common to all calls: log, latency, faults, limits, authorisation.
// The answer is complete before its first byte leaves, and the log knows it by then.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, rt route) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		rt = route{serve: func(*call) *answer {
			return problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes.", maxBody))
		}}
	} else if err != nil {
		panic(http.ErrAbortHandler) // The client left.
	}
	entry := s.begin(r, rt.pattern, body)
	fault := s.takeFault(entry.copy())
	c := &call{server: s, route: rt, request: r, body: body, id: entry.RequestID}

	ans, ok := s.answerThrough(c, fault)
	s.finish(entry, ans, fault != nil, !ok)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	ans.write(w, fault != nil && fault.Truncate)
}

// answerThrough waits, acts and lets the fault, which may be nil, spoil both. It reports false for "no answer at all".
func (s *Server) answerThrough(c *call, fault *Fault) (*answer, bool) {
	if fault == nil {
		fault = &Fault{}
	}
	before, after := fault.delays()
	if !wait(c.request.Context(), s.opts.Latency+before) {
		return nil, false
	}
	var ans *answer
	if fault.Stage == After || !fault.replaces() {
		ans = s.act(c)
	}
	if !wait(c.request.Context(), after) || fault.Drop {
		return nil, false
	}
	ans = fault.apply(ans)
	if fault.Body == "" {
		s.restyle(ans)
	}
	ans.set("X-Request-Id", c.id)
	ans.set("Date", s.now().Format(http.TimeFormat))
	return ans, true
}

// act does what the request asks for, if it may be done.
func (s *Server) act(c *call) *answer {
	ans := func() *answer {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, check := range []func(*call) *answer{s.checkRate, s.checkKey, s.checkOffered, s.checkStream, s.checkBody} {
			if refusal := check(c); refusal != nil {
				return refusal
			}
		}
		return c.route.serve(c)
	}()
	if c.request.Method != http.MethodGet && ans.status < 300 {
		s.changed()
	}
	return ans
}

// update changes the account for a console user.
func (s *Server) update(change func()) {
	func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		change()
	}()
	s.changed()
}

func (s *Server) changed() {
	if s.opts.OnChange != nil {
		s.opts.OnChange()
	}
}

func (s *Server) now() time.Time {
	return s.opts.Now().Add(time.Duration(s.advanced.Load())).UTC()
}

// Advance moves the server's clock forward, so that codes expire and messages arrive.
func (s *Server) Advance(d time.Duration) {
	s.advanced.Add(int64(d))
	s.changed()
}

// keepSecret remembers a secret for Secrets.
func (s *Server) keepSecret(secret string) {
	if secret != "" {
		s.secrets = append(s.secrets, secret)
	}
}

// raise makes sure that the next ID of a kind is higher than id.
func (a *account) raise(kind string, id int) { a.LastID[kind] = max(id, a.LastID[kind]) }

// nextID gives out ascending IDs, those of one kind apart from those of another.
func (a *account) nextID(kind string) int {
	a.LastID[kind]++
	return a.LastID[kind]
}

// wait lets real time pass and reports false when the client left meanwhile.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func randomHex(n int) string { return hex.EncodeToString(randomBytes(n)) }

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

// newUUID returns a random (version 4) UUID.
func newUUID() string {
	b := randomBytes(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
