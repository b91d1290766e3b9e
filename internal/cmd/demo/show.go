//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// nextQuarter resets the newsletter's token.
const nextQuarter = "-var=quarter=2027Q1"

// show runs the steps of the demo, and prints a summary.
func (d *demo) show(ctx context.Context) error {
	begin := time.Now()
	if err := d.copyExample(); err != nil {
		return err
	}
	d.say("The configuration is examples/demo.")
	for _, step := range []func(context.Context) error{
		d.initialize, d.create, d.showOutputs, d.repairDrift, d.sendMessage, d.resetToken, d.destroy,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	d.note("Time", "%s", time.Since(begin).Round(time.Second))
	d.summarize()
	return nil
}

// copyExample copies the example to where the CLI works, with its actions if the CLI supports actions.
func (d *demo) copyExample() error {
	example := filepath.Join(d.root, "examples", "demo")
	if err := os.CopyFS(d.path("config"), os.DirFS(example)); err != nil {
		return err
	}
	if !d.cli.HasActions() {
		return nil
	}
	return os.Rename(d.path("config", "actions", "actions.tf"), d.path("config", "actions.tf"))
}

func (d *demo) initialize(ctx context.Context) error {
	d.heading("Initialize: install the provider")
	// An existing lock file prevents a warning that only mirrors cause.
	if err := d.quietly(ctx, "providers", "lock", "-fs-mirror="+d.path("mirror")); err != nil {
		return err
	}
	return d.terraform(ctx, noChanges, results, "init")
}

func (d *demo) create(ctx context.Context) error {
	d.heading("Plan: what do the streams of an online shop need?")
	if err := d.terraform(ctx, changes, creations, "plan", "-detailed-exitcode", "-out=plan"); err != nil {
		return err
	}
	d.heading("Apply: create them")
	begin := time.Now()
	if err := d.terraform(ctx, noChanges, results, "apply", "plan"); err != nil {
		return err
	}
	took := time.Since(begin).Round(100 * time.Millisecond)
	created, err := d.account.streams(ctx)
	if err != nil {
		return err
	}
	if d.stream, err = oneOfEach(created); err != nil {
		return err
	}
	state, err := os.ReadFile(d.path("config", "terraform.tfstate"))
	if err != nil {
		return err
	}
	if bytes.Contains(state, []byte(accessToken)) {
		return errors.New("the WhatsApp token is in the state")
	}
	d.say("The state does not contain the access token of the WhatsApp stream.")
	number, types, err := managedResources(state)
	d.note("Created", "%d resources in %s: %s", number, took, types)
	return err
}

func (d *demo) showOutputs(ctx context.Context) error {
	d.heading("Output: values for other configurations")
	return d.terraform(ctx, noChanges, everything, "output")
}

// repairDrift changes a stream as the console does, and restores it.
func (d *demo) repairDrift(ctx context.Context) error {
	d.heading("Drift: a change in the console")
	d.say("In the console, %q is disabled and its description is changed.", d.stream.Name)
	if err := d.account.tamper(ctx, d.stream.ID); err != nil {
		return err
	}
	if err := d.terraform(ctx, changes, differences, "plan", "-detailed-exitcode", "-out=plan"); err != nil {
		return err
	}

	d.heading("Repair: back to the configuration")
	if err := d.terraform(ctx, noChanges, results, "apply", "plan"); err != nil {
		return err
	}
	if repaired, err := d.account.stream(ctx, d.stream.ID); err != nil {
		return err
	} else if repaired.State != d.stream.State || repaired.Description != d.stream.Description {
		return fmt.Errorf("%q is not as it was: %s, %q", repaired.Name, repaired.State, repaired.Description)
	}
	d.note("Drift", "the console changed two settings of %q; plan showed both, apply repaired them", d.stream.Name)

	d.heading("Plan again: nothing left to do")
	return d.terraform(ctx, noChanges, results, "plan", "-detailed-exitcode")
}

// sendMessage sends a message through the stream, and shows that it is counted.
func (d *demo) sendMessage(ctx context.Context) error {
	d.heading("Test message: does it arrive?")
	if !d.cli.HasActions() {
		d.say("This step is left out: %s does not support actions. Terraform 1.14 and later do.", d.cli)
		return nil
	}
	err := d.terraform(ctx, noChanges, progress, "apply", "-auto-approve", "-invoke=action.commpeak_send_test_message.hello")
	if err != nil {
		return err
	}
	sent, err := d.account.sent(ctx, d.stream.ID)
	if err != nil {
		return err
	}
	if sent != 1 {
		return fmt.Errorf("%q has sent %d messages, not one", d.stream.Name, sent)
	}
	d.note("Message", "sent, delivered and counted")

	d.heading("Statistics: the message is counted")
	if err := d.terraform(ctx, changes, outputs, "plan", "-detailed-exitcode", "-out=plan"); err != nil {
		return err
	}
	return d.terraform(ctx, noChanges, results, "apply", "plan")
}

// resetToken gives the stream a new token.
func (d *demo) resetToken(ctx context.Context) error {
	before, err := d.account.client.StreamToken(ctx, d.stream.ID)
	if err != nil {
		return err
	}
	d.heading("Token: a new quarter resets it")
	if err := d.terraform(ctx, changes, differences, "plan", "-detailed-exitcode", "-out=plan", nextQuarter); err != nil {
		return err
	}
	if err := d.terraform(ctx, noChanges, results, "apply", "plan"); err != nil {
		return err
	}
	after, err := d.account.client.StreamToken(ctx, d.stream.ID)
	if err != nil {
		return err
	}
	if after == before {
		return fmt.Errorf("%q still has its old token", d.stream.Name)
	}
	d.say("The old token is invalid. The new token is neither in a plan nor in the state.")
	d.note("Token", "reset, and not in the state")
	return nil
}

func (d *demo) destroy(ctx context.Context) error {
	d.heading("Destroy: delete everything")
	if err := d.terraform(ctx, noChanges, results, "destroy", "-auto-approve", nextQuarter); err != nil {
		return err
	}
	left, err := d.account.streams(ctx)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("the account still has %d streams", len(left))
	}
	d.note("Destroyed", "all resources; the account is empty again")
	return nil
}

// oneOfEach checks that there is one stream of each type, and returns the one that the demo changes.
func oneOfEach(streams []commpeak.Stream) (commpeak.Stream, error) {
	byType := map[commpeak.StreamType]commpeak.Stream{}
	for _, stream := range streams {
		byType[stream.Type] = stream
	}
	if len(streams) != len(commpeak.StreamTypes) || len(byType) != len(streams) {
		return commpeak.Stream{}, fmt.Errorf("the account has %d streams of %d types, not one of each", len(streams), len(byType))
	}
	return byType[commpeak.Marketing], nil
}
