package commpeak_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/go-yaml"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
)

// A list is believed where it tells every field that is read: none may be
// forgotten.
func TestFieldsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `yaml:"properties"`
			} `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(contract.Document(), &document); err != nil {
		t.Fatal(err)
	}
	// These are in the contract to say that they are never returned.
	unread := []string{"token", "accessToken"}
	for schema, fields := range commpeak.ReadFields() {
		properties := document.Components.Schemas[schema].Properties
		for property := range properties {
			if !slices.Contains(fields, property) && !slices.Contains(unread, property) {
				t.Errorf("%s: %s is missing", schema, property)
			}
		}
		for _, field := range fields {
			if _, known := properties[field]; !known {
				t.Errorf("%s: the contract has no %s", schema, field)
			}
		}
	}
}

// The table of calls and the contract have the same calls, with the same evidence.
func TestCallsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	var document struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(contract.Document(), &document); err != nil {
		t.Fatal(err)
	}
	for _, o := range commpeak.Operations {
		call, _ := document.Paths[o.Path()][strings.ToLower(o.Method())].(map[string]any)
		if call == nil {
			t.Errorf("%s %s: the contract does not have it", o.Method(), o.Path())
			continue
		}
		if call["x-evidence"] != o.Evidence() {
			t.Errorf("%s %s: %s, but %v in the contract", o.Method(), o.Path(), o.Evidence(), call["x-evidence"])
		}
	}
}
