package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Stage says whether the server acts on a request before a fault hits it.
type Stage string

// The stages of a fault.
const (
	Before Stage = ""      // the request has no effect
	After  Stage = "after" // the request has its effect, only the answer is spoilt
)

// Fault is something that goes wrong. It hits requests that match all of Pattern, Method, Path and Match, as far as they
// are set. A fault that has none of Status, Body, Drop and Truncate leaves the answer as it is, save for Delay and Header.
//
// A dropped connection that had served a request before makes Go's http.Transport repeat a GET on its own accord.
type Fault struct {
	Pattern string             `json:"pattern,omitempty"` // a call of the contract, such as "PATCH /streams/{id}"
	Method  string             `json:"method,omitempty"`
	Path    string             `json:"path,omitempty"` // the whole path, such as "/textpeak/streams/101"
	Match   func(Request) bool `json:"-"`              // whatever else decides; it must not call the server

	Skip  int   `json:"skip,omitempty"`  // how many matching requests pass unharmed first
	Times int   `json:"times,omitempty"` // how many are hit then; 0 means one, -1 all
	Stage Stage `json:"stage,omitempty"`

	Delay    time.Duration     `json:"-"`                  // real time: Before it holds up the request, After the answer
	Status   int               `json:"status,omitempty"`   // 0 with a Body: 200
	Header   map[string]string `json:"header,omitempty"`   // laid over the answer's; an empty value takes one away
	Body     string            `json:"body,omitempty"`     // empty: what the API says with that status
	Drop     bool              `json:"drop,omitempty"`     // no answer: the connection closes
	Truncate bool              `json:"truncate,omitempty"` // the connection closes after half of the body
}

// injected is a fault that waits for its requests.
type injected struct {
	Fault
	skip, left, hits int
}

// Inject makes requests fail. Of several faults that match a request, the one injected first hits it, and the others do
// not see it.
func (s *Server) Inject(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		left := f.Times
		if left == 0 {
			left = 1
		}
		s.faults = append(s.faults, &injected{Fault: f, skip: f.Skip, left: left})
	}
}

// ClearFaults forgets all faults that are still to come.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// PendingFaults returns how many injected faults may still hit a request. A test that expects its faults to have happened
// expects 0.
func (s *Server) PendingFaults() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	pending := 0
	for _, f := range s.faults {
		if f.left != 0 {
			pending++
		}
	}
	return pending
}

// takeFault returns the fault that hits the request, or nil.
func (s *Server) takeFault(r Request) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.left == 0 || !f.matches(r) {
			continue
		}
		if f.skip > 0 {
			f.skip--
			continue
		}
		if f.left > 0 {
			f.left--
		}
		f.hits++
		return &f.Fault
	}
	return nil
}

func (f *Fault) matches(r Request) bool {
	return (f.Pattern == "" || f.Pattern == r.Pattern) &&
		(f.Method == "" || f.Method == r.Method) &&
		(f.Path == "" || f.Path == r.Path) &&
		(f.Match == nil || f.Match(r))
}

// replaces reports whether the real answer is not given.
func (f *Fault) replaces() bool { return f.Status != 0 || f.Body != "" || f.Drop || f.Truncate }

func (f *Fault) delays() (before, after time.Duration) {
	if f.Stage == After {
		return 0, f.Delay
	}
	return f.Delay, 0
}

// apply returns the response as the fault changes it. The server's own is nil if it did not act.
func (f *Fault) apply(own *answer) *answer {
	ans := own
	switch {
	case f.Status != 0:
		ans = faultAnswer(f.Status)
	case ans == nil:
		ans = faultAnswer(http.StatusOK)
	}
	if f.Body != "" {
		ans.body = []byte(f.Body)
		if f.Status == 0 {
			ans.status = http.StatusOK
		}
	}
	if f.isSet() {
		ans.set("X-Mock-Fault", "1")
	}
	for name, value := range f.Header {
		if value == "" {
			ans.header.Del(name)
			continue
		}
		ans.set(name, value)
	}
	return ans
}

// isSet reports whether the fault does anything.
func (f *Fault) isSet() bool { return f.replaces() || f.Delay != 0 || f.Header != nil }

// faultAnswer is what the API says with a status.
func faultAnswer(status int) *answer {
	switch status {
	case http.StatusUnauthorized:
		return unauthorized()
	case http.StatusForbidden:
		return refusedAddress()
	case http.StatusNoContent:
		return noContent()
	case http.StatusTooManyRequests:
		ans := problem(status, "Too many requests.")
		ans.set("Retry-After", "1")
		return ans
	case http.StatusUnprocessableEntity:
		return invalid([]violation{{Message: "This value is not valid.", Code: "INVALID"}})
	}
	if status < 400 {
		return newAnswer(status, plainJSON, struct{}{})
	}
	return problem(status, "Injected fault.")
}

// checkFault refuses a fault that can hit no request.
func (s *Server) checkFault(f Fault) error {
	known := func(rt route) bool { return rt.pattern == f.Pattern }
	switch {
	case f.Pattern != "" && !slices.ContainsFunc(s.routes(), known):
		return fmt.Errorf("pattern %q is no call of the API, such as \"PATCH /streams/{id}\"", f.Pattern)
	case f.Path != "" && !strings.HasPrefix(f.Path, "/"):
		return fmt.Errorf("path %q must begin with /", f.Path)
	case f.Stage != Before && f.Stage != After:
		return errors.New(`stage must be "after" or nothing`)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is no status of an answer", f.Status)
	}
	return nil
}

var faultText = regexp.MustCompile(`^([A-Z]+ /\S*)=(?:([0-9]{3})|(drop)|(truncate))?(?:\+([0-9.]+m?s))?(?:x([0-9]+|all))?(@after)?$`)

// ParseFault reads a fault from one line, such as "POST /streams=503x2": the call, and its status, "drop" or "truncate".
// "+2s" adds a delay, "x2" hits two requests and "xall" every one, "@after" lets the server act first.
func (s *Server) ParseFault(text string) (Fault, error) {
	parts := faultText.FindStringSubmatch(text)
	if len(parts) == 0 || parts[2]+parts[3]+parts[4]+parts[5] == "" {
		return Fault{}, fmt.Errorf("fault %q is not like \"POST /streams=503x2\"", text)
	}
	f := Fault{Pattern: parts[1], Drop: parts[3] != "", Truncate: parts[4] != ""}
	f.Status, _ = strconv.Atoi(parts[2])
	if parts[6] == "all" {
		f.Times = -1
	} else {
		f.Times, _ = strconv.Atoi(parts[6])
	}
	if parts[7] != "" {
		f.Stage = After
	}
	if parts[5] != "" {
		delay, err := time.ParseDuration(parts[5])
		if err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", text, err)
		}
		f.Delay = delay
	}
	return f, s.checkFault(f)
}
