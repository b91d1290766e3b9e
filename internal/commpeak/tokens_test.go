package commpeak_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestStreamToken(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `{"token": "token-of-seven", "later": 1}`))
	client := newClient(s.URL)
	token, err := client.StreamToken(t.Context(), "7")
	if err != nil || token != "token-of-seven" {
		t.Errorf("shown: %q, %v", token, err)
	}
	token, err = client.ResetStreamToken(t.Context(), "7")
	if err != nil || token != "token-of-seven" {
		t.Errorf("reset: %q, %v", token, err)
	}
	equal(t, "requests", s.lines(), []string{"GET /streams/7/token", "POST /streams/7/token"})
	if secrets := client.Secrets(); !slices.Contains(secrets, token) || !slices.Contains(secrets, apiKey) {
		t.Errorf("secrets: %q", secrets)
	}
}

func TestAnswerWithoutToken(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"token": null}`, `{"token": ""}`, `{"token": {}}`, `"token-of-seven"`, `null`, ``} {
		s := serve(t, always(200, body))
		_, err := newClient(s.URL).StreamToken(t.Context(), "7")
		if !errors.Is(err, commpeak.ErrNotTheAPI) {
			t.Errorf("%s: got %v", body, err)
		}
		mentions(t, err, "show the token of stream 7")
	}
}

// TestTokenNotFound tells a stream that is gone from an answer that only says so:
// a token that was taken for gone would never be reset again.
func TestTokenNotFound(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]bool{"gone": true, "still there": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/streams/7" && !gone {
					reply(w, 200, streamSeven)
					return
				}
				reply(w, 404, `{"title": "no"}`)
			})
			_, err := newClient(s.URL).StreamToken(t.Context(), "7")
			if err == nil || errors.Is(err, commpeak.ErrNotFound) != gone {
				t.Errorf("got %v", err)
			}
			equal(t, "requests", s.lines(), []string{"GET /streams/7/token", "GET /streams/7"})
		})
	}
}

// TestResetOfATokenNotFound tells a stream that is gone from an API that has no
// resets.
func TestResetOfATokenNotFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name               string
		status, readStatus int
		want               error
		reads              int
	}{
		{"gone", 404, 404, commpeak.ErrNotFound, 1},
		{"no writes", 404, 200, commpeak.ErrWritesNotOffered, 1},
		{"method not allowed", 405, 200, commpeak.ErrWritesNotOffered, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					reply(w, c.status, `{"title": "no"}`)
					return
				}
				reply(w, c.readStatus, streamSeven)
			})
			_, err := newClient(s.URL).ResetStreamToken(t.Context(), "7")
			if !errors.Is(err, c.want) || errors.Is(err, commpeak.ErrNotFound) != errors.Is(c.want, commpeak.ErrNotFound) {
				t.Errorf("got %v", err)
			}
			equal(t, "reads", s.count("GET"), c.reads)
		})
	}
}
