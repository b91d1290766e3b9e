// Command baseline serves the providers that the provider is compared with: itself without
// requests, and itself with one GET for each object.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	commpeakprovider "github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

// kind is "idle" or "single"; it is set when the program is built.
var kind string

func main() {
	create := commpeakprovider.New("0.0.0-baseline", os.Getenv)
	switch kind {
	case "idle":
		full := create
		create = func() provider.Provider { return idleProvider{full().(everything)} } //nolint:forcetypeassert // it offers everything.
	case "single":
		create = commpeakprovider.New("0.0.0-baseline", os.Getenv, func(config *commpeak.Config) { config.DisableReadCache = true })
	default:
		log.Fatalf("this was built as no baseline: %q", kind)
	}
	if err := commpeakprovider.Serve(create, false); err != nil {
		log.Fatal(err)
	}
}

// everything is what the provider offers.
type everything interface {
	provider.ProviderWithActions
	provider.ProviderWithEphemeralResources
	provider.ProviderWithFunctions
	provider.ProviderWithListResources
}

// idleProvider has the schemas of the provider, but its resources send no requests.
type idleProvider struct{ everything }

func (p idleProvider) Resources(ctx context.Context) []func() resource.Resource {
	var idle []func() resource.Resource
	for _, create := range p.everything.Resources(ctx) {
		idle = append(idle, func() resource.Resource { return idleResource{create().(resource.ResourceWithIdentity)} }) //nolint:forcetypeassert // each has one.
	}
	return idle
}

// idleResource has a resource's schema, and takes every state for true. The
// framework hands Read a response that holds the state already.
type idleResource struct{ like resource.ResourceWithIdentity }

func (r idleResource) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	r.like.Metadata(ctx, req, resp)
}

func (r idleResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	r.like.Schema(ctx, req, resp)
}

func (r idleResource) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	r.like.IdentitySchema(ctx, req, resp)
}

func (idleResource) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (idleResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (idleResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (idleResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
