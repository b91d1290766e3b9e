package acctest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// Victim is a process of a run that is killed.
type Victim string

// The victims.
const (
	TheCLI      Victim = "the CLI"
	TheProvider Victim = "the provider"
)

// RunKilling runs a command of the CLI and kills one of its processes (kill -9) when the account
// receives the request that at describes. The mock server acts on the request if at says so, and
// its response is lost.
func (w *Workspace) RunKilling(victim Victim, at mockserver.Fault, args ...string) {
	w.t.Helper()
	noted := w.notePids()
	kill, chosen := make(chan func() error, 1), at.Match
	at.Drop = true
	at.Match = func(r mockserver.Request) bool {
		if chosen != nil && !chosen(r) {
			return false
		}
		if err := (<-kill)(); err != nil {
			w.t.Errorf("killing %s: %s", victim, err)
		}
		return true
	}
	w.account.Inject(at)

	var all bytes.Buffer
	cmd := w.command(&all, &all, w.cli.Path, args...)
	w.demand(cmd.Start())
	kill <- func() error {
		if victim == TheCLI {
			return cmd.Process.Kill()
		}
		return killLast(noted)
	}
	if err := cli.Wait(cmd); err == nil || w.account.PendingFaults() > 0 {
		w.t.Fatalf("%s survives (%v):\n%s", victim, err, &all)
	}
}

// notePids has each provider of the runs to come write down its process id
// first, and returns the file.
func (w *Workspace) notePids() string {
	w.t.Helper()
	program, err := builtProgram()
	w.demand(err)
	dir := w.t.TempDir()
	noted := filepath.Join(dir, "pids")
	script := fmt.Sprintf("#!/bin/sh\necho $$ >>'%s'\nexec '%s' \"$@\"\n", noted, program)
	w.demand(os.WriteFile(filepath.Join(dir, "terraform-provider-commpeak"), []byte(script), 0o700))
	config := filepath.Join(dir, "cli.tfrc")
	w.demand(os.WriteFile(config, []byte(overriding(dir)), 0o600))
	w.Setenv("TF_CLI_CONFIG_FILE", config)
	return noted
}

// killLast kills the process whose id was noted last, and waits for its end.
func killLast(noted string) error {
	text, err := os.ReadFile(noted)
	if err != nil {
		return err
	}
	lines := strings.Fields(string(text))
	pid, err := strconv.Atoi(lines[len(lines)-1])
	if err != nil {
		return err
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	if err := process.Kill(); err != nil {
		return err
	}
	for range 10_000 {
		if errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone) {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("it does not end")
}
