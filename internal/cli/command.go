package cli

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// grace is what a cancelled program gets to end by itself. Terraform needs it
// to write down what it did.
const grace = 15 * time.Second

// Command is like [exec.CommandContext], but a cancelled context interrupts
// the program, with all that it started, before it kills it. A Ctrl-C on the
// terminal does not reach it: the caller decides what stops first.
func Command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = grace
	group(cmd)
	return cmd
}

// Run runs a [Command] and leaves none of its processes behind.
func Run(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	return Wait(cmd)
}

// Wait waits for a [Command] that was started, and leaves none of its
// processes behind.
func Wait(cmd *exec.Cmd) error {
	err := cmd.Wait()
	kill(cmd)
	return err
}

// IsSetting reports whether an environment variable changes what the CLI or the provider does. It
// may name a real account.
func IsSetting(entry string) bool {
	return strings.HasPrefix(entry, "TF_") || strings.HasPrefix(entry, "COMMPEAK_")
}
