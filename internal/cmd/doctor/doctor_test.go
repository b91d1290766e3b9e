package main

import (
	"encoding/pem"
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

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// examined runs the doctor on an account, and makes sure that nothing was changed and no secret told.
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
			t.Errorf("the report tells %q", secret)
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

// line finds the line of the report that begins with these words, and demands that it go on with those.
func line(t *testing.T, text, begin, goOn string) {
	t.Helper()
	words := strings.Fields(begin)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	found := regexp.MustCompile(`(?m)^` + strings.Join(words, ` +`) + ` +(.*)$`).FindStringSubmatch(text)
	if found == nil {
		t.Errorf("there is no line that begins %q:\n%s", begin, text)
		return
	}
	if !strings.HasPrefix(found[1], goOn) {
		t.Errorf("of %q it says %q, not %q", begin, found[1], goOn)
	}
}

func verdicts(text string) map[string]int {
	counts := map[string]int{}
	for _, found := range regexp.MustCompile(`(?m)^(?:GET|POST|PATCH|DELETE) \S+ +\w+ +(\w+)`).FindAllStringSubmatch(text, -1) {
		counts[found[1]]++
	}
	return counts
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	account := shop(mockserver.Options{})

	code, text := examined(t, account, account)

	if counts := verdicts(text); code != 0 || len(counts) != 2 || counts["works"] != len(reads) {
		t.Errorf("exit code %d, found %v", code, counts)
	}
	line(t, text, "GET /streams/{id}/token documented", "works")
	line(t, text, "POST /streams assumed", "offered")
	line(t, text, "DELETE /streams/{id}/webhooks/{webhookId} assumed", "offered")
	line(t, text, "POST /simple_send/ documented", "offered")
	line(t, text, "commpeak_stream resource", "should work; writes were not tried")
	line(t, text, "commpeak_senders data source", "works")
	line(t, text, "Streams looked at:", "1 otp, 1 two_way, 1 whatsapp")
	if strings.Contains(text, "does not report") || !strings.Contains(text, "Every call that the provider makes is there.") {
		t.Errorf("the advice is not that of a sound account:\n%s", text)
	}
}

func TestDoctorOfDocumentedCalls(t *testing.T) {
	t.Parallel()
	account := shop(mockserver.Options{DocumentedOnly: true})

	code, text := examined(t, account, account)

	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	line(t, text, "GET /streams documented", "works")
	line(t, text, "GET /streams/{id}/events assumed", "missing  HTTP 404")
	line(t, text, "POST /streams/{id}/events assumed", "missing  HTTP 404 to OPTIONS")
	line(t, text, "GET /streams/{id}/events/{eventId} assumed", "unknown")
	line(t, text, "PATCH /streams/{id} assumed", "missing  Allow: GET")
	line(t, text, "commpeak_stream resource", "import and drift only, for want of POST /streams,")
	line(t, text, "commpeak_stream_token ephemeral", "works")
	line(t, text, "commpeak_reset_stream_token action", "does not work in full, for want of POST /streams/{id}/token")
	line(t, text, "commpeak_event_templates data source", "does not work, for want of GET /streams/{id}/events")
	line(t, text, "Stream 101 does not report", "default_sender, demo, restricted, otp:")
	if !strings.Contains(text, "Everything documented works.") {
		t.Errorf("the advice is another:\n%s", text)
	}
}

func TestDoctorWithoutWrites(t *testing.T) {
	t.Parallel()
	for _, policy := range []mockserver.WritePolicy{mockserver.WritesNotAllowed, mockserver.WritesNotFound} {
		account := shop(mockserver.Options{Writes: policy})

		code, text := examined(t, account, account)

		if code != 0 {
			t.Errorf("exit code %d", code)
		}
		line(t, text, "GET /streams/{id}/events assumed", "works")
		line(t, text, "POST /streams/{id}/events assumed", "missing  Allow: GET")
		line(t, text, "commpeak_webhook resource", "import and drift only")
		line(t, text, "commpeak_webhooks data source", "works")
	}
}

// An account without streams leaves most calls in the dark, and is not at fault.
func TestDoctorOfEmptyAccount(t *testing.T) {
	t.Parallel()
	account := mockserver.New(mockserver.Options{})

	code, text := examined(t, account, account)

	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	line(t, text, "GET /streams documented", "works")
	line(t, text, "POST /streams assumed", "offered")
	line(t, text, "GET /streams/{id} documented", "unknown  not looked at: no stream was found")
	line(t, text, "GET /streams/{id}/events assumed", "unknown  not looked at: no otp or transactional stream was found")
	line(t, text, "DELETE /streams/{id} assumed", "unknown  not asked for")
	line(t, text, "Streams looked at:", "none")
	line(t, text, "commpeak_stream resource", "cannot be told: GET /streams/{id}, PATCH /streams/{id} and 1 more")
}

// Silence is no answer: a path that does not tell its methods may have them.
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
	line(t, text, "POST /streams assumed", "unknown  OPTIONS tells nothing (HTTP 204 without Allow)")
	line(t, text, "commpeak_stream resource", "cannot be told: POST /streams")
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
		"wrong key":     {always(401, "application/json", `{"message": "Not Authenticated: invalid token"}`), "refused  HTTP 401: Not Authenticated: invalid token", "The API key is not accepted", true},
		"wrong address": {always(403, "application/json", `{"message": "IP ACL restriction"}`), "refused  HTTP 403: IP ACL restriction", "Documented calls are refused", false},
		"a web page":    {always(200, "text/html", html), "failed  the answer is not the API's: ", "This is not CommPeak's API", true},
		"no such page":  {always(404, "text/html", html), "failed  the answer is not the API's: ", "This is not CommPeak's API", true},
		"another API":   {always(200, "application/json", `{"hello": "world"}`), "failed  the answer is not the API's: ", "This is not CommPeak's API", true},
		"a redirect":    {http.RedirectHandler("https://console.example.com/", http.StatusFound), "failed  the answer is not the API's: ", "This is not CommPeak's API", true},
		"maintenance":   {always(503, "text/html", html), "failed  HTTP 503", "This is not CommPeak's API", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, text := examined(t, test.handler, mockserver.New(mockserver.Options{}))

			if code != 1 || !strings.Contains(text, test.advice) || strings.Contains(text, "Sign in") {
				t.Errorf("exit code %d:\n%s", code, text)
			}
			line(t, text, "GET /streams documented", test.found)
			if on := strings.Contains(text, "GET /senders"); on == test.dark {
				t.Errorf("the rest is looked at: %t\n%s", on, text)
			}
		})
	}
}

// An answer that the contract does not know is told, without its values.
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
	line(t, text, "GET /streams/{id} documented", "works")
	if found := regexp.MustCompile(`GET /senders +documented +(differs|failed) +(.+)`).FindString(text); found == "" {
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
