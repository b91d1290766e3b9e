package commpeak_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// TestNoSecretInErrorsAndLogs has a server repeat every credential wherever
// an error could pick it up.
func TestNoSecretInErrorsAndLogs(t *testing.T) {
	t.Parallel()
	const (
		streamToken = "key-0123456789abcdef-and-more" // begins like the API key
		accessToken = "EAAG-access-token"
	)
	all := apiKey + " " + streamToken + " " + accessToken
	// Words that are cut must not be cut in the middle of a secret first.
	long := strings.Repeat("x ", 295) + all
	answers := map[string]http.HandlerFunc{
		"message":   always(400, `{"message": "bad `+all+`"}`),
		"long":      always(400, `{"detail": "`+long+`"}`),
		"object":    always(500, `{"error": {"message": "bad `+all+`"}}`),
		"violation": always(422, `{"violations": [{"propertyPath": "x`+apiKey+`", "message": "`+all+`"}, {"propertyPath": "name", "message": "`+all+`"}]}`),
		"header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Request-Id", all)
			w.Header().Set("Content-Type", "text/"+apiKey)
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "<html>"+all)
		},
		"redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://elsewhere.example/"+apiKey+"/"+streamToken+"/"+accessToken)
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
		"broken protocol": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			fmt.Fprint(conn, "HTTP/1.1 "+streamToken+" "+accessToken+"\r\n\r\n")
			_ = conn.Close()
		},
		"other shape": always(200, `{"id": ["`+all+`"], "name": "`+all+`"}`),
		"refused 200": always(200, `{"status": false, "message": "`+all+`"}`),
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/token") && r.Method == http.MethodGet {
					reply(w, 200, `{"token": "`+streamToken+`"}`)
					return
				}
				answer(w, r)
			})
			var log []string
			client := newClient(s.URL, maxRetries(1), logInto(&log))
			if _, err := client.StreamToken(t.Context(), "7"); err != nil {
				t.Fatal(err)
			}
			spec := commpeak.StreamSpec{Name: "a", WhatsApp: &commpeak.WhatsAppSettings{BusinessID: "1", AccessToken: accessToken}}
			_, _, updateErr := client.UpdateStream(t.Context(), "7", commpeak.StreamSpec{Name: "b"}, spec)
			_, createErr := client.CreateStream(t.Context(), spec)
			_, readErr := client.Stream(t.Context(), "7")
			for _, err := range []error{updateErr, createErr, readErr} {
				if err == nil {
					t.Fatal("no error")
				}
			}
			shown := errors.Join(updateErr, createErr, readErr).Error() + strings.Join(log, "\n")
			for _, rest := range []string{"0123456789abcdef", "key-01234", "and-more", "EAAG"} {
				if strings.Contains(shown, rest) {
					t.Errorf("%q is shown in:\n%s", rest, shown)
				}
			}
			if len(log) < 4 {
				t.Errorf("the log is too short to have been looked at: %q", log)
			}
		})
	}
}

// TestNoSecretInAnySpelling has a server repeat a credential as proxies and
// their error pages write it.
func TestNoSecretInAnySpelling(t *testing.T) {
	t.Parallel()
	const key = `Kq7/w+9z="<L'&x\ü 0123456789`
	inJSON := strings.Trim(encoded(t, key), `"`)
	for name, spelt := range map[string]string{
		"as it is":          key,
		"query":             url.QueryEscape(key),
		"path":              url.PathEscape(key),
		"JSON":              inJSON,
		"JSON with slashes": strings.ReplaceAll(inJSON, "/", `\/`),
		"HTML":              html.EscapeString(key),
		"twice":             key + key,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					reply(w, 200, `{"token": `+encoded(t, key)+`}`)
					return
				}
				reply(w, 400, `{"detail": `+encoded(t, "begin "+spelt+" end")+`}`)
			})
			client := newClient(s.URL)
			if _, err := client.StreamToken(t.Context(), "7"); err != nil {
				t.Fatal(err)
			}
			_, err := client.ResetStreamToken(t.Context(), "7")
			var failed *commpeak.Error
			if !errors.As(err, &failed) {
				t.Fatalf("not refused: %v", err)
			}
			if shown := strings.ReplaceAll(failed.Detail, "***", ""); shown != "begin  end" {
				t.Errorf("of the key is left: %q", shown)
			}
		})
	}
}

func encoded(t *testing.T, text string) string {
	t.Helper()
	inJSON, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(inJSON)
}

// TestLongSecret has a secret longer than those that are found in parts.
func TestLongSecret(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("0123456789abcdef", 256)
	s := serve(t, always(400, `{"detail": "bad `+key+`, and `+key+`"}`))
	_, err := newClient(s.URL, func(c *commpeak.Config) { c.APIKey = key }).Stream(t.Context(), "7")
	var failed *commpeak.Error
	if !errors.As(err, &failed) || failed.Detail != "bad ***, and ***" {
		t.Errorf("shown: %v", err)
	}
}

// A short secret, such as a header of one letter, would make every text unreadable.
func TestShortSecretsLeaveTextsReadable(t *testing.T) {
	t.Parallel()
	s := serve(t, always(422, `{"detail": "A value that is a name"}`))
	client := newClient(s.URL)
	spec := commpeak.WebhookSpec{URL: "https://example.com", Method: "POST", Headers: []commpeak.Header{{Name: "X", Value: "a", Secret: true}}}
	_, err := client.CreateWebhook(t.Context(), "7", spec)
	mentions(t, err, "A value that is a name")
	equal(t, "secrets", client.Secrets(), []string{apiKey, spec.URL})
}

func TestProxyCredentialsAreRedacted(t *testing.T) {
	t.Parallel()
	client := newClient("http://localhost")
	client.AddProxies(func(name string) string {
		return map[string]string{"https_proxy": "http://clerk:p%2Fssw0rd!!@proxy.example:3128"}[name]
	})
	for _, text := range []string{"p/ssw0rd!!", "clerk:p/ssw0rd!!", "http://clerk:p%2Fssw0rd%21%21@proxy", "Y2xlcms6cC9zc3cwcmQhIQ=="} {
		if shown := client.Redact("begin " + text + " end"); strings.Contains(shown, "ssw0rd") || strings.Contains(shown, "Y2xlcms6") {
			t.Errorf("%s is shown as %s", text, shown)
		}
	}
}
