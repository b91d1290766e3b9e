// Command commpeak-mock serves a stand-in for a CommPeak account, to try the provider and modules on.
//
// It prints the environment that points the provider at it on standard output, one line of the log per request on standard
// error, and stops on SIGINT and SIGTERM. Given a command, it runs that in this environment instead, and ends with it. See
// package mockserver for the hooks under /_mock/ that change the account by hand and make it misbehave.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
