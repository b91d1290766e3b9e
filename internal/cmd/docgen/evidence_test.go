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
		"documented": {
			[]phase{{"read", []string{"GET /streams"}}},
			[]string{"All [API calls](#api-calls) used here are documented", "| read | `GET /streams` | yes |"},
		},
		"assumed": {
			[]phase{{"read", []string{"GET /streams/{id}/events"}}},
			[]string{"~> **This uses API calls that CommPeak does not document.**", "| read | `GET /streams/{id}/events` | **no** |"},
		},
		"assumed in part": {
			[]phase{{"create", []string{"GET /senders", "POST /streams"}}, {"refresh", []string{"GET /streams"}}, {"delete", []string{"DELETE /streams/{id}"}}},
			[]string{
				"~> **CommPeak does not document the API calls for creating and deleting this object.**",
				"| create | `GET /senders` | yes |\n| create | `POST /streams` | **no** |\n| refresh | `GET /streams` | yes |",
			},
		},
		"one read of two": {
			[]phase{{"read", []string{"GET /streams"}}, {"read with `event_key`", []string{"GET /streams/{id}/events"}}},
			[]string{"~> **Some of the API calls used here are not documented by CommPeak.**", "| read with `event_key` | `GET /streams/{id}/events` | **no** |"},
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
					t.Errorf("%q is missing in %s", want, got)
				}
			}
			if paragraphs := strings.Count(got, "\n\n") + 1; paragraphs != 2 {
				t.Errorf("%d paragraphs instead of 2: %s", paragraphs, got)
			}
		})
	}
	if _, err := describe([]phase{{"read", []string{"GET /nowhere"}}}); err == nil {
		t.Error("a call that the contract does not have is described")
	}
}

func TestFirstSentence(t *testing.T) {
	t.Parallel()
	for description, want := range map[string]string{
		"Manages a stream.":                       "Manages a stream.",
		"Manages a stream. Needs care.":           "Manages a stream.",
		"Manages a stream\n\nMore.":               "Manages a stream.",
		"Manages version 1.2 of it.\n\n- a\n- b.": "Manages version 1.2 of it.",
	} {
		if got := firstSentence(description); got != want {
			t.Errorf("firstSentence(%q) = %q, not %q", description, got, want)
		}
	}
}

// A schema that lacks a recorded object is an error: it is the schema of a different version or provider.
func TestEvidenceRewritesDescriptions(t *testing.T) {
	t.Parallel()
	var calls map[string]map[string][]phase
	if err := json.Unmarshal(recorded, &calls); err != nil {
		t.Fatal(err)
	}
	provider := map[string]any{}
	for kind, objects := range calls {
		all := map[string]any{}
		for name := range objects {
			all[name] = map[string]any{"block": map[string]any{"description": "Manages " + name + ". More."}}
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
	if err := evidence([]string{path}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `Manages commpeak_stream.\n\n~\u003e **CommPeak does not document the API calls for creating, changing and deleting this object.**`) {
		t.Errorf("the description of the stream is wrong: %s", text)
	}
	delete(provider, "action_schemas")
	save()
	if err := evidence([]string{path}); err == nil {
		t.Error("a schema without actions is accepted")
	}
}
