package session_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"testing"
)

var discard = log.New(io.Discard, "", 0)

// TestLostReset loses the answer to a reset, in each way, that the API
// carried out or did not. It is sent once, and the truth comes out.
func TestLostReset(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]http.HandlerFunc{
		"dropped":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"in trouble":   always(502, `{"message": "down"}`),
		"no token":     always(200, `{}`),
		"not the API":  always(200, `<html>`),
		"asks to wait": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "0"); reply(w, 503, `{}`) },
	} {
		for _, carriedOut := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, carried out: %t", name, carriedOut), func(t *testing.T) {
				t.Parallel()
				current := "token-one"
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet {
						reply(w, 200, `{"token": "`+current+`"}`)
						return
					}
					if carriedOut {
						current = "token-two"
					}
					lose(w, r)
				})
				s.Config.ErrorLog = discard
				token, err := newSession(s.URL).ResetStreamToken(t.Context(), "7", "token-one")
				if carriedOut && (err != nil || token != "token-two") {
					t.Errorf("got %q, %v", token, err)
				}
				if !carriedOut {
					mentions(t, err, "reset the token of stream 7")
				}
				equal(t, "requests", s.lines(), []string{"POST /streams/7/token", "GET /streams/7/token"})
			})
		}
	}
}

// TestResetThatIsNotLookedFor is refused, or has nothing to be compared with,
// or cannot be looked for.
func TestResetThatIsNotLookedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before string
		status       int
		requests     []string
	}{
		{"refused", "token-one", 422, []string{"POST /streams/7/token"}},
		{"nothing known", "", 503, []string{"POST /streams/7/token"}},
		{"no way to look", "token-one", 503, []string{"POST /streams/7/token", "GET /streams/7/token"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					reply(w, c.status, `{"title": "not today"}`)
					return
				}
				reply(w, 403, `{"message": "IP ACL restriction"}`)
			})
			_, err := newSession(s.URL).ResetStreamToken(t.Context(), "7", c.before)
			mentions(t, err, "reset the token of stream 7", "not today")
			equal(t, "requests", s.lines(), c.requests)
		})
	}
}
