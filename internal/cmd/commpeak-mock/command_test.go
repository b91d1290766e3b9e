//go:build unix

package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// asCommand, in the environment, makes of this test binary a command that is
// run next to the server.
const asCommand = "COMMPEAK_MOCK_TEST_COMMAND"

// TestAsCommand is such a command: it looks for the account.
func TestAsCommand(t *testing.T) {
	if os.Getenv(asCommand) == "" {
		t.Skip("not run as a command")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, os.Getenv("COMMPEAK_ENDPOINT")+"/streams", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", os.Getenv("COMMPEAK_API_KEY"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%d, %v: %s", resp.StatusCode, err, text)
	}
	t.Logf("the streams are %s", text)
}

// A command finds the account, and no other that the environment names.
func TestCommand(t *testing.T) {
	t.Setenv(asCommand, "1")
	for _, name := range []string{"COMMPEAK_API_KEY", "COMMPEAK_ENDPOINT", "COMMPEAK_MESSAGING_ENDPOINT"} {
		t.Setenv(name, "http://real.invalid")
	}
	var stdout, stderr bytes.Buffer

	code := run(t.Context(), []string{"-quiet", os.Args[0], "-test.run=^TestAsCommand$", "-test.v"}, &stdout, &stderr)

	if code != 0 || stderr.Len() > 0 || !strings.Contains(stdout.String(), "the streams are []") || strings.Contains(stdout.String(), "export ") {
		t.Errorf("%d, %q, %q", code, stdout.String(), stderr.String())
	}
}

// A command may be held to leave nothing behind, if it did not fail anyway.
func TestCommandExpectedToCleanUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(path, []byte(`{"streams": [{"id": 107, "name": "Codes", "type": "otp"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	seed := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(seed, []byte(`{"streams": [{"name": "Seeded", "type": "marketing"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-expect-empty", "true"}, 0, ""},
		{[]string{"-state", path, "true"}, 0, ""},
		{[]string{"-seed", seed, "-expect-empty", "true"}, 0, ""},
		{[]string{"-state", path, "-expect-empty", "true"}, 1, "commpeak-mock: the command left streams behind: \"Codes\" (107)\n"},
		{[]string{"-state", path, "-expect-empty", "sh", "-c", "exit 7"}, 7, ""},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), tt.args, &stdout, &stderr); code != tt.code || stderr.String() != tt.says {
			t.Errorf("%v: %d, %q", tt.args, code, stderr.String())
		}
	}
}

// What a command says of itself, and how it ended, is passed on as it is.
func TestCommandFails(t *testing.T) {
	var stdout, stderr bytes.Buffer

	code := run(t.Context(), []string{"-quiet", "sh", "-c", `echo "$COMMPEAK_MESSAGING_ENDPOINT"; echo failed >&2; exit 7`}, &stdout, &stderr)

	if code != 7 || stderr.String() != "failed\n" || !regexp.MustCompile(`^http://127\.0\.0\.1:\d+\n$`).MatchString(stdout.String()) {
		t.Errorf("%d, %q, %q", code, stdout.String(), stderr.String())
	}
}

// Who stops the mock server stops the command first, which may still need it.
func TestCommandStopped(t *testing.T) {
	var stderr bytes.Buffer
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(t.Context(), []string{"-quiet", "sh", "-c", `trap 'echo stopped; exit 3' TERM; echo started; while :; do sleep 0.1; done`}, in, &stderr)
		_ = in.Close()
	}()
	if _, err := io.ReadFull(out, make([]byte, len("started\n"))); err != nil {
		t.Fatal(err)
	}

	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}

	rest, err := io.ReadAll(out)
	if got := <-code; got != 3 || err != nil || string(rest) != "stopped\n" {
		t.Errorf("%d, %v, %q, %q", got, err, rest, stderr.String())
	}
}
