package session_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

func TestVerifyStream(t *testing.T) {
	t.Parallel()
	const (
		mine      = `{"id":7,"streamUid":"u-7","name":"News","type":"marketing"}`
		anonymous = `{"id":7,"name":"News","type":"marketing"}`
	)
	for name, test := range map[string]struct {
		status   int
		body     string
		uid      string
		want     error
		requests int
	}{
		"the same stream":          {200, mine, "u-7", nil, 2},
		"a different stream":       {200, mine, "u-8", session.ErrDifferentAccount, 2},
		"a state without a UID":    {200, mine, "", nil, 0},
		"an API without UIDs":      {200, anonymous, "u-7", nil, 2},
		"a stream that is missing": {404, `{"title":"Not Found"}`, "u-7", nil, 0},
		"a stream that is refused": {403, `{"title":"Forbidden"}`, "u-7", commpeak.ErrForbidden, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, asked := begin(t, reachable(func(w http.ResponseWriter, r *http.Request) {
					body := test.body
					if strings.HasSuffix(r.URL.Path, "/streams") && test.status == 200 {
						body = "[" + body + "]"
					}
					reply(w, test.status, body)
				}))
				var workers sync.WaitGroup
				for range 5 {
					workers.Go(func() {
						if err := client.VerifyStream(t.Context(), "7", test.uid); !errors.Is(err, test.want) {
							t.Errorf("got %v, want %v", err, test.want)
						}
					})
				}
				workers.Wait()
				if got := asked.count(""); test.status == 200 && got > test.requests {
					t.Errorf("%d requests, more than %d", got, test.requests)
				}
			})
		})
	}
}
