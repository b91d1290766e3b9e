package provider_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// recordedCalls is what docgen makes the tables of API calls from.
const recordedCalls = "../cmd/docgen/calls.json"

// phase is something that an object does, and the calls that it takes.
type phase struct {
	Does  string   `json:"does"`
	Calls []string `json:"calls"`
}

// calls has the phases of each object, by its kind and name.
type calls map[string]map[string][]phase

// TestCalls drives each object through its life, and compares the calls that it
// makes with the recorded ones: -update records them.
func TestCalls(t *testing.T) {
	t.Parallel()
	made := calls{
		"resource_schemas": {}, "data_source_schemas": {}, "ephemeral_resource_schemas": {}, "list_resource_schemas": {}, "action_schemas": {},
	}
	for name, life := range lives() {
		made["resource_schemas"][name] = callsOfResource(t, name, life)
	}
	shop := acctest.Values{"stream_id": "101"}
	for name, config := range map[string]acctest.Values{
		"commpeak_streams": {}, "commpeak_sender": {"value": "GLOBAL"}, "commpeak_senders": {}, "commpeak_domains": {}, "commpeak_stream": {"id": "101"}, "commpeak_allowed_ips": shop,
		"commpeak_event_templates": {"stream_id": "102"}, "commpeak_webhooks": {"stream_id": "103"}, "commpeak_whatsapp_templates": {"stream_id": "104"},
		"commpeak_stream_statistics": with(shop, "window", "24h"), "commpeak_realtime_performance": {},
	} {
		made["data_source_schemas"][name] = callsOf(t, "read", func(p *acctest.Protocol) []*tfprotov6.Diagnostic {
			_, diagnostics := p.ReadData(name, config)
			return diagnostics
		})
	}
	samples := func(does string, config acctest.Values) []phase {
		return callsOf(t, does, func(p *acctest.Protocol) []*tfprotov6.Diagnostic {
			_, diagnostics := p.ReadData("commpeak_stream_request_samples", config)
			return diagnostics
		})
	}
	made["data_source_schemas"]["commpeak_stream_request_samples"] = slices.Concat(
		samples("read", shop), samples("read with `event_key`", acctest.Values{"stream_id": "102", "event_key": "code"}),
	)
	for _, name := range []string{"commpeak_stream", "commpeak_event_template", "commpeak_webhook", "commpeak_allowed_ip", "commpeak_allowed_ips"} {
		made["list_resource_schemas"][name] = callsOf(t, "list", func(p *acctest.Protocol) []*tfprotov6.Diagnostic {
			_, diagnostics := p.List(acctest.Query{Type: name})
			return diagnostics
		})
	}
	made["ephemeral_resource_schemas"]["commpeak_stream_token"] = callsOf(t, "open", func(p *acctest.Protocol) []*tfprotov6.Diagnostic {
		return p.OpenEphemeral("commpeak_stream_token", shop)
	})
	made["action_schemas"]["commpeak_reset_stream_token"] = invoking(t, "invoke", "commpeak_reset_stream_token", shop)
	made["action_schemas"]["commpeak_send_test_message"] = slices.Concat(
		invoking(t, "send a text", "commpeak_send_test_message", tryOut),
		invoking(t, "send an event template", "commpeak_send_test_message", acctest.Values{
			"stream_id": "102", "recipient": "491701234567", "event_key": "code", "variables": acctest.Values{"code": "1"}, "sender": "GLOBAL",
		}),
		invoking(t, "wait for the delivery", "commpeak_send_test_message", with(tryOut, "wait_for_delivery", true)),
	)
	demandAll(t, made)
	compareCalls(t, made)
}

// life is an object as it is created, as it is changed, and its import id.
type life struct {
	created, changed acctest.Values
	id               string
}

func lives() map[string]life {
	event, webhook := with(codeTemplate, "stream_id", "102"), with(replies, "stream_id", "103")
	return map[string]life{
		"commpeak_stream":         {loginCodes(), loginCodes(renamed), "105"},
		"commpeak_event_template": {with(event, "key", "other"), with(with(event, "key", "other"), "name", "Other"), "102/other"},
		"commpeak_webhook":        {webhook, with(webhook, "method", "GET"), "103/1"},
		"commpeak_allowed_ip":     {office, nil, "101/203.0.113.7"},
		"commpeak_allowed_ips": {
			acctest.Values{"stream_id": "101", "ips": []string{"203.0.113.7"}}, acctest.Values{"stream_id": "101", "ips": []string{"203.0.113.8"}}, "101",
		},
		"commpeak_stream_token": {acctest.Values{"stream_id": "101"}, nil, "101"},
	}
}

// known is an account with a stream of each type that matters.
func known(t *testing.T) (*acctest.Account, *acctest.Protocol) {
	t.Helper()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{Name: "Shop"})
	account.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.OTP})
	account.AddStream(mockserver.Stream{Name: "Replies", Type: mockserver.TwoWay})
	account.AddStream(mockserver.Stream{Name: "Chat", Type: mockserver.WhatsApp})
	account.AddEvent(102, mockserver.Event{Name: "Code", Key: "code", Template: "{code}"})
	return account, acctest.NewProtocol(t, account, nil)
}

func callsOf(t *testing.T, does string, act func(*acctest.Protocol) []*tfprotov6.Diagnostic) []phase {
	t.Helper()
	account, p := known(t)
	acctest.ExpectNone(t, acctest.Errors(act(p)))
	return []phase{{does, callsSince(account, 0)}}
}

func invoking(t *testing.T, does, action string, config acctest.Values) []phase {
	t.Helper()
	return callsOf(t, does, func(p *acctest.Protocol) []*tfprotov6.Diagnostic {
		_, diagnostics := p.Action(action).Invoke(config)
		return diagnostics
	})
}

func callsOfResource(t *testing.T, name string, life life) []phase {
	t.Helper()
	account, p := known(t)
	var phases []phase
	object := p.Resource(name)
	phased := func(does string, act func() []*tfprotov6.Diagnostic) {
		mark := len(account.Requests())
		acctest.ExpectNone(t, acctest.Errors(act()))
		phases = append(phases, phase{does, callsSince(account, mark)})
	}
	apply := func(config acctest.Values) func() []*tfprotov6.Diagnostic {
		return func() []*tfprotov6.Diagnostic { return object.Apply(object.Plan(config)) }
	}
	phased("create", apply(life.created))
	phased("refresh", object.Read)
	if life.changed != nil {
		phased("update", apply(life.changed))
	}
	phased("import", func() []*tfprotov6.Diagnostic { return p.Resource(name).Import(life.id) })
	phased("delete", apply(nil))
	return phases
}

func callsSince(account *acctest.Account, mark int) []string {
	var patterns []string
	for _, request := range account.Requests()[mark:] {
		patterns = append(patterns, request.Pattern)
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

// demandAll demands the calls of every object that the provider offers.
func demandAll(t *testing.T, made calls) {
	t.Helper()
	schemas := acctest.Serve(t, nothing).Schemas()
	for kind, names := range map[string][]string{
		"resource_schemas":           namesOf(schemas.ResourceSchemas),
		"data_source_schemas":        namesOf(schemas.DataSourceSchemas),
		"ephemeral_resource_schemas": namesOf(schemas.EphemeralResourceSchemas),
		"list_resource_schemas":      namesOf(schemas.ListResourceSchemas),
		"action_schemas":             namesOf(schemas.ActionSchemas),
	} {
		if got := namesOf(made[kind]); !slices.Equal(got, names) {
			t.Errorf("%s: the provider offers %q, and here are %q", kind, names, got)
		}
	}
}

func namesOf[V any](all map[string]V) []string {
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func compareCalls(t *testing.T, made calls) {
	t.Helper()
	encoded, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got := string(encoded) + "\n"
	if *update {
		if err := os.WriteFile(recordedCalls, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(recordedCalls)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("%s is out of date: run this test with -update, and make docs. Now it is\n%s", recordedCalls, got)
	}
}
