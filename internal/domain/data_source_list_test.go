package domain_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

func TestAccDomains(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) {
		o.Domains = []mockserver.Domain{
			{ID: 1, Name: "go.example.com", IP: "203.0.113.10", Status: mockserver.DomainConfigured},
			{ID: 2, Name: "go.example.net", Status: mockserver.DomainReachedLimit},
			{ID: 3, Name: "go.example.org", Status: "Parked"},
		}
	})
	domain := func(id, name string, ip, status knownvalue.Check) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id": knownvalue.StringExact(id), "name": knownvalue.StringExact(name), "ip": ip, "status": status,
		})
	}
	acctest.Test(t, account, acctest.Step{TestStep: resource.TestStep{
		Config: `data "commpeak_domains" "all" {}`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.commpeak_domains.all", tfjsonpath.New("domains"), knownvalue.ListExact([]knownvalue.Check{
				domain("1", "go.example.com", knownvalue.StringExact("203.0.113.10"), knownvalue.StringExact("configured")),
				domain("2", "go.example.net", knownvalue.Null(), knownvalue.StringExact("reached_limit")),
				domain("3", "go.example.org", knownvalue.Null(), knownvalue.StringExact("Parked")),
			})),
		},
	}})
}

func TestDomainsErrors(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Inject(mockserver.Fault{Pattern: "GET /domains", Status: 403, Body: `{"message":"IP ACL restriction"}`})
	_, diagnostics := acctest.NewProtocol(t, account, nil).ReadData("commpeak_domains", nil)
	acctest.Expect(t, diagnostics, "cannot be used from this address", "HTTP 403")
}
