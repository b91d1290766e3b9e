package simulation_test

import (
	"net/http"
	"strings"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// fault is something that happens to a request.
type fault struct {
	name string
	// server is what the mock server does.
	server mockserver.Fault
	// unreached: the request never gets to the server.
	unreached bool
	// body replaces that of the answer; nil leaves it.
	body func() string
	// human is a change by hand, before the request gets to the server or, if
	// late, after its answer has left it.
	human human
	late  bool
}

// human is something done by hand.
type human int

const (
	nobody human = iota
	killsProvider
	interrupts
	editsAccount
)

const page = "<!doctype html><title>Welcome to the hotel</title>"

// faults are all kinds of them. The API lies with 404 only: see
// [drawStrikes].
func faults() []fault {
	status := func(code int, header ...string) mockserver.Fault {
		f := mockserver.Fault{Status: code}
		for i := 0; i < len(header); i += 2 {
			f.Header = map[string]string{header[i]: header[i+1]}
		}
		return f
	}
	after := func(f mockserver.Fault) mockserver.Fault { f.Stage = mockserver.After; return f }
	reply := func(text string) func() string { return func() string { return text } }
	return []fault{
		{name: "401", server: status(401)},
		{name: "403", server: status(403)},
		{name: notThere, server: status(404)},
		{name: "409", server: status(409)},
		{name: "422", server: status(422)},
		{name: "429 seconds", server: status(429, "Retry-After", "2")},
		// Filled in when it hits: the date has to lie ahead.
		{name: "429 date", server: status(429, "Retry-After", "")},
		{name: "500", server: status(500)},
		{name: "500 acted", server: after(status(500))},
		{name: "502 page", server: mockserver.Fault{Status: 502, Body: page, Header: map[string]string{"Content-Type": "text/html"}}},
		{name: "503 acted", server: after(status(503, "Retry-After", "3"))},
		{name: "unreached", unreached: true},
		{name: "lost before", server: mockserver.Fault{Drop: true}},
		{name: "lost after", server: after(mockserver.Fault{Drop: true})},
		{name: "truncated", server: after(mockserver.Fault{Truncate: true})},
		{name: "empty", body: reply("")},
		{name: "malformed", body: reply(`{"id": 7, "name": "br`)},
		{name: "other shape", body: reply(`{"id": {"a": [1]}, "token": 5}`)},
		{name: "page 200", server: mockserver.Fault{Status: 200, Body: page, Header: map[string]string{"Content-Type": "text/html"}}},
		{name: "page acted", server: after(mockserver.Fault{Body: page, Header: map[string]string{"Content-Type": "text/html"}})},
		{name: "oversized", body: func() string { return strings.Repeat(" ", 16<<20+1) }},
		{name: "slow", server: mockserver.Fault{Delay: 20 * time.Second}},
		{name: "too slow", server: mockserver.Fault{Delay: time.Minute}},
		{name: "slow after", server: after(mockserver.Fault{Delay: time.Minute})},
		{name: "interrupt", human: interrupts},
		{name: "interrupt late", human: interrupts, late: true},
		{name: "kill", human: killsProvider},
		{name: "kill late", human: killsProvider, late: true},
		{name: "edit", human: editsAccount},
		{name: "edit late", human: editsAccount, late: true},
	}
}

// notThere is a service that says of what exists that it does not.
const notThere = "404"

var faultByName = func() map[string]fault {
	byName := map[string]fault{}
	for _, f := range faults() {
		byName[f.name] = f
	}
	return byName
}()

// dated fills in what depends on the time at which the fault hits.
func (f fault) dated(now time.Time) fault {
	if f.name == "429 date" {
		f.server.Header = map[string]string{"Retry-After": now.Add(3 * time.Second).UTC().Format(http.TimeFormat)}
	}
	return f
}

// strike is a fault that waits for its requests: those of operations of that
// verb, or of any.
type strike struct {
	Fault string
	Verb  string
	Skip  int // so many pass first
	Times int // so many are hit then
	Edit  edit
}
