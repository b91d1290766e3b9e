package simulation_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// schedule is all that is drawn.
type schedule struct {
	Account accountOptions
	Rounds  []round
	Logged  bool
	// Order is which of the requests that wait is carried next.
	Order []int
}

type accountOptions struct {
	// Foreign streams are there from the beginning: more than a page, perhaps.
	Foreign     int
	MaskHeaders bool
}

// round is a change of the configuration, and runs in which it is applied.
type round struct {
	Config configuration
	Runs   []run
	// Settles: the user has no rest before the plan is empty.
	Settles bool
}

// run is what happens before and during one run of terraform. Forgotten are
// objects that the user takes out of the state, and imports again. Between are
// edits after the plan and before the apply of a saved plan.
type run struct {
	Edits     []edit
	Strikes   []strike
	Forgotten []int
	Operation string
	Target    int
	Between   []edit
}

// configuration has a block for each address.
type configuration map[string]block

// block is a resource block. Stream is the address of the stream whose id is its
// stream_id.
type block struct {
	Type       string
	Stream     string
	Attributes acctest.Values
	// CBD is create_before_destroy; Ignored has the description in ignore_changes.
	CBD, Ignored bool
}

const (
	streamType    = "commpeak_stream"
	eventType     = "commpeak_event_template"
	webhookType   = "commpeak_webhook"
	entryType     = "commpeak_allowed_ip"
	wholeType     = "commpeak_allowed_ips"
	tokenType     = "commpeak_stream_token"
	kindsOfStream = "marketing transactional otp two_way whatsapp"
)

// Secrets of the configuration.
const (
	accessToken = "EAAG-access-token-of-the-simulation"
	hookSecret  = "hook-secret-of-the-simulation"
)

func drawSchedule(t *rapid.T) schedule {
	return schedule{
		Account: accountOptions{
			Foreign:     rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, 2, 99, 101}).Draw(t, "foreign streams"),
			MaskHeaders: rapid.Bool().Draw(t, "mask headers"),
		},
		Logged: rapid.IntRange(0, 3).Draw(t, "logged") == 3,
		Rounds: drawRounds(t),
		Order:  rapid.SliceOfN(rapid.IntRange(0, 7), 0, 12).Draw(t, "order"),
	}
}

// drawRounds draws configurations that follow each other: mostly, streams stay
// of their type, so that there is something to update.
func drawRounds(t *rapid.T) []round {
	rounds := make([]round, rapid.IntRange(1, 3).Draw(t, "rounds"))
	for i := range rounds {
		var before configuration
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "fresh") < 3 {
			before = rounds[i-1].Config
		}
		rounds[i] = round{
			Config:  drawConfiguration(t, before),
			Runs:    rapid.SliceOfN(rapid.Custom(drawRun), 1, 2).Draw(t, "runs"),
			Settles: rapid.Bool().Draw(t, "settles"),
		}
	}
	return rounds
}

func drawRun(t *rapid.T) run {
	r := run{
		Edits:   rapid.SliceOfN(drawEdit(editsBetween), 0, 2).Draw(t, "edits"),
		Strikes: drawStrikes(t),
	}
	r.Operation = rapid.SampledFrom(operations).Draw(t, "operation")
	r.Target = rapid.IntRange(0, 9).Draw(t, "operated")
	if r.Operation == savedPlan {
		r.Between = rapid.SliceOfN(drawEdit(editsBetween), 0, 2).Draw(t, "between")
	}
	if rapid.IntRange(0, 3).Draw(t, "forgets") == 3 {
		r.Forgotten = rapid.SliceOfN(rapid.IntRange(0, 9), 1, 3).Draw(t, "forgotten")
	}
	return r
}

func drawEdit(whats []string) *rapid.Generator[edit] {
	return rapid.Custom(func(t *rapid.T) edit {
		return edit{What: rapid.SampledFrom(whats).Draw(t, "edit"), Target: rapid.IntRange(0, 5).Draw(t, "target")}
	})
}

// drawStrikes draws the faults of one run. If the API denies an
// object twice, no client can know that it exists, so it lies once.
func drawStrikes(t *rapid.T) []strike {
	if rapid.IntRange(0, 11).Draw(t, "lie") == 11 {
		return []strike{drawStrike(t, notThere, verbs)}
	}
	var names []string
	for _, f := range faults() {
		if f.name != notThere {
			names = append(names, f.name)
		}
	}
	among := rapid.SampledFrom([][]string{verbs, verbs[4:]}).Draw(t, "verbs")
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) strike {
		s := drawStrike(t, rapid.SampledFrom(names).Draw(t, "fault"), among)
		s.Times = rapid.SampledFrom([]int{1, 1, 1, 2, 3, 6}).Draw(t, "times")
		if faultByName[s.Fault].human == editsAccount {
			s.Edit = drawEdit(editsAnyTime).Draw(t, "edit")
		}
		return s
	}), 0, 4).Draw(t, "strikes")
}

// verbs are those of the operations that a fault hits; "" is any. The last ones
// leave the plan alone, so that it comes to an apply.
var verbs = []string{"", "", "refresh", "plan", "import", "create", "update", "update", "delete"}

// drawStrike draws whom a fault hits. What happens seldom is hit at once.
func drawStrike(t *rapid.T, fault string, verbs []string) strike {
	s := strike{Fault: fault, Times: 1, Verb: rapid.SampledFrom(verbs).Draw(t, "verb")}
	most := 6
	switch s.Verb {
	case "update", "delete", "import":
		most = 1
	}
	s.Skip = rapid.IntRange(0, most).Draw(t, "skip")
	return s
}

// drawConfiguration draws blocks for up to three streams and what hangs on them.
// Streams that were there before are of the type that they had.
func drawConfiguration(t *rapid.T, before configuration) configuration {
	blocks := configuration{}
	for _, name := range []string{"a", "b", "c"}[:rapid.IntRange(min(len(before), 1), 3).Draw(t, "streams")] {
		address := streamType + "." + name
		types := strings.Fields(kindsOfStream)
		if old, was := before[address]; was {
			types = []string{fmt.Sprint(old.Attributes["type"])}
		}
		stream := drawStream(t, name, rapid.SampledFrom(types).Draw(t, "type"))
		blocks[address] = stream
		add := func(typ, key string, attributes acctest.Values) {
			isCBD := rapid.IntRange(0, 5).Draw(t, "create_before_destroy") == 5
			blocks[fmt.Sprintf("%s.%s_%s", typ, name, key)] = block{Type: typ, Stream: address, Attributes: attributes, CBD: isCBD}
		}
		drawAccess(t, add)
		switch stream.Attributes["type"] {
		case "otp", "transactional":
			drawEvents(t, add)
		case "two_way", "whatsapp":
			drawWebhooks(t, name, add)
		}
	}
	return blocks
}

func drawStream(t *rapid.T, name, typ string) block {
	attributes := acctest.Values{
		"name":        rapid.SampledFrom([]string{name, name + " (renamed)", "shop"}).Draw(t, "name"),
		"type":        typ,
		"description": rapid.SampledFrom([]any{nil, "one", "two"}).Draw(t, "description"),
		"tags":        rapid.SampledFrom([]any{nil, []string{"x"}, []string{"y", "x"}}).Draw(t, "tags"),
		"demo":        drawFlag(t, "demo"),
		"enabled":     drawFlag(t, "enabled"),
		"restricted":  drawFlag(t, "restricted"),
	}
	switch typ {
	case "otp":
		attributes["otp"] = rapid.SampledFrom([]any{
			acctest.Values{},
			acctest.Values{"code_length": 6, "sending_limit": acctest.Values{"max_messages": 5, "period_seconds": 600}},
		}).Draw(t, "otp")
	case "whatsapp":
		attributes["whatsapp"] = rapid.SampledFrom([]any{
			acctest.Values{"business_id": "1"},
			acctest.Values{"business_id": "1", "access_token_wo": accessToken, "access_token_wo_version": 1},
			acctest.Values{"business_id": "2", "access_token_wo": accessToken + "-2", "access_token_wo_version": 2},
		}).Draw(t, "whatsapp")
	default:
		attributes["default_sender"] = rapid.SampledFrom([]any{nil, nil, "ACME"}).Draw(t, "sender")
	}
	return block{
		Type: streamType, Attributes: attributes,
		CBD: rapid.IntRange(0, 5).Draw(t, "create_before_destroy") == 5, Ignored: rapid.IntRange(0, 5).Draw(t, "ignore_changes") == 5,
	}
}

func drawFlag(t *rapid.T, label string) any {
	return rapid.SampledFrom([]any{nil, false, true}).Draw(t, label)
}

type adder func(typ, key string, attributes acctest.Values)

// drawAccess draws who may send: the token, and either single entries or the
// whole list.
func drawAccess(t *rapid.T, add adder) {
	if rapid.IntRange(0, 5).Draw(t, "token") == 5 {
		add(tokenType, "token", acctest.Values{
			"reset_triggers": acctest.Values{"turn": rapid.SampledFrom([]string{"1", "2"}).Draw(t, "turn")},
			"store_token":    drawFlag(t, "store"),
		})
	}
	entries := rapid.SampledFrom([][]string{{}, {}, {"203.0.113.1"}, {"203.0.113.2", "198.18.0.0/15"}}).Draw(t, "entries")
	if rapid.IntRange(0, 3).Draw(t, "whole") == 3 {
		add(wholeType, "ips", acctest.Values{"ips": entries})
		return
	}
	for i, entry := range entries {
		add(entryType, fmt.Sprintf("%d", i), acctest.Values{"ip": entry})
	}
}

func drawEvents(t *rapid.T, add adder) {
	for _, key := range []string{"login", "order"}[:rapid.IntRange(0, 2).Draw(t, "events")] {
		add(eventType, key, acctest.Values{
			"name": key, "key": key,
			"template": rapid.SampledFrom([]string{"Your code is {code}", "{code}, {name}"}).Draw(t, "template"),
		})
	}
}

func drawWebhooks(t *rapid.T, stream string, add adder) {
	for _, key := range []string{"in", "out"}[:rapid.IntRange(0, 2).Draw(t, "webhooks")] {
		attributes := acctest.Values{
			"url":     "https://example.com/" + stream + "/" + key,
			"method":  rapid.SampledFrom([]any{nil, "GET"}).Draw(t, "method"),
			"enabled": drawFlag(t, "enabled"),
			"headers": rapid.SampledFrom([]any{nil, acctest.Values{"X-Source": "a"}, acctest.Values{"X-Source": "b"}}).Draw(t, "headers"),
		}
		if version := rapid.IntRange(-6, 2).Draw(t, "version"); version > 0 {
			attributes["headers_wo"] = acctest.Values{"Authorization": fmt.Sprintf("%s-%d", hookSecret, version)}
			attributes["headers_wo_version"] = version
		}
		add(webhookType, key, attributes)
	}
}
