//go:build unix

package main

import (
	"context"
	"os/exec"
	"path/filepath"
)

// play leaves the account to the user until the context ends.
func (d *demo) play(ctx context.Context) error {
	d.heading("An account to play with")
	d.say("In another terminal:\n")
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

What is in the account, and what is done behind %[2]s's back (ids start at 101),
a change and a new stream, to be found as drift and to be imported:

  curl %[3]s
  curl -X PATCH %[3]s/101 -d '{"description": "Changed by hand"}'
  curl -X POST %[3]s -d '{"name": "Made by hand", "type": "marketing"}'

Every request shows here. Ctrl-C ends it all and forgets the account.
`, d.invocation(), d.cli.Name, d.account.hooks)
	d.account.log.follow(d.out)

	select {
	case <-ctx.Done():
	case <-d.account.ended: // Why, says the account when it is closed.
	}
	return nil
}

// invocation is how the user calls the CLI: by name if PATH knows it.
func (d *demo) invocation() string {
	name := filepath.Base(d.cli.Path)
	if path, err := exec.LookPath(name); err == nil && path == d.cli.Path {
		return name
	}
	return d.cli.Path
}
