//go:build unix

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// screen is what the reader of a demo sees. It calls back once, when a text
// has appeared.
type screen struct {
	mu     sync.Mutex
	text   bytes.Buffer
	until  string
	reach  func()
	passed bool
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	if s.until != "" && !s.passed && strings.Contains(s.text.String(), s.until) {
		s.passed = true
		s.reach()
	}
	return len(p), nil
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// temporary makes a directory the one for temporary files. At the end of the
// test it must be empty.
func temporary(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "demo") //nolint:usetesting // the CLI's sockets want a short path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// Fails on a directory that is not empty.
		if err := os.Remove(dir); err != nil {
			left, _ := filepath.Glob(dir + "/*")
			t.Errorf("something is left behind: %v", left)
			_ = os.RemoveAll(dir)
		}
	})
	t.Setenv("TMPDIR", dir)
}

// underTest finds the CLI that the acceptance tests run.
func underTest(t *testing.T) settings {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	return settings{root: "../../..", version: "0.1.0", plain: true, find: func(ctx context.Context) (cli.CLI, error) {
		if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
			return cli.At(ctx, path)
		}
		return cli.Find(ctx)
	}}
}

func TestAccDemo(t *testing.T) {
	temporary(t)
	set := underTest(t)
	found, err := set.find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out screen

	if err := run(t.Context(), set, &out); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}

	message := []string{"This step is left out"}
	if found.HasActions() {
		message = []string{"is delivered", "~ total     = 0 -> 1", "Message:   sent, delivered and counted"}
	}
	for _, words := range append(message,
		"12 added, 0 changed, 0 destroyed",
		`"Paused until Monday" -> "Weekly offers`,
		"0 added, 1 changed, 0 destroyed",
		"No changes.",
		`"quarter" = "2026Q4" -> "2027Q1"`,
		"1 added, 0 changed, 1 destroyed",
		"12 destroyed",
		"── Summary",
		"12 resources in",
		"Drift:     the console changed",
	) {
		if !strings.Contains(out.String(), words) {
			t.Errorf("the demo does not print %q", words)
		}
	}
	if lines := strings.Count(out.String(), "\n"); lines > 150 {
		t.Errorf("the demo prints %d lines, more than 150", lines)
	}
	if strings.Contains(out.String(), "Warning") || strings.Contains(out.String(), "Refreshing") || t.Failed() {
		t.Errorf("the demo prints more than its results:\n%s", out.String())
	}
}

func TestFilter(t *testing.T) {
	const output = "Reading...\n  # a.b will be updated in-place\n\x1b[1m  ~ resource \"a\" \"b\" {\x1b[0m\n      ~ x = 1 -> 2\n    }\n" +
		"  # hidden\n\nPlan: 1 to change.\n\nChanges to Outputs:\n  ~ y = 1 -> 2\n\nWarning: no\nApply complete"
	for name, test := range map[string]struct {
		view view
		want string
	}{
		"results": {results, "Plan: 1 to change.\n"},
		"differences": {differences, "  # a.b will be updated in-place\n\x1b[1m  ~ resource \"a\" \"b\" {\x1b[0m\n      ~ x = 1 -> 2\n    }\n" +
			"Plan: 1 to change.\n"},
		"outputs": {outputs, "Plan: 1 to change.\nChanges to Outputs:\n  ~ y = 1 -> 2\n"},
	} {
		var out strings.Builder
		f := &filter{view: test.view, out: &out}
		for _, part := range []string{output[:30], output[30:]} { // Lines arrive in parts.
			fmt.Fprint(f, part)
		}
		if out.String() != test.want {
			t.Errorf("%s: got %q, not %q", name, out.String(), test.want)
		}
	}
}

// expectedWarning comes with the reset of a token.
var expectedWarning = regexp.MustCompile(`^Warning: The token of stream \d+ is reset$`)

// Whenever the demo is interrupted, it ends and leaves nothing behind. Only one of them builds the programs; the others use what
// was built once. They show everything that the CLI prints.
func TestAccInterrupted(t *testing.T) {
	built := underTest(t)
	built.dist, built.verbose = builtRelease(t, built), true
	for moment, set := range map[string]settings{
		"Building the provider": underTest(t),
		"── Initialize":         built,
		"── Plan":               built,
		"Creating...":           built,
		"Destroying...":         built,
	} {
		t.Run(moment, func(t *testing.T) {
			temporary(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := &screen{until: moment, reach: cancel}

			err := run(ctx, set, out)

			if !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "exit status") {
				t.Errorf("got error %v", err)
			}
			if strings.Contains(out.String(), "── Summary") || !strings.Contains(out.String(), moment) {
				t.Errorf("the demo was not interrupted at %q:\n%s", moment, out.String())
			}
			for _, warning := range regexp.MustCompile(`Warning: .*`).FindAllString(out.String(), -1) {
				if !expectedWarning.MatchString(warning) {
					t.Errorf("the demo warns: %s", warning)
				}
			}
		})
	}
}

// builtRelease builds the programs and packs them as a release does.
func builtRelease(t *testing.T, set settings) string {
	t.Helper()
	found, err := set.find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(set.root)
	if err != nil {
		t.Fatal(err)
	}
	set.root = root
	d := &demo{settings: set, out: io.Discard, dir: t.TempDir(), cli: found}
	if err := d.compile(t.Context()); err != nil {
		t.Fatal(err)
	}
	platform := fmt.Sprintf("%s_%s_%s", d.version, runtime.GOOS, runtime.GOARCH)
	program := d.mirrored(d.version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-commpeak_v"+d.version)
	dist := t.TempDir()
	store(t, filepath.Join(dist, "terraform-provider-commpeak_"+platform+".zip"), program)
	mock := filepath.Join(dist, "commpeak-mock_"+platform+".tar.gz")
	if said, err := exec.Command("tar", "-czf", mock, "-C", d.dir, "commpeak-mock").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return dist
}

// store puts a program into a zip archive, uncompressed.
func store(t *testing.T, archive, program string) {
	t.Helper()
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	header := &zip.FileHeader{Name: filepath.Base(program), Method: zip.Store}
	header.SetMode(0o755)
	file, err := writer.CreateHeader(header)
	if err == nil {
		_, err = file.Write(text)
	}
	if err == nil {
		err = writer.Close()
	}
	if err == nil {
		err = os.WriteFile(archive, packed.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlay(t *testing.T) {
	temporary(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &screen{until: "Ctrl-C stops the mock server", reach: func() {}}
	var once sync.Once
	out.reach = func() {
		// Not from within Write: the server's log comes that way too.
		go once.Do(func() {
			defer cancel()
			visit(t, out.String())
		})
	}
	set := settings{root: "../../..", version: "0.1.0", play: true, plain: true, find: func(context.Context) (cli.CLI, error) {
		return cli.CLI{Path: "/opt/terraform", Name: cli.Terraform, Version: version.Must(version.NewVersion("1.16.0"))}, nil
	}}

	if err := run(ctx, set, out); err != nil {
		t.Fatal(err)
	}

	for _, pattern := range []string{
		`(?m)^  export TF_CLI_CONFIG_FILE=/.+/cli\.tfrc$`,
		`(?m)^  /opt/terraform init$`,
		`(?m)^  PATCH +/_mock/streams/\{id\} +change a stream$`,
		`(?m)^\S+ GET /textpeak/streams 200 `, // The server's log.
	} {
		if !regexp.MustCompile(pattern).MatchString(out.String()) {
			t.Errorf("nothing shows that matches %s:\n%s", pattern, out.String())
		}
	}
}

// visit uses the account as the output of the demo describes.
func visit(t *testing.T, text string) {
	t.Helper()
	said := map[string]string{}
	for _, found := range regexp.MustCompile(`(?m)^  export (\w+)=(.+)$`).FindAllStringSubmatch(text, -1) {
		said[found[1]] = found[2]
	}
	if mirror, err := os.ReadFile(said["TF_CLI_CONFIG_FILE"]); err != nil || !bytes.Contains(mirror, []byte("filesystem_mirror")) {
		t.Errorf("the CLI's settings are %q, %v", mirror, err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, said["COMMPEAK_ENDPOINT"]+"/streams", http.NoBody)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header.Set("Authorization", said["COMMPEAK_API_KEY"])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || strings.TrimSpace(string(body)) != "[]" {
		t.Errorf("the account's streams are %q, %v", body, err)
	}
}

func TestOpenFails(t *testing.T) {
	tests := map[string]struct{ program, says string }{
		"no such program": {"", "no such file"},
		"refuses":         {"echo port taken >&2; exit 1", "port taken"},
		"says nothing":    {"exit 0", "does not say where it listens"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "mock")
			if test.program != "" {
				if err := os.WriteFile(path, []byte("#!/bin/sh\n"+test.program+"\n"), 0o700); err != nil {
					t.Fatal(err)
				}
			}

			_, err := open(path)

			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got error %v, want one that says %q", err, test.says)
			}
		})
	}
}

// A server that goes away by itself is a failure, and the error contains the reason.
func TestCloseAfterTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mock")
	script := `#!/bin/sh
echo export COMMPEAK_API_KEY=key
echo export COMMPEAK_ENDPOINT=http://127.0.0.1:1/textpeak
echo export COMMPEAK_MESSAGING_ENDPOINT=http://127.0.0.1:1
echo out of memory >&2
`
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	a, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	<-a.ended

	err = a.close()

	if err == nil || !strings.Contains(err.Error(), "it ended by itself\nout of memory") {
		t.Errorf("got error %v", err)
	}
}

func TestTail(t *testing.T) {
	var log tail
	for range 3 {
		fmt.Fprint(&log, strings.Repeat("x", enough))
	}
	fmt.Fprint(&log, "the end")

	if got := log.tail(); len(got) != enough || !strings.HasSuffix(got, "xthe end") {
		t.Errorf("kept %d bytes that end in %q", len(got), got[len(got)-8:])
	}
}
