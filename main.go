// Command terraform-provider-commpeak serves the provider to Terraform and
// OpenTofu.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

// version is set when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve until interrupted, for a debugger to attach")
	flag.Parse()

	if err := provider.Serve(provider.New(version, os.Getenv), *debug); err != nil {
		log.Fatal(err)
	}
}
