// Command terraform-provider-commpeak serves the provider to Terraform and
// OpenTofu.
package main

import (
	"context"
	"flag"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

// version is set when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve until interrupted, for a debugger to attach")
	flag.Parse()

	if err := provider.Hush(); err != nil {
		log.Fatal(err)
	}
	err := providerserver.Serve(context.Background(), provider.New(version, os.Getenv), providerserver.ServeOpts{
		Address: "registry.terraform.io/commpeak/commpeak",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
