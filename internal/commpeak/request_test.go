package commpeak_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestRequestsAreWellFormed(t *testing.T) {
	t.Parallel()
	const none = ""
	for _, c := range []struct {
		method, contentType string
		call                func(*commpeak.Client) error
	}{
		{"GET", none, func(client *commpeak.Client) error { _, err := client.Stream(t.Context(), "7"); return err }},
		{"DELETE", none, func(client *commpeak.Client) error { return client.DeleteStream(t.Context(), "7") }},
		{"POST", none, func(client *commpeak.Client) error {
			_, err := client.ResetStreamToken(t.Context(), "7")
			return err
		}},
		{"POST", "application/json", func(client *commpeak.Client) error { _, err := client.CreateStream(t.Context(), news); return err }},
		{"PATCH", "application/merge-patch+json", func(client *commpeak.Client) error {
			_, _, err := client.UpdateStream(t.Context(), "7", commpeak.StreamSpec{}, news)
			return err
		}},
	} {
		s := serve(t, always(200, `{"id": 7, "token": "t"}`))
		if err := c.call(newClient(s.URL)); err != nil {
			t.Errorf("%s: %v", c.method, err)
		}
		got := s.of(c.method)
		if len(got) != 1 || s.count("") != 1 {
			t.Fatalf("%s: requests %v", c.method, s.lines())
		}
		header := got[0].Header
		equal(t, "Authorization, which takes no Bearer", header["Authorization"], []string{apiKey})
		equal(t, "User-Agent", header["User-Agent"], []string{"test/1"})
		equal(t, "Accept", header["Accept"], []string{"application/json"})
		equal(t, c.method+" Content-Type", header.Get("Content-Type"), c.contentType)
		equal(t, c.method+" body", got[0].Body != "", c.contentType != none)
	}
}

func TestIDsAreOnePathSegment(t *testing.T) {
	t.Parallel()
	for id, segment := range map[string]string{
		"7": "7", "../7": "..%2F7", "7/token": "7%2Ftoken", "a b": "a%20b", "%2f": "%252f", "7?x=y": "7%3Fx=y", "7#x": "7%23x", "...": "...", "ä": "%C3%A4", "7\n": "7%0A",
	} {
		s := serve(t, always(200, `{"id": 7, "token": "t"}`))
		client := newClient(s.URL + "/base%2Fpath")
		_, eventErr := client.Event(t.Context(), "7", id)
		_, webhookErr := client.Webhook(t.Context(), "7", id)
		if err := errors.Join(eventErr, webhookErr); err != nil {
			t.Errorf("%q: %v", id, err)
		}
		equal(t, id, s.lines(), []string{"GET /base%2Fpath/streams/7/events/" + segment, "GET /base%2Fpath/streams/7/webhooks/" + segment})
	}
	for _, id := range []string{"", ".", "..", "orders", "/streams/7", "7/token", "7.5", "-7"} {
		s := serve(t, always(200, streamSeven))
		client := newClient(s.URL)
		_, readErr := client.Stream(t.Context(), id)
		_, _, updateErr := client.UpdateStream(t.Context(), id, commpeak.StreamSpec{}, news)
		for _, err := range []error{readErr, updateErr, client.DeleteStream(t.Context(), id)} {
			mentions(t, err, fmt.Sprintf("%q is not ", id), "ID")
		}
		equal(t, fmt.Sprintf("%q", id), s.lines(), []string{})
	}
}

// TestRedirectsOnTheSameHost are followed, with all that the request had.
func TestRedirectsOnTheSameHost(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/") {
				w.Header().Set("Location", r.URL.Path+"/")
				w.WriteHeader(status)
				return
			}
			reply(w, 200, streamSeven)
		})
		client := newClient(s.URL)
		if _, err := client.Stream(t.Context(), "7"); err != nil {
			t.Errorf("GET, HTTP %d: %v", status, err)
		}
		equal(t, "read", s.lines(), []string{"GET /streams/7", "GET /streams/7/"})
		equal(t, "credential", s.of("GET")[1].Header.Get("Authorization"), apiKey)

		_, err := client.CreateStream(t.Context(), news)
		posts := s.of("POST")
		if status < 307 {
			// The redirect would turn the POST into a GET: it is not followed.
			if !errors.Is(err, commpeak.ErrNotTheAPI) || errors.Is(err, commpeak.ErrMaybeCreated) || len(posts) != 1 || s.count("GET") != 2 {
				t.Errorf("POST, HTTP %d: %v, %v", status, err, s.lines())
			}
			mentions(t, err, fmt.Sprint("HTTP ", status), "redirect")
			continue
		}
		if err != nil || len(posts) != 2 {
			t.Fatalf("POST, HTTP %d: %v, %v", status, err, s.lines())
		}
		equal(t, "credential", posts[1].Header.Get("Authorization"), apiKey)
		equal(t, "body", posts[1].Body, posts[0].Body)
		equal(t, "content type", posts[1].Header.Get("Content-Type"), "application/json")
	}
}

// TestRedirectsElsewhereCarryNoCredential: nothing at all is sent to another
// host, another port or over plain http.
func TestRedirectsElsewhereCarryNoCredential(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, always(200, streamSeven))
	_, port, _ := net.SplitHostPort(elsewhere.Listener.Addr().String())
	for name, target := range map[string]string{
		"another port":         elsewhere.URL + "/streams/7",
		"another host":         "http://localhost:" + port + "/streams/7",
		"without a scheme":     "//127.0.0.1:" + port + "/streams/7",
		"with a user":          "http://me:secret@127.0.0.1:" + port + "/streams/7",
		"another host, folded": "HTTP://LOCALHOST:" + port + "/streams/7",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", target)
				w.WriteHeader(status)
			})
			client := newClient(s.URL)
			_, readErr := client.Stream(t.Context(), "7")
			_, createErr := client.CreateStream(t.Context(), news)
			for _, err := range []error{readErr, createErr, client.DeleteStream(t.Context(), "7")} {
				if !errors.Is(err, commpeak.ErrNotTheAPI) || errors.Is(err, commpeak.ErrMaybeCreated) {
					t.Errorf("%s, HTTP %d: %v", name, status, err)
				}
				mentions(t, err, "redirect")
			}
			equal(t, name, s.lines(), []string{"GET /streams/7", "POST /streams", "DELETE /streams/7"})
		}
	}
	equal(t, "requests elsewhere", elsewhere.lines(), []string{})
}

func TestRedirectFromHTTPSToHTTP(t *testing.T) {
	t.Parallel()
	plain := serve(t, always(200, streamSeven))
	var target string
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", target)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	secure.Config.ErrorLog = discard
	secure.StartTLS()
	t.Cleanup(secure.Close)
	client := newClient(secure.URL)
	client.SetTransport(secure.Client().Transport)
	for _, target = range []string{plain.URL + "/streams/7", "http" + strings.TrimPrefix(secure.URL, "https")} {
		_, err := client.Stream(t.Context(), "7")
		if !errors.Is(err, commpeak.ErrNotTheAPI) {
			t.Errorf("to %s: %v", target, err)
		}
	}
	equal(t, "requests in clear text", plain.lines(), []string{})
}

func TestRedirectsInACircle(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Path)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	_, err := newClient(s.URL).Stream(t.Context(), "7")
	mentions(t, err, "redirect")
	if n := s.count("GET"); n < 2 || n > 10 {
		t.Errorf("%d requests", n)
	}
}

// TestOddAnswers are answers that no API gives. None is taken for an object, and none is asked for again.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, header, value string
		status              int
		says                string
	}{
		{"redirect without Location", "X-None", "", 302, "HTTP 302 without a Location"},
		{"redirect to no URL", "Location", "http://[::1", 302, "a Location that is not a URL"},
		{"brotli", "Content-Encoding", "br", 200, "compressed with br, which was not asked for"},
		{"deflate", "Content-Encoding", "deflate", 200, "compressed with deflate, which was not asked for"},
		{"part of an answer", "Content-Range", "bytes 0-1/2", 206, "only a part"},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set(c.header, c.value)
			w.WriteHeader(c.status)
			if c.status == 206 {
				_, _ = w.Write([]byte(streamSeven))
			} else {
				_, _ = w.Write([]byte("\x1b\x02\x00"))
			}
		})
		_, err := newClient(s.URL).Stream(t.Context(), "7")
		wantError(t, c.name, err, commpeak.ErrNotTheAPI)
		mentions(t, err, c.says)
		equal(t, c.name+": requests", s.count("GET"), 1)
	}
}

// TestIdleConnectionsForAllWorkers: Terraform runs ten workers, and
// http.Transport by itself would keep but two of their connections.
func TestIdleConnectionsForAllWorkers(t *testing.T) {
	t.Parallel()
	const workers = 10
	var opened atomic.Int64
	// Answers wait until all workers have asked, so that each needs its own
	// connection.
	var gate sync.WaitGroup
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		gate.Done()
		gate.Wait()
		reply(w, 200, streamSeven)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	client := newClient(s.URL)
	for range 5 {
		gate.Add(workers)
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				if _, err := client.Stream(t.Context(), "7"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	// A connection becomes idle a moment after its answer is read, so that now
	// and then one more is opened; with two idle ones it would be 42.
	if n := opened.Load(); n < workers || n > 2*workers {
		t.Errorf("%d connections for %d workers", n, workers)
	}
	if n := client.Transport().MaxIdleConnsPerHost; n < workers {
		t.Errorf("keeps %d idle connections per host", n)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(always(200, streamSeven))
	secure.Config.ErrorLog = discard
	secure.StartTLS()
	t.Cleanup(secure.Close)
	old := httptest.NewUnstartedServer(always(200, streamSeven))
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.Config.ErrorLog = discard
	old.StartTLS()
	t.Cleanup(old.Close)
	plain := serve(t, always(200, streamSeven))

	trusting := func(c *commpeak.Client, s *httptest.Server) {
		roots := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		c.Transport().TLSClientConfig.RootCAs = roots
	}
	const some = -1
	for _, c := range []struct {
		name     string
		endpoint string
		trust    *httptest.Server
		attempts int
		says     string
	}{
		{"trusted", secure.URL, secure, 1, ""},
		{"unknown authority", secure.URL, nil, 1, "certificate"},
		{"plain http behind https", "https" + strings.TrimPrefix(plain.URL, "http"), nil, 1, "HTTP response to HTTPS client"},
		{"TLS 1.1", old.URL, old, some, "version"},
	} {
		var log []string
		client := newClient(c.endpoint, logInto(&log))
		if c.trust != nil {
			trusting(client, c.trust)
		}
		_, err := client.Stream(t.Context(), "7")
		if c.says != "" {
			mentions(t, err, c.says)
		} else if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.attempts != some {
			equal(t, c.name+": attempts", attempts(log), c.attempts)
		}
	}
}

func TestLogHasNoHeadersOrBodies(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Secret", "in-the-header")
		reply(w, 200, `{"id": 7, "name": "in-the-answer"}`)
	})
	var log []string
	client := newClient(s.URL, logInto(&log))
	_, err := client.CreateStream(t.Context(), commpeak.StreamSpec{Name: "in-the-body", Type: commpeak.OTP})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Event(t.Context(), "7", "in-the-path")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(log, "\n")
	equal(t, "lines", len(log), 2)
	for _, words := range []string{"method:POST", "path:/streams", "method:GET", "path:/streams/{id}/events/{eventId}", "status:200", "duration_ms:"} {
		if !strings.Contains(all, words) {
			t.Errorf("%q is not in the log:\n%s", words, all)
		}
	}
	for _, secret := range []string{"in-the", apiKey, "Authorization"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q is in the log:\n%s", secret, all)
		}
	}
}
