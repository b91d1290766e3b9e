package commpeak_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// read asks for stream 7 of a server with one answer, and returns the failure.
func read(t *testing.T, answer http.HandlerFunc) *commpeak.Error {
	t.Helper()
	s := serve(t, answer)
	_, err := newClient(s.URL, maxRetries(0)).Stream(t.Context(), "7")
	var failed *commpeak.Error
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want an Error", err)
	}
	requests := 1
	if errors.Is(err, commpeak.ErrNotFound) {
		requests = 2 // It is confirmed.
	}
	equal(t, "requests", s.count(""), requests)
	return failed
}

func TestKindsOfRefusal(t *testing.T) {
	t.Parallel()
	kinds := []error{commpeak.ErrNotFound, commpeak.ErrNotAuthenticated, commpeak.ErrForbidden, commpeak.ErrNotTheAPI, commpeak.ErrWritesNotOffered, commpeak.ErrReadOnly}
	for status, want := range map[int]error{
		400: nil, 401: commpeak.ErrNotAuthenticated, 403: commpeak.ErrForbidden, 404: commpeak.ErrNotFound,
		409: nil, 422: nil, 429: nil, 500: nil, 502: nil, 503: nil, 504: nil,
	} {
		err := read(t, always(status, `{"title": "T", "detail": "the words"}`))
		equal(t, "status", err.Status, status)
		equal(t, "operation", err.Operation, "read stream 7")
		equal(t, "detail", err.Detail, "the words")
		equal(t, "sent", err.Sent, true)
		equal(t, "text", err.Error(), fmt.Sprintf("read stream 7: HTTP %d: the words", status))
		for _, kind := range kinds {
			equal(t, fmt.Sprintf("HTTP %d is %q", status, kind), errors.Is(err, kind), errors.Is(want, kind))
		}
	}
}

func TestWordsOfARefusal(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message": "Not Authenticated: invalid token"}`:                "Not Authenticated: invalid token",
		`{"error": "IP ACL restriction"}`:                                "IP ACL restriction",
		`{"detail": "the name is taken", "title": "An error occurred"}`:  "the name is taken",
		`{"title": "Not Found", "type": "/errors/404", "status": 400}`:   "Not Found",
		`{"error": true, "message": "words"}`:                            "words",
		`{"error": {"code": 7, "message": "inner words"}}`:               "inner words",
		`{"message": {"error": "inner words"}, "violations": "none"}`:    "inner words",
		`{"message": null, "error": "", "detail": {}, "title": "Title"}`: "Title",
		`{"message": ["a"], "error": 7}`:                                 "",
		`{}`:                                                             "",
		`{"message": "two\nlines \t and\u0000 \u001b[31mmore"}`:          "two lines and [31mmore",
		``:                           "the answer is an empty body",
		`{"message": "cut of`:        "the answer is 19 bytes of broken JSON",
		`[{"message": "in a list"}]`: "the answer is JSON of a different shape than expected",
		`"words"`:                    "the answer is JSON of a different shape than expected",
		`null`:                       "the answer is JSON of a different shape than expected",
		`{"message": "` + strings.Repeat("ä", 5000) + `"}`:                 strings.Repeat("ä", 600) + "…",
		`{"message": "` + strings.Repeat("x ", 300) + `                "}`: strings.TrimSpace(strings.Repeat("x ", 300)),
	} {
		if got := read(t, always(400, body)).Detail; got != want {
			t.Errorf("%.80s:\ngot  %.80q\nwant %.80q", body, got, want)
		}
	}
}

// A violation has the API's own name of the field, without the index of a list's entry.
func TestViolationsHaveThePathsOfTheAPI(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"name": "name", "defaultSender": "defaultSender", "streamTags": "streamTags", "streamTags[0]": "streamTags", "streamTags[0].value": "streamTags",
		"otpSettings.codeTtl": "otpSettings.codeTtl", "otpSettings.sendingLimit.messages": "otpSettings.sendingLimit.messages",
	} {
		err := read(t, always(422, `{"detail": "D", "violations": [{"propertyPath": "`+path+`", "message": "is wrong", "code": "c"}]}`))
		equal(t, path, err.Violations, []commpeak.Violation{{Path: want, Message: "is wrong"}})
		equal(t, "text", err.Error(), "read stream 7: HTTP 422: D: "+want+": is wrong")
	}
}

func TestViolationsOfOtherForms(t *testing.T) {
	t.Parallel()
	for violations, want := range map[string][]commpeak.Violation{
		`[{"propertyPath": "callerId", "message": "is wrong"}]`:            {{Path: "callerId", Message: "is wrong"}},
		`[{"propertyPath": "", "message": "is wrong"}]`:                    {{Message: "is wrong"}},
		`[{"message": "is wrong"}]`:                                        {{Message: "is wrong"}},
		`[{"propertyPath": "name"}, {"propertyPath": [], "message": "m"}]`: {{Path: "name"}, {Message: "m"}},
		`[{"propertyPath": "name", "message": "a"}, {"propertyPath": "name", "message": "b"}]`: {
			{Path: "name", Message: "a"}, {Path: "name", Message: "b"},
		},
		`[]`: nil, `null`: nil, `{}`: nil, `"none"`: nil,
	} {
		err := read(t, always(422, `{"violations": `+violations+`, "detail": "D"}`))
		equal(t, violations, err.Violations, want)
		equal(t, "detail", err.Detail, "D")
	}
}

// TestOtherAnswers: what is not the API's own words is described, not quoted.
func TestOtherAnswers(t *testing.T) {
	t.Parallel()
	html := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			fmt.Fprint(w, "<html>page</html>")
		}
	}
	for _, c := range []struct {
		name      string
		answer    http.HandlerFunc
		notTheAPI bool
		says      string
	}{
		{"page", html(200), true, "17 bytes of text/html instead of JSON"},
		{"page with an error", html(502), false, "17 bytes of text/html instead of JSON"},
		// Nothing is gone because something else than the API does not know it.
		{"page not found", html(404), true, "17 bytes of text/html instead of JSON"},
		{"empty, not found", always(404, ``), true, "an empty body"},
		{"list, not found", always(404, `[]`), true, "a different shape"},
		{"empty", always(200, ``), true, "an empty body"},
		{"blank", always(200, ` `), true, "broken JSON"},
		{"broken", always(200, `{"id": 7`), true, "8 bytes of broken JSON"},
		{"other shape", always(200, `[{"id": 7}]`), true, "a different shape"},
		{"no id", always(200, `{"name": "News"}`), true, "a different shape"},
		{"null", always(200, `null`), true, "a different shape"},
		{"two documents", always(200, streamSeven+streamSeven), true, "broken JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := read(t, c.answer)
			equal(t, "not the API", errors.Is(err, commpeak.ErrNotTheAPI), c.notTheAPI)
			equal(t, "not found", errors.Is(err, commpeak.ErrNotFound), false)
			mentions(t, err, c.says)
			if strings.Contains(err.Error(), "News") || strings.Contains(err.Error(), "<") {
				t.Errorf("the answer is quoted: %v", err)
			}
		})
	}
}

func TestOversizedAnswers(t *testing.T) {
	t.Parallel()
	const most = 16 << 20
	for size, says := range map[int]string{most: "16777216 bytes", most + 1: "more than 16 MiB"} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprint(w, strings.Repeat("x", size))
		})
		_, err := newClient(s.URL).Stream(t.Context(), "7")
		if !errors.Is(err, commpeak.ErrNotTheAPI) {
			t.Errorf("got %v", err)
		}
		mentions(t, err, says)
		equal(t, "requests", s.count("GET"), 1)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-RequestId", "CF-Ray"} {
		for _, c := range []struct {
			status int
			body   string
		}{{500, `{}`}, {200, `<html>`}, {422, `{"violations": [{"message": "m"}]}`}} {
			err := read(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set(header, "id-1")
				reply(w, c.status, c.body)
			})
			equal(t, header, err.RequestID, "id-1")
			mentions(t, err, "(request id id-1)")
		}
	}
	equal(t, "none", read(t, always(500, `{}`)).RequestID, "")
}

func TestCauseIsWhatKeptTheAnswer(t *testing.T) {
	t.Parallel()
	equal(t, "answered", read(t, always(500, `{}`)).Cause(), "")
	if cause := read(t, always(200, `<html>`)).Cause(); !strings.Contains(cause, "broken JSON") {
		t.Errorf("got %q", cause)
	}
}

func TestRetryAfterIsReported(t *testing.T) {
	t.Parallel()
	err := read(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		reply(w, 429, `{}`)
	})
	if err.RetryAfter == nil || *err.RetryAfter != 20*time.Second {
		t.Errorf("got %v", err.RetryAfter)
	}
	if got := read(t, always(429, `{}`)).RetryAfter; got != nil {
		t.Errorf("got %v", got)
	}
}

func FuzzRefusal(f *testing.F) {
	f.Add(422, "application/json", []byte(`{"detail": "D", "violations": [{"propertyPath": "streamTags[0].value", "message": "`+apiKey+`"}]}`))
	f.Add(404, "text/html", []byte(`<html>`))
	f.Add(307, "", []byte(``))
	f.Add(500, "application/problem+json", []byte(`{"message": {"message": {"error": []}}, "error": 7}`))
	f.Add(400, apiKey, []byte(apiKey))
	client := newClient("http://localhost")
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		err := client.ErrorFromResponse(status, http.Header{"Content-Type": {contentType}, "X-Request-Id": {contentType}}, body)
		if text := err.Error(); strings.Contains(text, apiKey) {
			t.Errorf("the API key is shown: %s", text)
		}
		isReadable(t, err.Error())
		if count := len([]rune(err.Detail)); count > 700 {
			t.Errorf("%d characters of detail", count)
		}
	})
}
