package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		phases []phase
		want   []string
	}{
		"documented": {[]phase{{"read", []string{"GET /streams"}}}, []string{"documented calls alone", "- read: `GET /streams` (documented)"}},
		"assumed":    {[]phase{{"read", []string{"GET /streams/{id}/events"}}}, []string{"publishes none", "- read: `GET /streams/{id}/events` (assumed)"}},
		"both": {
			[]phase{{"create", []string{"GET /senders", "POST /streams"}}, {"refresh", []string{"GET /streams"}}},
			[]string{"in part", "- create: `GET /senders` (documented), `POST /streams` (assumed)\n- refresh: `GET /streams` (documented)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := describe(test.phases)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("it does not say %q: %s", want, got)
				}
			}
		})
	}
	if _, err := describe([]phase{{"read", []string{"GET /nowhere"}}}); err == nil {
		t.Error("a call that the contract does not have is described")
	}
}

// A schema that lacks a recorded object is an error, as one that holds another
// provider would be.
func TestRun(t *testing.T) {
	t.Parallel()
	var calls map[string]map[string][]phase
	if err := json.Unmarshal(recorded, &calls); err != nil {
		t.Fatal(err)
	}
	provider := map[string]any{}
	for kind, objects := range calls {
		all := map[string]any{}
		for name := range objects {
			all[name] = map[string]any{"block": map[string]any{"description": "It is " + name + "."}}
		}
		provider[kind] = all
	}
	path := filepath.Join(t.TempDir(), "schema.json")
	save := func() {
		text, err := json.Marshal(map[string]any{"provider_schemas": map[string]any{"commpeak": provider}})
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	save()
	if err := run([]string{path}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `It is commpeak_stream.\n\n~\u003e **Rests on assumed calls in part.**`) {
		t.Errorf("the stream is not described: %s", text)
	}
	delete(provider, "action_schemas")
	save()
	if err := run([]string{path}); err == nil {
		t.Error("a schema without actions is taken")
	}
}
