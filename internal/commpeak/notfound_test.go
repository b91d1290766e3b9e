package commpeak_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// atOtherPath is a service of which the endpoint names another path.
func atOtherPath(w http.ResponseWriter, r *http.Request) {
	reply(w, 404, `{"title": "No route found for `+r.URL.Path+`"}`)
}

// Where the endpoint leads nowhere, nothing is taken for gone.
func TestNothingIsGoneAtAnotherPath(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(context.Context, *commpeak.Client) error{
		"list streams": func(ctx context.Context, c *commpeak.Client) error {
			for _, err := range c.Streams(ctx) {
				return err
			}
			return nil
		},
		"read stream":    func(ctx context.Context, c *commpeak.Client) error { _, err := c.Stream(ctx, "7"); return err },
		"refresh stream": func(ctx context.Context, c *commpeak.Client) error { _, err := c.Stream(ctx, "7"); return err },
		"refresh event": func(ctx context.Context, c *commpeak.Client) error {
			_, err := c.Event(ctx, "7", "1")
			return err
		},
		"refresh webhook": func(ctx context.Context, c *commpeak.Client) error {
			_, err := c.Webhook(ctx, "7", "1")
			return err
		},
		"read token": func(ctx context.Context, c *commpeak.Client) error { _, err := c.StreamToken(ctx, "7"); return err },
		"create stream": func(ctx context.Context, c *commpeak.Client) error {
			_, err := c.CreateStream(ctx, commpeak.StreamSpec{Name: "News", Type: commpeak.Marketing})
			return err
		},
		"delete stream":  func(ctx context.Context, c *commpeak.Client) error { return c.DeleteStream(ctx, "7") },
		"delete event":   func(ctx context.Context, c *commpeak.Client) error { return c.DeleteEvent(ctx, "7", "1") },
		"delete webhook": func(ctx context.Context, c *commpeak.Client) error { return c.DeleteWebhook(ctx, "7", "1") },
		"reset token": func(ctx context.Context, c *commpeak.Client) error {
			_, err := c.ResetStreamToken(ctx, "7")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, atOtherPath)
			err := ask(t.Context(), newcomer(s.URL))
			if !errors.Is(err, commpeak.ErrNotTheAPI) || errors.Is(err, commpeak.ErrNotFound) || !strings.Contains(err.Error(), "even for the list of streams") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Many that meet a 404 at once ask for the list once.
func TestTheEndpointIsCheckedOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, atOtherPath)
	client := newcomer(s.URL, func(c *commpeak.Config) { c.DisableReadCache = true })
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := client.Stream(t.Context(), "7"); !errors.Is(err, commpeak.ErrNotTheAPI) {
				t.Errorf("got %v", err)
			}
		})
	}
	all.Wait()
	equal(t, "requests", s.count(""), 2*20+1)
}

// What is gone is gone where the list is there, and nothing is asked for when
// it is known to be.
func TestGoneWhereTheAPIIs(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/streams" {
			reply(w, 200, `[]`)
			return
		}
		atOtherPath(w, r)
	})
	client := newcomer(s.URL)
	for range 2 {
		if _, err := client.Stream(t.Context(), "7"); !errors.Is(err, commpeak.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	equal(t, "requests", s.count(""), 2*2+1)
}

// Why it is not known whether the API is there is what is reported then, to each
// of those who ask, with what became of the own call.
func TestTheEndpointCannotBeChecked(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/streams" {
			reply(w, 403, `{"title": "IP ACL restriction"}`)
			return
		}
		atOtherPath(w, r)
	})
	client := newcomer(s.URL)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, err := client.Stream(t.Context(), "7")
			expectOutcome(t, err, commpeak.OutcomeNone)
			expectOutcome(t, client.DeleteStream(t.Context(), "7"), commpeak.NotApplied)
		})
	}
	all.Wait()
}

func expectOutcome(t *testing.T, err error, want commpeak.Outcome) {
	t.Helper()
	var failed *commpeak.Error
	if !errors.Is(err, commpeak.ErrForbidden) || !errors.As(err, &failed) || failed.Outcome != want {
		t.Errorf("got %v, %+v", err, failed)
	}
}
