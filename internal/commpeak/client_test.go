package commpeak_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		commpeak.DefaultEndpoint:        commpeak.DefaultEndpoint,
		"https://api.example":           "https://api.example",
		"https://api.example/":          "https://api.example",
		"https://api.example/base//":    "https://api.example/base",
		"HTTPS://api.example:8443/a%2F": "https://api.example:8443/a%2F",
		"http://127.0.0.1:8080/":        "http://127.0.0.1:8080",
		"http://127.1.2.3":              "http://127.1.2.3",
		"http://[::1]:8080":             "http://[::1]:8080",
		"http://localhost:8080":         "http://localhost:8080",
		"http://LOCALHOST":              "http://LOCALHOST",
	} {
		got, err := commpeak.ParseEndpoint(text)
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", text, got, err, want)
		}
	}
	for text, why := range map[string]string{
		"":                                 "absolute URL",
		"api.example":                      "absolute URL",
		"api.example:443/x":                "absolute URL",
		"//api.example":                    "absolute URL",
		"/textpeak":                        "absolute URL",
		"https://":                         "absolute URL",
		"https:///textpeak":                "absolute URL",
		"https:api.example":                "absolute URL",
		"ftp://api.example":                "absolute URL",
		" https://api.example":             "not a URL",
		"https://api.example:port":         "not a URL",
		"https://api example":              "not a URL",
		"http://[::1%25\xd3]":              "not a URL",
		"https://me:secret@api.example":    "user name",
		"https://me@api.example":           "user name",
		"https://api.example?a=b":          "query",
		"https://api.example/?":            "query",
		"https://api.example#part":         "fragment",
		"http://api.example":               "https://",
		"http://192.168.0.1":               "https://",
		"http://0.0.0.0":                   "https://",
		"http://localhost.example":         "https://",
		"http://127.0.0.1.example":         "https://",
		"http://[2001:db8::1]":             "https://",
		"http://me:secret@localhost/path/": "user name",
	} {
		got, err := commpeak.ParseEndpoint(text)
		if err == nil {
			t.Errorf("%q: accepted as %q", text, got)
			continue
		}
		mentions(t, err, why)
	}
}

// everyCall makes each call of a client once.
func everyCall(client *commpeak.Client) map[string]error {
	ctx := context.Background()
	failures := map[string]error{}
	for _, err := range client.Streams(ctx) {
		failures["Streams"] = err
	}
	for _, err := range client.Senders(ctx) {
		failures["Senders"] = err
	}
	_, failures["Stream"] = client.Stream(ctx, "7")
	_, failures["StreamToken"] = client.StreamToken(ctx, "7")
	maps.Copy(failures, everyWrite(client))
	return failures
}

func everyWrite(client *commpeak.Client) map[string]error {
	ctx := context.Background()
	failures := map[string]error{}
	_, failures["CreateStream"] = client.CreateStream(ctx, commpeak.StreamSpec{Name: "a", Type: commpeak.Marketing})
	_, _, failures["UpdateStream"] = client.UpdateStream(ctx, "7", commpeak.StreamSpec{Name: "a"}, commpeak.StreamSpec{Name: "b"})
	failures["DeleteStream"] = client.DeleteStream(ctx, "7")
	_, failures["ResetStreamToken"] = client.ResetStreamToken(ctx, "7")
	return failures
}

func TestUnconfiguredClientSaysWhy(t *testing.T) {
	t.Parallel()
	why := errors.New("the API key is not known yet")
	client := commpeak.NewUnconfigured(why)
	equal(t, "configured", client.IsConfigured(), false)
	calls := everyCall(client)
	equal(t, "calls", len(calls), 8)
	for name, err := range calls {
		if !errors.Is(err, why) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestReadOnlySendsNoWrite(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, streamSeven))
	client := newClient(s.URL, func(c *commpeak.Config) { c.ReadOnly = true })
	equal(t, "ReadOnly", client.ReadOnly(), true)
	equal(t, "configured", client.IsConfigured(), true)
	for name, err := range everyWrite(client) {
		if !errors.Is(err, commpeak.ErrReadOnly) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	equal(t, "requests", s.lines(), []string{})

	if _, err := client.Stream(t.Context(), "7"); err != nil {
		t.Errorf("a read is refused: %v", err)
	}
}
