package acctest

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Listed is one object that a list resource found.
type Listed struct {
	Name     string
	Identity *tfprotov6.ResourceIdentityData
	// Resource is null unless it was asked for.
	Resource tftypes.Value
}

// Query is a list block.
type Query struct {
	Type   string
	Config Values
	// Limit is 0 for none.
	Limit           int64
	IncludeResource bool
}

// List answers a list block, as far as the results go before the first error.
func (p *Protocol) List(query Query) (found []Listed, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	server, offers := p.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // the methods are not in ProviderServer yet.
	if !offers {
		p.t.Fatal("the provider has no list resources")
	}
	stream, err := server.ListResource(p.ctx, &tfprotov6.ListResourceRequest{
		TypeName: query.Type, Config: p.encode(value(query.Config, p.listType(query.Type))),
		Limit: query.Limit, IncludeResource: query.IncludeResource,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	typ := p.schemas.ResourceSchemas[query.Type].ValueType()
	for result := range stream.Results {
		diagnostics = append(diagnostics, result.Diagnostics...)
		if len(Errors(diagnostics)) > 0 {
			return found, diagnostics
		}
		if result.Identity == nil {
			continue
		}
		listed := Listed{Name: result.DisplayName, Identity: result.Identity, Resource: tftypes.NewValue(typ, nil)}
		if result.Resource != nil {
			if listed.Resource, err = result.Resource.Unmarshal(typ); err != nil {
				p.t.Fatal(err)
			}
		}
		found = append(found, listed)
	}
	return found, diagnostics
}

// ValidateList checks the configuration of a list block.
func (p *Protocol) ValidateList(query Query) []*tfprotov6.Diagnostic {
	p.t.Helper()
	server := p.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // as in List.
	resp, err := server.ValidateListResourceConfig(p.ctx, &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: query.Type, Config: p.encode(value(query.Config, p.listType(query.Type))),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *Protocol) listType(name string) tftypes.Type {
	p.t.Helper()
	schema, found := p.schemas.ListResourceSchemas[name]
	if !found {
		p.t.Fatalf("the provider has no list resource %s", name)
	}
	return schema.ValueType()
}

// ExpectNames lists and demands objects of these names, in this order, and no
// diagnostics.
func (p *Protocol) ExpectNames(tb testing.TB, query Query, names ...string) {
	tb.Helper()
	found, diagnostics := p.List(query)
	ExpectNone(tb, diagnostics)
	var got []string
	for _, listed := range found {
		got = append(got, listed.Name)
	}
	if !slices.Equal(got, names) {
		tb.Errorf("listed are %q, not %q", got, names)
	}
}

// ExpectImportable lists with resources, and demands that each of them is what
// importing its identity makes, so that configuration generated from it plans
// empty. There must be as many as said.
func (p *Protocol) ExpectImportable(tb testing.TB, name string, number int) {
	tb.Helper()
	found, diagnostics := p.List(Query{Type: name, IncludeResource: true})
	ExpectNone(tb, Errors(diagnostics))
	if len(found) != number {
		tb.Fatalf("%d are listed, not %d", len(found), number)
	}
	// Importing configures the provider, which others may be using.
	importer := p.again()
	for _, listed := range found {
		imported := importer.Resource(name)
		ExpectNone(tb, Errors(imported.ImportIdentity(listed.Identity)))
		if differences, err := listed.Resource.Diff(imported.State); err != nil || len(differences) > 0 {
			tb.Errorf("%s: listed and imported differ: %v %v", listed.Name, differences, err)
		}
	}
}
