package main

import (
	"fmt"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// scenario is an account and a configuration of it.
type scenario struct {
	name string
	// streams are managed, with this many objects on all of them together.
	streams, events, webhooks, ips int
	// existing streams are there beforehand; as many as streams says of them,
	// spread evenly, are adopted.
	existing int
	// requests is how many a plan may make, trips how many round trips it may
	// wait, and patches how many an apply may make.
	requests, trips, patches int
}

// The bars are those that the provider is held to. Few of many take more round
// trips: their pages are guessed at, a little farther each time.
var scenarios = []scenario{
	{name: "100 streams", streams: 100, requests: 6, trips: 3},
	{name: "1,000 streams", streams: 1000, requests: 15, trips: 3},
	{name: "10,000 streams", streams: 10_000, requests: 105, trips: 3},
	{name: "10 of 5,000 streams", streams: 10, existing: 5000, requests: 25, trips: 6},
	{name: "1,000 event templates of 100 streams", streams: 100, events: 1000, requests: 115, trips: 3},
	{name: "1,000 webhooks of 100 streams", streams: 100, webhooks: 1000, requests: 115, trips: 3},
	{name: "300 allowed IPs of 1 stream", streams: 1, ips: 300, requests: 5, trips: 3, patches: 60},
}

// isLarge reports whether the scenario has too many streams to create them, or to plan them more
// than once.
func (s scenario) isLarge() bool { return s.streams > 1000 }

// streamType is that which can have what the scenario has.
func (s scenario) streamType() string {
	if s.webhooks > 0 {
		return mockserver.TwoWay
	}
	return mockserver.Transactional
}

// seed makes what is there beforehand.
func (s scenario) seed(account *mockserver.Server) {
	about := create
	existing := s.existing
	if s.isLarge() {
		existing = s.streams
	}
	for i := range existing {
		account.AddStream(mockserver.Stream{Name: fmt.Sprintf("Stream %d", i), Type: s.streamType(), Tags: []string{"bench"}, Description: &about})
	}
}

// config is the configuration that the step applies. What is adopted is named by
// IDs.
func (s scenario) config(account *mockserver.Server, step string) string {
	var text strings.Builder
	text.WriteString("terraform {\n  required_providers {\n    commpeak = { source = \"commpeak/commpeak\" }\n  }\n}\n")
	if step == destroy {
		return text.String()
	}
	if s.existing > 0 {
		s.adopt(&text, account, step)
	} else {
		s.create(&text, step)
	}
	block := func(kind string, number int, lines ...string) {
		if number > 0 {
			fmt.Fprintf(&text, "resource %q \"all\" {\n  count = %d\n  stream_id = commpeak_stream.all[count.index %% %d].id\n  %s\n}\n",
				kind, number, s.streams, strings.Join(lines, "\n  "))
		}
	}
	block("commpeak_event_template", s.events, fmt.Sprintf("name = %q", step), `key = "event_${count.index}"`, `template = "Your code is {code}"`)
	block("commpeak_webhook", s.webhooks, fmt.Sprintf(`url = "https://example.com/%s/${count.index}"`, step))
	block("commpeak_allowed_ip", s.ips, `ip = cidrhost("10.0.0.0/8", count.index)`)
	return text.String()
}

func (s scenario) create(text *strings.Builder, step string) {
	fmt.Fprintf(text, "resource \"commpeak_stream\" \"all\" {\n  count = %d\n  name = \"Stream ${count.index}\"\n  type = %q\n  tags = [\"bench\"]\n  description = %q\n}\n",
		s.streams, s.streamType(), step)
}

func (s scenario) adopt(text *strings.Builder, account *mockserver.Server, step string) {
	streams := account.Streams()
	for i := range s.streams {
		stream := streams[i*len(streams)/s.streams]
		fmt.Fprintf(text, "import {\n  to = commpeak_stream.s%d\n  id = \"%d\"\n}\n", stream.ID, stream.ID)
		fmt.Fprintf(text, "resource \"commpeak_stream\" \"s%d\" {\n  name = %q\n  type = %q\n  tags = [\"bench\"]\n  description = %q\n}\n", stream.ID, stream.Name, stream.Type, step)
	}
}

// writes are the requests that a step of the scenario must make, one for each
// object; those of the lists of allowed IPs are another matter.
func (s scenario) writes(step string) map[string]int {
	streams := map[string]int{create: s.streams, update: s.streams, destroy: s.streams}
	if s.existing > 0 {
		streams[create] = 0 // They are there: all that apply does is import them.
	}
	method := map[string]string{create: "POST", update: "PATCH", destroy: "DELETE"}[step]
	object := func(list, one string) string {
		if step == create {
			return method + " " + list
		}
		return method + " " + list + "/" + one
	}
	return map[string]int{
		object("/streams", "{id}"):                      streams[step],
		object("/streams/{id}/events", "{eventId}"):     s.events,
		object("/streams/{id}/webhooks", "{webhookId}"): s.webhooks,
	}
}
