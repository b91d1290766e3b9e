package commpeak

import (
	"slices"
	"testing"

	"github.com/pb33f/go-yaml"

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
	// callerId is of voice streams; the others are there to say that they are not.
	unread := []string{"callerId", "token", "accessToken"}
	for schema, fields := range map[string][]string{"Stream": streamFields, "Event": eventFields, "Webhook": webhookFields} {
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
