package commpeak_test

import (
	"encoding/json"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestFormsOfDomains(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]commpeak.Domain{
		`{"id": 3, "name": "go.example.com", "ip": "203.0.113.10", "status": "Configured"}`: {
			ID: "3", Name: "go.example.com", IP: "203.0.113.10", Status: commpeak.DomainConfigured,
		},
		`{"id": "/domains/3", "status": "Reached Limit"}`:       {ID: "3", Status: "reached_limit"},
		`{"id": 3, "name": null, "ip": [], "status": "Parked"}`: {ID: "3", Status: "Parked"},
	} {
		var domain commpeak.Domain
		if err := json.Unmarshal([]byte(document), &domain); err != nil {
			t.Errorf("%s: %v", document, err)
		}
		equal(t, document, domain, want)
	}
}
