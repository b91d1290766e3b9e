package session_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// Each call for a new stream, or for a new object of it, waits until it is visible.
func TestEachCallWaitsForANewObject(t *testing.T) {
	t.Parallel()
	const missing = 5 * time.Second
	for name, call := range map[string]func(context.Context, *session.Session) error{
		"stream":  func(ctx context.Context, s *session.Session) error { _, err := s.Stream(ctx, "7"); return err },
		"refresh": func(ctx context.Context, s *session.Session) error { _, err := s.GetStream(ctx, "7"); return err },
		"token":   func(ctx context.Context, s *session.Session) error { _, err := s.StreamToken(ctx, "7"); return err },
		"token reset": func(ctx context.Context, s *session.Session) error {
			_, err := s.ResetStreamToken(ctx, "7", "")
			return err
		},
		"allowed IP": func(ctx context.Context, s *session.Session) error { return s.AddAllowedIP(ctx, "7", "198.51.100.7") },
		"event": func(ctx context.Context, s *session.Session) error {
			_, err := s.CreateEvent(ctx, "7", commpeak.EventSpec{Key: "k8"})
			return err
		},
		"event, read": func(ctx context.Context, s *session.Session) error {
			_, err := s.CreateEvent(ctx, "7", commpeak.EventSpec{Key: "k8"})
			_, readErr := s.Event(ctx, "7", "8")
			return errors.Join(err, readErr)
		},
		"webhook, read": func(ctx context.Context, s *session.Session) error {
			_, err := s.CreateWebhook(ctx, "7", commpeak.WebhookSpec{URL: "https://example.com"})
			_, readErr := s.Webhook(ctx, "7", "8")
			return errors.Join(err, readErr)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				created := map[string]time.Time{} // by the path of the object.
				client, _ := virtual(t, func(w http.ResponseWriter, r *http.Request) {
					path := strings.TrimPrefix(r.URL.Path, "/streams")
					for object, at := range created {
						if strings.HasPrefix(path, object) && time.Since(at) < missing {
							reply(w, 404, `{"title": "Not Found"}`)
							return
						}
					}
					isNew := r.Method == http.MethodPost && !strings.HasSuffix(path, "/token")
					switch {
					case path == "" && isNew:
						created["/7"] = time.Now()
						reply(w, 201, streamSeven)
					case isNew:
						created[path+"/8"] = time.Now()
						reply(w, 201, object(8))
					case strings.HasSuffix(path, "/token"):
						reply(w, 200, `{"token": "t0k3n"}`)
					case strings.HasSuffix(path, "/8"):
						reply(w, 200, object(8))
					case path == "/7" && r.Method == http.MethodPatch:
						reply(w, 200, strings.Replace(streamSeven, "}", `, "ipAcl": "198.51.100.7"}`, 1))
						created["patched"] = time.Now()
					case path == "/7" && !created["patched"].IsZero():
						reply(w, 200, strings.Replace(streamSeven, "}", `, "ipAcl": "198.51.100.7"}`, 1))
					case path == "/7":
						reply(w, 200, streamSeven)
					default:
						reply(w, 200, `[]`)
					}
				})
				if _, err := client.CreateStream(t.Context(), news); err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				if err := call(t.Context(), client); err != nil {
					t.Error(err)
				}
				if took := time.Since(begin); took < missing {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}
