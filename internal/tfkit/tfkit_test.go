package tfkit_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// failure is how a read fails when the API, which has a list of streams,
// answers in this way.
func failure(t *testing.T, status int, header map[string]string, body string) error {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/streams" {
			_, _ = w.Write([]byte("[]"))
			return
		}
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	client := commpeak.New(commpeak.Config{APIKey: "key", Endpoint: server.URL, RequestTimeout: 10 * time.Second})
	_, err := client.Stream(context.Background(), "7")
	if err == nil {
		t.Fatal("the read was to fail")
	}
	return err
}

// TestAddErrorGivesAdvice: a problem of the whole account has its own summary.
func TestAddErrorGivesAdvice(t *testing.T) {
	t.Parallel()
	html := map[string]string{"Content-Type": "text/html; charset=utf-8"}
	for _, test := range []struct {
		name    string
		status  int
		header  map[string]string
		body    string
		summary string
		words   []string
	}{
		{"wrong key", 401, nil, `{"message":"invalid token"}`, "CommPeak rejected the API key", []string{"GET /streams/7 returned HTTP 401: invalid token.", "COMMPEAK_API_KEY", "#api-key-rejected"}},
		{"wrong address", 403, nil, `{"message":"IP ACL restriction"}`, "The API key cannot be used from this address", []string{"HTTP 403: IP ACL restriction.", "in the console"}},
		{"no permission", 403, nil, `{"message":"Access denied"}`, "", []string{"HTTP 403: Access denied.", "what the key may do"}},
		{"gone", 404, nil, `{"title":"Not Found"}`, "", []string{"HTTP 404: Not Found.", "Run plan again"}},
		{"rate limit", 429, map[string]string{"Retry-After": "90"}, `{}`, "", []string{"HTTP 429 (Too Many Requests).", "wait 1m30s", "requests_per_second"}},
		{"rate limit without a time", 429, nil, ``, "", []string{"an empty body", "requests_per_second"}},
		{"server error", 503, nil, `{"message":"down"}`, "", []string{"HTTP 503: down.", "not in your configuration"}},
		{"login page", 200, html, "<html>", "Unexpected response from the CommPeak endpoint", []string{"text/html instead of JSON", "endpoint"}},
		{"broken", 200, nil, `{"id":`, "Unexpected response from the CommPeak endpoint", []string{"6 bytes of broken JSON"}},
		{"request ID", 500, map[string]string{"X-Request-Id": "abc-7"}, `{}`, "", []string{"HTTP 500 (Internal Server Error).\nRequest ID: abc-7"}},
		{"no such field", 422, nil, `{"violations":[{"propertyPath":"colour","message":"no such colour"}]}`, "", []string{"CommPeak rejected this: Colour: no such colour."}},
		{"400", 400, nil, `{}`, "", []string{"Change the value"}},
		{"402", 402, nil, `{}`, "", []string{"balance"}},
		{"406", 406, nil, `{}`, "", []string{"does not return JSON", "headers"}},
		{"407", 407, html, `<html>`, "", []string{"HTTPS_PROXY"}},
		{"408", 408, nil, `{}`, "", []string{"too slowly"}},
		{"409", 409, nil, `{"detail":"changed"}`, "", []string{"HTTP 409: changed.", "Run plan again"}},
		{"410", 410, nil, `{}`, "", []string{"no longer exists"}},
		{"413", 413, nil, `{}`, "", []string{"too large", "Shorten"}},
		{"415", 415, nil, `{}`, "", []string{"does not accept the format"}},
		{"418", 418, nil, `{}`, "", []string{"CommPeak's support"}},
		{"421", 421, nil, `{}`, "", []string{"not responsible for this host"}},
		{"423", 423, nil, `{}`, "", []string{"locked"}},
		{"425", 425, nil, `{}`, "", []string{"new connection"}},
		{"431", 431, nil, `{}`, "", []string{"headers", "API key"}},
		{"451", 451, nil, `{}`, "", []string{"legal reasons"}},
		{"499", 499, nil, `{}`, "", []string{"HTTP 499.", "timeout of the proxy"}},
		{"505", 505, nil, `{}`, "", []string{"version of HTTP"}},
		{"511", 511, html, `<html>`, "", []string{"requires a login"}},
		{"520", 520, nil, `{}`, "", []string{"returned HTTP 520.", "problem at CommPeak"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			tfkit.AddError(&diags, "Could not read", failure(t, test.status, test.header, test.body))
			if len(diags) != 1 || diags[0].Summary() != cmp.Or(test.summary, "Could not read") {
				t.Fatalf("diagnostics: %v", diags)
			}
			for _, word := range test.words {
				if !strings.Contains(diags[0].Detail(), word) {
					t.Errorf("the detail does not contain %q:\n%s", word, diags[0].Detail())
				}
			}
		})
	}
}

// TestAddReadErrorOfManyObjects: a problem of the account has the same text for all of its objects, and a problem
// of an object names it.
func TestAddReadErrorOfManyObjects(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err   func(streamID string) error
		alike bool
		words []string
	}{
		"wrong key":      {answering(t, 401, `{"message":"Not Authenticated: invalid token"}`), true, []string{"HTTP 401: Not Authenticated", "COMMPEAK_API_KEY"}},
		"a web page":     {answering(t, 200, `<html>`), true, []string{"endpoint"}},
		"not reached":    {unreachable(t), true, []string{"refused", "COMMPEAK_ENDPOINT"}},
		"wrong address":  {answering(t, 403, `{"message":"IP ACL restriction"}`), false, []string{"GET /streams/7 returned HTTP 403: IP ACL restriction.", "in the console"}},
		"no permission":  {answering(t, 403, `{"message":"Access denied"}`), false, []string{"GET /streams/7 returned HTTP 403", "what the key may do"}},
		"server error":   {answering(t, 500, `{"message":"oops"}`), false, []string{"GET /streams/7 returned", "Request ID: for /streams/7"}},
		"unknown values": {func(string) error { return errors.New("the provider configuration contains unknown values") }, true, []string{"The provider configuration contains unknown values."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			for _, id := range []string{"7", "8"} {
				tfkit.AddReadError(&diags, "Could not read the stream "+id, test.err(id))
			}
			// What is there already is not added again.
			if alike := len(diags) == 1; alike != test.alike {
				t.Fatalf("diagnostics: %v", diags)
			}
			for _, word := range test.words {
				if !strings.Contains(diags[0].Detail(), word) {
					t.Errorf("the detail does not contain %q:\n%s", word, diags[0].Detail())
				}
			}
		})
	}
}

// answering is how reads of streams fail that the API answers in this way,
// each with a request id of its own.
func answering(t *testing.T, status int, body string) func(streamID string) error {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "for "+r.URL.Path)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return reading(server.URL)
}

// unreachable is how reads of streams fail if no server listens.
func unreachable(t *testing.T) func(streamID string) error {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	return reading(server.URL)
}

func reading(endpoint string) func(streamID string) error {
	client := commpeak.New(commpeak.Config{APIKey: "key", Endpoint: endpoint, RequestTimeout: 10 * time.Second})
	return func(streamID string) error {
		_, err := client.Stream(context.Background(), streamID)
		return err
	}
}

func TestAddErrorPutsViolationsOnTheirAttributes(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	tfkit.AddError(&diags, "Could not create", failure(t, 422, map[string]string{"X-Request-Id": "abc-8"}, `{"title":"Invalid","violations":[
		{"propertyPath":"name","message":"too short"},
		{"propertyPath":"otpSettings.sendingLimit.periodSeconds","message":"too long"},
		{"propertyPath":"streamTags[1].value","message":"too odd"}]}`), tfkit.Fields{
		"name": path.Root("name"), "streamTags": path.Root("tags"),
		"otpSettings.sendingLimit.periodSeconds": path.Root("otp").AtName("sending_limit").AtName("period_seconds"),
	})
	want := map[string]string{
		path.Root("name").String(): "too short",
		path.Root("otp").AtName("sending_limit").AtName("period_seconds").String(): "too long",
		path.Root("tags").String(): "too odd",
	}
	if len(diags) != len(want) {
		t.Fatalf("%d diagnostics: %v", len(diags), diags)
	}
	for _, d := range diags {
		at, ok := d.(diag.DiagnosticWithPath)
		if !ok {
			t.Fatalf("%v is on no attribute", d)
		}
		message, known := want[at.Path().String()]
		if !known || !strings.Contains(strings.ToLower(d.Detail()), message) || !strings.Contains(d.Detail(), "abc-8") {
			t.Errorf("at %s: %s", at.Path(), d.Detail())
		}
	}
}

// A violation of a known field and one of an unknown field: the error contains both.
func TestAddErrorLosesNoViolation(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	tfkit.AddError(&diags, "Could not create", failure(t, 422, nil,
		`{"violations":[{"propertyPath":"name","message":"too short"},{"propertyPath":"colour","message":"unknown"},{"propertyPath":"","message":"all wrong"}]}`))
	text := fmt.Sprint(diags)
	for _, word := range []string{"oo short", "olour: unknown", "ll wrong"} {
		if !strings.Contains(text, word) {
			t.Errorf("%q is lost: %s", word, text)
		}
	}
}

func TestAddErrorOfAnotherKind(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	tfkit.AddError(&diags, "Could not", errors.New("it rains"))
	if len(diags) != 1 || diags[0].Detail() != "It rains." {
		t.Errorf("diagnostics: %v", diags)
	}
}

// Diagnostics that are passed by value lose what is appended. The
// helper is called as the operations call it, two functions deep.
func TestDiagnosticsAreNotLost(t *testing.T) {
	t.Parallel()
	operation := func(diags *diag.Diagnostics) { tfkit.AddError(diags, "Could not", errors.New("it rains")) }
	var resp struct{ Diagnostics diag.Diagnostics }
	operation(&resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		t.Error("the error is lost")
	}
	tfkit.SessionFrom("no client", &resp.Diagnostics)
	if resp.Diagnostics.ErrorsCount() != 2 {
		t.Error("the error of the client is lost")
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("token", 20)
	print1, err := tfkit.NewFingerprint(long)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(print1)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(encoded), "token") {
		t.Errorf("the fingerprint shows the secret: %s", encoded)
	}
	read := tfkit.DecodeFingerprint(encoded)
	if read == nil || !read.Matches(long) || read.Matches(long+"2") || read.Matches("") {
		t.Error("the fingerprint does not tell its secret from others")
	}
	if print2, _ := tfkit.NewFingerprint(long); bytes.Equal(print2.Hash, print1.Hash) {
		t.Error("two fingerprints of one secret are alike: there is no salt")
	}
	for _, text := range []string{"", "null", "{}", "[]", "x"} {
		if tfkit.DecodeFingerprint([]byte(text)) != nil {
			t.Errorf("%q was read as a fingerprint", text)
		}
	}
	text := print1.String()
	if strings.Contains(text, "token") {
		t.Errorf("the fingerprint shows the secret: %s", text)
	}
	if read := tfkit.ParseFingerprint(text); read == nil || !read.Matches(long) || read.Matches(long+"2") {
		t.Error("the text of a fingerprint does not tell its secret from others")
	}
	for _, text := range []string{"", ".", "AAAA", "AAAA.", "AAAA.!", "!.AAAA"} {
		if tfkit.ParseFingerprint(text) != nil {
			t.Errorf("%q was read as a fingerprint", text)
		}
	}
}

func TestIsStreamID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"1": true, "4711": true, "": false, "0": false, "007": false, "-1": false, "7a": false, "7\n": false, "/streams/7": false} {
		if tfkit.IsStreamID(text) != want {
			t.Errorf("IsStreamID(%q) is %t", text, !want)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	if got := tfkit.Time(&moment).ValueString(); got != "2026-02-03T04:05:06Z" {
		t.Errorf("Time is %q", got)
	}
	if !tfkit.Time(nil).IsNull() {
		t.Error("no time is not null")
	}
}

// FuzzFingerprint: what is read of a state is no fingerprint, or the one that was
// written.
func FuzzFingerprint(f *testing.F) {
	for _, text := range []string{"", "c2FsdA.aGFzaA", ".aGFzaA", "c2FsdA.", `{"salt":"c2FsdA==","hash":"aGFzaA=="}`, `{"hash":""}`, "null", "a.b.c"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if read := tfkit.ParseFingerprint(text); read != nil {
			if again := tfkit.ParseFingerprint(read.String()); again == nil || !bytes.Equal(again.Salt, read.Salt) || !bytes.Equal(again.Hash, read.Hash) {
				t.Errorf("%q is %+v, and then %+v", text, read, again)
			}
		}
		if read := tfkit.DecodeFingerprint([]byte(text)); read != nil {
			written, err := json.Marshal(read)
			if err != nil {
				t.Fatal(err)
			}
			if again := tfkit.DecodeFingerprint(written); again == nil || !bytes.Equal(again.Salt, read.Salt) || !bytes.Equal(again.Hash, read.Hash) {
				t.Errorf("%q is %+v, and then %+v", text, read, again)
			}
		}
	})
}
