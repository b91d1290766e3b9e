package commpeak_test

import (
	"errors"
	"fmt"
	"net/http"
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
		"other shape": always(200, `{"id": "`+all+`", "name": []}`),
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
