//go:build unix

package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
)

// play keeps the account running until the context ends.
func (d *demo) play(ctx context.Context) error {
	endpoints, err := d.account.endpoints(ctx)
	if err != nil {
		return err
	}
	d.heading("An account for your own configuration")
	d.say("\nIn a second terminal:\n")
	d.say("  export TF_CLI_CONFIG_FILE=%s", d.path("cli.tfrc"))
	for _, assignment := range d.account.env {
		d.say("  export %s", assignment)
	}
	d.say(`
In your configuration:

  terraform {
    required_providers {
      commpeak = { source = "commpeak/commpeak" }
    }
  }

Then:

  %[1]s init
  %[1]s apply

Watch the account, and change it by hand, in a browser: %[2]s
Or use curl, to see how %[3]s finds drift and imports streams (IDs start at 101):

  curl %[2]s/streams
  curl -X PATCH %[2]s/streams/101 -d '{"description": "Changed by hand"}'
  curl -X POST %[2]s/streams -d '{"name": "Made by hand", "type": "marketing"}'

All endpoints of the mock server, in addition to CommPeak's API:
`, d.invocation(), d.account.admin, d.cli.Name)
	table := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for _, e := range endpoints {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", e.Method, e.Path, e.Help)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	d.say("\nThe requests are listed below. Ctrl-C stops the mock server and deletes the account.\n")
	d.account.log.follow(d.out)

	select {
	case <-ctx.Done():
	case <-d.account.ended: // Closing the account returns the reason.
	}
	return nil
}

// invocation returns the command that starts the CLI: its name if it is on the PATH.
func (d *demo) invocation() string {
	name := filepath.Base(d.cli.Path)
	if path, err := exec.LookPath(name); err == nil && path == d.cli.Path {
		return name
	}
	return d.cli.Path
}
