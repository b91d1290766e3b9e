package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves a provider to the CLI that started this process or, to debug it,
// to one that is told where it listens.
func Serve(create func() provider.Provider, debug bool) error {
	if err := hush(); err != nil {
		return err
	}
	var opts []tf6server.ServeOpt
	if debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	return tf6server.Serve("registry.terraform.io/commpeak/commpeak", func() tfprotov6.ProviderServer { return NewServer(create()) }, opts...)
}

// NewServer returns a provider as what the CLI speaks to.
func NewServer(p provider.Provider) tfprotov6.ProviderServer {
	served := providerserver.NewProtocol6(p)().(framework) //nolint:forcetypeassert // that is what it offers.
	return server{served, resourceTypes(context.Background(), p)}
}
