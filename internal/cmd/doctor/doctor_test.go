package main

import (
	"encoding/pem"
	"flag"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// examined runs the doctor on an account, and checks that nothing was changed and that the report does not contain a secret.
func examined(t *testing.T, handler http.Handler, account *mockserver.Server) (code int, text string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	before := snapshot(t, account)
	var stdout, stderr strings.Builder

	code = run(t.Context(), nil, environment(account.APIKey(), server.URL), &stdout, &stderr)

	if stderr.Len() > 0 {
		t.Errorf("the doctor complains: %s", stderr.String())
	}
	if after := snapshot(t, account); after != before {
		t.Errorf("the account was changed from\n%s\nto\n%s", before, after)
	}
	for _, request := range account.Requests() {
		if request.Method != http.MethodGet && request.Method != http.MethodOptions {
			t.Errorf("a call that may change something: %s %s", request.Method, request.Path)
		}
	}
	for _, secret := range append(account.Secrets(), "key-of-the-desk", "Your code is 1234", "491701234567", "Very private") {
		if strings.Contains(stdout.String(), secret) {
			t.Errorf("the report contains %q", secret)
		}
	}
	return code, stdout.String()
}

func environment(key, url string) func(string) string {
	return func(name string) string {
		return map[string]string{
			"COMMPEAK_API_KEY": key, "COMMPEAK_ENDPOINT": url + mockserver.ManagementPath, "COMMPEAK_MESSAGING_ENDPOINT": url,
		}[name]
	}
}

// A proxy that looks into TLS has an authority of its own.
func TestDoctorTrustsFurtherAuthorities(t *testing.T) {
	t.Parallel()
	account := shop(mockserver.Options{})
	server := httptest.NewTLSServer(account)
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	env := environment(account.APIKey(), server.URL)
	var stdout, stderr strings.Builder
	code := run(t.Context(), nil, func(name string) string {
		if name == "COMMPEAK_CA_FILE" {
			return file
		}
		return env(name)
	}, &stdout, &stderr)
	if code != 0 {
		t.Errorf("exit code %d: %s%s", code, stdout.String(), stderr.String())
	}
}

func snapshot(t *testing.T, account *mockserver.Server) string {
	t.Helper()
	text, err := account.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shop is an account with something for every call.
func shop(options mockserver.Options) *mockserver.Server {
	account := mockserver.New(options)
	account.AddStream(mockserver.Stream{Name: "Very private", Type: mockserver.OTP})
	account.AddEvent(101, mockserver.Event{Name: "Very private", Key: "code", Template: "Your code is 1234"})
	account.AddStream(mockserver.Stream{Name: "Very private", Type: mockserver.TwoWay})
	account.AddWebhook(102, mockserver.Webhook{URL: "https://desk.example.com", Headers: []mockserver.Header{{Name: "Authorization", Value: "key-of-the-desk"}}})
	account.AddStream(mockserver.Stream{Name: "Very private", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "1", AccessToken: "EAAG-secret"}})
	return account
}

// line checks how the line of the report that begins with these words continues. The widths of columns do not matter.
func line(t *testing.T, text, begin, want string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(line), " ")
		if rest, found := strings.CutPrefix(line, begin+" "); found {
			if !strings.HasPrefix(rest, want) {
				t.Errorf("%q continues with %q, not %q", begin, rest, want)
			}
			return
		}
	}
	t.Errorf("no line begins with %q:\n%s", begin, text)
}

// The reports are in testdata: read them as a user would. -update writes them again.
var update = flag.Bool("update", false, "write the reports in testdata again")

func TestReports(t *testing.T) {
	t.Parallel()
	for name, account := range map[string]*mockserver.Server{
		"full":            shop(mockserver.Options{}),
		"documented-only": shop(mockserver.Options{DocumentedOnly: true}),
		"read-only":       shop(mockserver.Options{Writes: mockserver.WritesNotAllowed}),
		"empty":           mockserver.New(mockserver.Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, text := examined(t, account, account)
			if code != 0 {
				t.Errorf("exit code %d", code)
			}
			text = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).ReplaceAllString(text, "https://commpeak.example.com")
			path := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if difference := cmp.Diff(string(want), text); difference != "" {
				t.Errorf("the report differs (run with -update):\n%s", difference)
			}
		})
	}
}

// An API can answer 404 instead of 405 to a write that it does not have.
func TestDoctorOfWritesNotFound(t *testing.T) {
	t.Parallel()
	account := shop(mockserver.Options{Writes: mockserver.WritesNotFound})

	code, text := examined(t, account, account)

	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	line(t, text, "POST /streams/{id}/events no", "missing the API allows only GET")
	line(t, text, "commpeak_webhook resource", "only import and drift detection: changes need POST /streams/{id}/webhooks,")
	line(t, text, "commpeak_webhooks data source", "works")
}

// A path whose methods are not listed may have them.
func TestDoctorWithoutAllowHeader(t *testing.T) {
	t.Parallel()
	account := shop(mockserver.Options{})
	silent := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "POST")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		account.ServeHTTP(w, r)
	})

	code, text := examined(t, silent, account)

	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	line(t, text, "POST /streams no", "not checked the API does not list the methods of this path")
	line(t, text, "commpeak_stream resource", "could not be checked: POST /streams")
	if !strings.Contains(text, "Some calls could not be checked") {
		t.Errorf("the result is wrong:\n%s", text)
	}
}

func TestDoctorOfUnusableAccounts(t *testing.T) {
	t.Parallel()
	always := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	const html = "<html>Sign in to the console</html>"
	for name, test := range map[string]struct {
		handler http.Handler
		found   string // of GET /streams
		advice  string
		dark    bool // nothing else is looked at
	}{
		"wrong key":     {always(401, "application/json", `{"message": "Not Authenticated: invalid token"}`), "refused HTTP 401: Not Authenticated: invalid token", "CommPeak does not accept the API key", true},
		"wrong address": {always(403, "application/json", `{"message": "IP ACL restriction"}`), "refused HTTP 403: IP ACL restriction", "The API refuses documented calls", false},
		"a web page":    {always(200, "text/html", html), "failed the answer is not the API's: ", "This is not CommPeak's API", true},
		"no such page":  {always(404, "text/html", html), "failed the answer is not the API's: ", "This is not CommPeak's API", true},
		"another API":   {always(200, "application/json", `{"hello": "world"}`), "failed the answer is not the API's: ", "This is not CommPeak's API", true},
		"a redirect":    {http.RedirectHandler("https://console.example.com/", http.StatusFound), "failed the answer is not the API's: ", "This is not CommPeak's API", true},
		"maintenance":   {always(503, "text/html", html), "failed HTTP 503", "This is not CommPeak's API", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, text := examined(t, test.handler, mockserver.New(mockserver.Options{}))

			if code != 1 || !strings.Contains(text, test.advice) || strings.Contains(text, "Sign in") {
				t.Errorf("exit code %d:\n%s", code, text)
			}
			line(t, text, "GET /streams yes", test.found)
			if on := strings.Contains(text, "GET /senders"); on == test.dark {
				t.Errorf("the rest is looked at: %t\n%s", on, text)
			}
		})
	}
}

// A response that the contract does not contain is reported without its values.
func TestDoctorOfDifferentAnswer(t *testing.T) {
	t.Parallel()
	account := shop(mockserver.Options{})
	different := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/senders") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`[{"id": 1, "name": ["Very private"], "value": "ACME"}]`))
			return
		}
		account.ServeHTTP(w, r)
	})

	code, text := examined(t, different, account)

	if code != 1 {
		t.Errorf("exit code %d:\n%s", code, text)
	}
	line(t, text, "GET /streams/{id} yes", "works")
	if found := regexp.MustCompile(`GET /senders +yes +(differs|failed) +(.+)`).FindString(text); found == "" {
		t.Errorf("the difference is not told:\n%s", text)
	}
}

func TestDoctorUnreachable(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	var stdout, stderr strings.Builder

	code := run(t.Context(), nil, environment("key", server.URL), &stdout, &stderr)

	if code != 1 || !strings.Contains(stdout.String(), "connection refused") {
		t.Errorf("exit code %d:\n%s", code, stdout.String())
	}
}

func TestDoctorNeedsAnAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		env  map[string]string
		says string
	}{
		"no key":            {nil, "COMMPEAK_API_KEY is not set"},
		"key in clear text": {map[string]string{"COMMPEAK_API_KEY": "key", "COMMPEAK_ENDPOINT": "http://example.com"}, "COMMPEAK_ENDPOINT: http:// would send"},
		"no such CA file":   {map[string]string{"COMMPEAK_API_KEY": "key", "COMMPEAK_CA_FILE": "missing.pem"}, `COMMPEAK_CA_FILE: "missing.pem" cannot be read`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder

			code := run(t.Context(), nil, func(name string) string { return test.env[name] }, &stdout, &stderr)

			if code != 2 || !strings.Contains(stderr.String(), test.says) {
				t.Errorf("exit code %d: %s", code, stderr.String())
			}
		})
	}
}

// The table of objects keeps up with the contract and with the provider.
func TestObjects(t *testing.T) {
	t.Parallel()
	var known, named []string
	for _, operation := range contract.Operations() {
		known = append(known, operation.ID)
		if _, is := reads[operation.ID]; provided(operation.ID) && is != (operation.Method == http.MethodGet) {
			t.Errorf("%s is %s, and read: %t", operation.ID, operation.Method, is)
		}
	}
	for _, object := range objects {
		named = append(named, object.kind+" "+object.name)
		for _, id := range slices.Concat(object.reads, object.writes) {
			if !slices.Contains(known, id) {
				t.Errorf("%s: the contract has no %s", object.name, id)
			}
		}
	}
	slices.Sort(named)
	if offers := offers(t); !slices.Equal(named, offers) {
		t.Errorf("the table has %q, the provider offers %q", named, offers)
	}
}

// offers are the objects of the provider that need an account, sorted.
func offers(t *testing.T) []string {
	t.Helper()
	var all []string
	schemas := acctest.Serve(t, func(string) string { return "" }).Schemas()
	for kind, names := range map[string]iter.Seq[string]{
		"resource":      maps.Keys(schemas.ResourceSchemas),
		"data source":   maps.Keys(schemas.DataSourceSchemas),
		"list resource": maps.Keys(schemas.ListResourceSchemas),
		"ephemeral":     maps.Keys(schemas.EphemeralResourceSchemas),
		"action":        maps.Keys(schemas.ActionSchemas),
	} {
		for name := range names {
			all = append(all, kind+" "+name)
		}
	}
	slices.Sort(all)
	return all
}
