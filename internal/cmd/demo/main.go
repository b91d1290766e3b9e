//go:build unix

// Command demo shows what the provider does, on a mock server: it builds both programs, applies examples/demo, changes a stream
// as the console does, repairs it, and destroys everything. VERBOSE=1 shows all output of the CLI. With -play, it keeps the mock
// server running for a configuration of your own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

func main() {
	var set settings
	flag.StringVar(&set.root, "root", ".", "`directory` of the project")
	flag.StringVar(&set.version, "version", "0.1.0", "`version` under which the CLI gets to see the provider")
	flag.StringVar(&set.dist, "dist", "", "`directory` of a release to take the programs from, instead of building them")
	flag.BoolVar(&set.play, "play", false, "keep the mock server running for your own configuration")
	flag.Parse()
	set.verbose = os.Getenv("VERBOSE") != "" && os.Getenv("VERBOSE") != "0"
	set.find = func(ctx context.Context) (cli.CLI, error) {
		found, err := cli.Find(ctx)
		if errors.Is(err, cli.ErrNotFound) {
			fmt.Printf("There is %v.\n", err)
			return cli.Build(ctx, set.root, os.Stdout)
		}
		return found, err
	}
	set.plain = !isTerminal(os.Stdout) || os.Getenv("NO_COLOR") != ""

	// A reader that goes away (SIGPIPE) stops the demo like a Ctrl-C does.
	ctx, stop := signal.NotifyContext(context.Background(),
		os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := run(ctx, set, os.Stdout)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted && set.play && err == nil:
	case interrupted && !errors.Is(err, errLeft):
		fmt.Fprintln(os.Stderr, "\nInterrupted: everything that was started is stopped and removed.")
		os.Exit(130)
	case err != nil:
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		os.Exit(1)
	}
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
