package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// program is a running commpeak-mock.
type program struct {
	t      *testing.T
	env    map[string]string // as exported
	stderr *bytes.Buffer     // to be read after stop
	cancel context.CancelFunc
	code   chan int
}

// start runs the program and waits until it says where it listens.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	p := &program{t: t, env: map[string]string{}, stderr: &bytes.Buffer{}, cancel: cancel, code: make(chan int, 1)}
	out, in := io.Pipe()
	go func() {
		code := run(ctx, args, in, p.stderr)
		_ = in.Close()
		p.code <- code
	}()
	lines := bufio.NewScanner(out)
	for len(p.env) < 3 && lines.Scan() {
		name, value, isExport := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		if !isExport || !strings.HasPrefix(lines.Text(), "export COMMPEAK_") {
			t.Fatalf("unexpected line %q", lines.Text())
		}
		p.env[name] = value
	}
	if len(p.env) < 3 {
		t.Fatalf("stopped with %d: %s", <-p.code, p.stderr)
	}
	return p
}

// stop stops the program and returns what it logged.
func (p *program) stop() string {
	p.t.Helper()
	p.cancel()
	if code := <-p.code; code != 0 {
		p.t.Errorf("exit code %d: %s", code, p.stderr)
	}
	return p.stderr.String()
}

// call sends a management call and returns the answer's body.
func (p *program) call(method, path, body string, status int) string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.env["COMMPEAK_ENDPOINT"]+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", p.env["COMMPEAK_API_KEY"])
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if resp.StatusCode != status {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, status, text)
	}
	return string(text)
}

func TestExports(t *testing.T) {
	p := start(t)
	if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+/textpeak$`).MatchString(p.env["COMMPEAK_ENDPOINT"]) ||
		p.env["COMMPEAK_ENDPOINT"] != p.env["COMMPEAK_MESSAGING_ENDPOINT"]+"/textpeak" {
		t.Errorf("exported %v", p.env)
	}
	p.call("GET", "/streams", "", 200)
	p.stop()
	if _, err := http.Get(p.env["COMMPEAK_ENDPOINT"]); err == nil {
		t.Error("it listens after the stop")
	}
}

func TestLog(t *testing.T) {
	p := start(t, "-api-key", "the-key")
	p.call("POST", "/streams?secret=a", `{"name": "the-body", "type": "otp"}`, 201)
	p.call("GET", "/streams/7%0Aforged", "", 404)
	token := p.call("GET", "/streams/101/token", "", 200)[len(`{"token":"`):]
	log := p.stop()
	want := regexp.MustCompile(`^commpeak-mock: watch the account at http://127\.0\.0\.1:\d+/_mock
\d\d:\d\d:\d\d POST /textpeak/streams 201 \S+s
\d\d:\d\d:\d\d GET /textpeak/streams/7%0Aforged 404 \S+s
\d\d:\d\d:\d\d GET /textpeak/streams/101/token 200 \S+s
$`)
	if !want.MatchString(log) {
		t.Errorf("log:\n%s", log)
	}
	for _, secret := range []string{"the-key", "the-body", "secret=a", token[:30]} {
		if strings.Contains(log, secret) {
			t.Errorf("the log tells %q:\n%s", secret, log)
		}
	}
}

func TestQuiet(t *testing.T) {
	p := start(t, "-quiet")
	p.call("GET", "/streams", "", 200)
	if log := p.stop(); log != "" {
		t.Errorf("log: %s", log)
	}
}

func TestStateSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	first := start(t, "-state", path)
	first.call("POST", "/streams", `{"name": "kept", "type": "otp"}`, 201)
	written, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(written, []byte("kept")) {
		t.Errorf("not on disk before the answer: %v: %s", err, written)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	token := first.call("GET", "/streams/101/token", "", 200)
	first.stop()

	second := start(t, "-state", path)
	if second.env["COMMPEAK_API_KEY"] != first.env["COMMPEAK_API_KEY"] {
		t.Error("the API key did not survive")
	}
	if got := second.call("GET", "/streams/101/token", "", 200); got != token {
		t.Error("the token did not survive")
	}
	second.stop()

	third := start(t, "-state", path, "-api-key", "mine")
	third.call("DELETE", "/streams/101", "", 204)
	if third.env["COMMPEAK_API_KEY"] != "mine" {
		t.Error("the flag does not win")
	}
	third.stop()
	left, err := fs.Glob(os.DirFS(filepath.Dir(path)), "*")
	if err != nil || fmt.Sprint(left) != "[state.json]" {
		t.Errorf("files left: %v, %v", left, err)
	}
}

func TestFlagsReachTheServer(t *testing.T) {
	p := start(t, "-rate-limit", "0.001", "-latency", "20ms", "-quiet")
	p.call("GET", "/streams", "", 200)
	p.call("GET", "/streams", "", 429)
	resp, err := http.Get(p.env["COMMPEAK_MESSAGING_ENDPOINT"] + "/_mock/requests")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || !regexp.MustCompile(`"tookMs":[2-9]\d`).Match(text) {
		t.Errorf("no latency: %v: %s", err, text)
	}
	p.stop()
}

func TestAccountsThatOfferLess(t *testing.T) {
	readOnly := start(t, "-read-only")
	defer readOnly.stop()
	readOnly.call("POST", "/streams", `{"name": "a", "type": "otp"}`, 405)
	readOnly.call("GET", "/streams", "", 200)

	bare := start(t, "-documented-only")
	defer bare.stop()
	bare.call("POST", "/streams", `{"name": "a", "type": "otp"}`, 404)
	bare.call("GET", "/streams", "", 200)
}

func TestWarnsBeyondLoopback(t *testing.T) {
	p := start(t, "-listen", "0.0.0.0:0")
	p.call("GET", "/streams", "", 200)
	if log := p.stop(); !strings.Contains(log, "warning: 0.0.0.0:") && !strings.Contains(log, "warning: [::]:") {
		t.Errorf("no warning: %s", log)
	}
}

func TestFailures(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-h"}, 0, "COMMPEAK_MESSAGING_ENDPOINT/_mock/faults"},
		{[]string{"-nonsense"}, 2, "flag provided but not defined"},
		{[]string{"-messages", "c"}, 2, "must be one of a, b"},
		{[]string{"no-such-command"}, 1, `"no-such-command": executable file not found`},
		{[]string{"-listen", "nowhere"}, 1, "listen: "},
		{[]string{"-seed", bad}, 1, "read the seed: "},
		{[]string{"-seed", filepath.Join(bad, "under")}, 1, "read the seed: "},
		{[]string{"-fault", "GET /streamz=503"}, 1, "is no call of the API"},
		{[]string{"-fault", "nonsense"}, 1, "is not like"},
		{[]string{"-state", bad}, 1, "read the snapshot: "},
		{[]string{"-state", filepath.Join(bad, "under")}, 1, "read the state: "},
		{[]string{"-state", filepath.Join(filepath.Dir(bad), "missing", "under")}, 1, "write the state: "},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), tt.args, &stdout, &stderr); code != tt.code || !strings.Contains(stderr.String(), tt.says) || stdout.Len() > 0 {
			t.Errorf("%v: %d, %q, %q", tt.args, code, stdout.String(), stderr.String())
		}
	}
}

func TestShellQuote(t *testing.T) {
	for word, want := range map[string]string{"a-b_c.1": "a-b_c.1", "": "''", "a b": "'a b'", "a'b$": `'a'\''b$'`} {
		if got := shellQuote(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}

func TestRunTimeFlags(t *testing.T) {
	p := start(t, "-trust-client-ip", "-delivery-delay", "1h", "-quiet")
	p.call("POST", "/streams", `{"name": "a", "type": "marketing", "defaultSender": "GLOBAL", "ipAcl": "203.0.113.7"}`, 201)
	shown := p.call("GET", "/streams/101/token", "", 200)
	token := strings.TrimSuffix(strings.TrimPrefix(shown, `{"token":"`), `"}`)
	for address, status := range map[string]int{"203.0.113.7": 200, "203.0.113.8": 403} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.env["COMMPEAK_MESSAGING_ENDPOINT"]+"/simple_send/",
			strings.NewReader(`{"messages": [{"recipient_phone": "447700900123", "message_content": "Hi"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", token)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Mock-Client-Ip", address)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: %d, want %d", address, resp.StatusCode, status)
		}
	}
	if stream := p.call("GET", "/streams/101", "", 200); !strings.Contains(stream, `"state":"sending"`) {
		t.Errorf("not sending: %s", stream)
	}
	p.stop()
}

func TestStyleFlagsReachTheServer(t *testing.T) {
	p := start(t, "-quiet", "-spelling", "labels", "-string-ids", "-php-arrays", "-error-key", "error", "-total-name", "total_items", "-messages", "b",
		"-mask-headers", "-replace-nested", "-ignore-status-filter")
	defer p.stop()
	p.call("POST", "/streams", `{"name": "a", "type": "two_way"}`, 201)
	p.call("POST", "/streams/101/webhooks", `{"url": "http://127.0.0.1:1", "method": "POST", "headers": [{"name": "X-A", "value": "b"}]}`, 201)
	for path, want := range map[string]string{
		"/streams/101":               `"id":"101"`,
		"/streams?_page=1":           `"type":"SMS Two-Way"`,
		"/streams/101/webhooks":      `"headers":{"0":{"name":"X-A","value":"********"}}`,
		"/streams/messages?status=a": `"total_items":0`,
	} {
		if got := p.call("GET", path, "", 200); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := p.call("GET", "/streams/7", "", 404); got != `{"error":"No such stream."}` {
		t.Errorf("error: %s", got)
	}
}

func TestVersion(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-version"}, &stdout, &stderr); code != 0 || strings.TrimSpace(stdout.String()) == "" || stderr.Len() > 0 {
		t.Errorf("%d, %q, %q", code, stdout.String(), stderr.String())
	}
}

func TestSeedIsReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed.json")
	text := `{"streams": [{"id": 107, "name": "Codes", "type": "otp", "allowed_ips": ["203.0.113.7"]}]}`
	if err := os.WriteFile(path, []byte(text), 0o400); err != nil {
		t.Fatal(err)
	}
	p := start(t, "-quiet", "-seed", path, "-fault", "POST /streams=503x2")
	p.call("POST", "/streams", `{"name": "a", "type": "otp"}`, 503)
	p.call("POST", "/streams", `{"name": "a", "type": "otp"}`, 503)
	if got := p.call("POST", "/streams", `{"name": "a", "type": "otp"}`, 201); !strings.Contains(got, `"id":108`) {
		t.Errorf("created %s", got)
	}
	if got := p.call("GET", "/streams/107", "", 200); !strings.Contains(got, `"ipAcl":"203.0.113.7"`) {
		t.Errorf("seeded %s", got)
	}
	p.stop()
	if after, err := os.ReadFile(path); err != nil || string(after) != text {
		t.Errorf("the seed is now %s, %v", after, err)
	}
}
