// Command terraform-provider-commpeak serves the provider to Terraform and
// OpenTofu.
package main

import (
	"flag"
	"log"
	"os"
	"runtime/debug"

	"github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

// version is set when a release is built.
var version = "dev"

func main() {
	isDebug := flag.Bool("debug", false, "serve until interrupted, for a debugger to attach")
	flag.Parse()

	tuneGarbageCollector(os.Getenv)
	if err := provider.Serve(provider.New(version, os.Getenv), *isDebug); err != nil {
		log.Fatal(err)
	}
}

// Most of what a plan allocates is dropped at once, and the collector would take
// a quarter of the CPU time. It runs less often, until memory gets near a limit.
const (
	collectAtPercent = 400
	collectAtBytes   = 112 << 20
)

// tuneGarbageCollector leaves the collector alone if the user has set it.
func tuneGarbageCollector(getenv func(string) string) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(collectAtPercent)
	debug.SetMemoryLimit(collectAtBytes)
}
