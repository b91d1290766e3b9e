package commpeak_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// pemOf is the certificate of a server, in PEM form.
func pemOf(certificate *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}))
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRootCAs(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(always(200, streamSeven))
	secure.Config.ErrorLog = discard
	secure.StartTLS()
	t.Cleanup(secure.Close)
	_, err := newClient(secure.URL).Stream(t.Context(), "7")
	mentions(t, err, "certificate")

	certificate := pemOf(secure.Certificate())
	for name, text := range map[string]string{
		"one":                 certificate,
		"among others' words": "# ours\nsubject=ACME\n" + certificate + "and that was it",
		"twice":               certificate + certificate,
		"with line ends":      strings.ReplaceAll(certificate, "\n", "\r\n"),
		"next to a key":       "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + certificate,
	} {
		roots, err := commpeak.ReadRootCAs(writeFile(t, text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// The authorities of this machine stay.
		want, err := x509.SystemCertPool()
		if err != nil {
			t.Fatal(err)
		}
		want.AddCert(secure.Certificate())
		equal(t, name, roots.Equal(want), true)
		client := newClient(secure.URL, func(c *commpeak.Config) { c.RootCAs = roots })
		if _, err := client.Stream(t.Context(), "7"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRootCAsOfWrongFiles(t *testing.T) {
	t.Parallel()
	secure := httptest.NewTLSServer(always(200, streamSeven))
	t.Cleanup(secure.Close)
	for why, text := range map[string]string{
		"holds no certificate in PEM form": "",
		"-----BEGIN CERTIFICATE-----":      string(secure.Certificate().Raw),
		"no certificate":                   "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
	} {
		_, err := commpeak.ReadRootCAs(writeFile(t, text))
		mentions(t, err, why)
	}
	_, err := commpeak.ReadRootCAs(filepath.Join(t.TempDir(), "missing.pem"))
	mentions(t, err, `missing.pem" cannot be read: no such file`)
	if strings.Count(err.Error(), "missing.pem") != 1 {
		t.Errorf("names the file more than once: %v", err)
	}
	folder := t.TempDir()
	_, err = commpeak.ReadRootCAs(folder)
	mentions(t, err, folder, "cannot be read", "directory")
}

// serveTLS is a TLS server with a configuration, and a client that trusts its
// certificate.
func serveTLS(t *testing.T, configure func(*tls.Config)) (*httptest.Server, *commpeak.Client, *atomic.Int32) {
	t.Helper()
	var connections atomic.Int32
	s := httptest.NewUnstartedServer(always(200, streamSeven))
	s.Config.ErrorLog = discard
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.TLS = &tls.Config{}
	configure(s.TLS)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, newClient(s.URL, func(c *commpeak.Config) { c.RootCAs = roots }), &connections
}

// A handshake that fails has a typed reason, had no effect, and is not repeated.
func TestFailedHandshakes(t *testing.T) {
	t.Parallel()
	for want, configure := range map[error]func(*tls.Config){
		commpeak.ErrClientCertificate: func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert },
		commpeak.ErrTLSVersion:        func(c *tls.Config) { c.MaxVersion = tls.VersionTLS11 },
		commpeak.ErrTLS: func(c *tls.Config) { // TLS 1.2 has no alert for it.
			c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
		},
	} {
		s, client, connections := serveTLS(t, configure)
		_, err := client.CreateStream(t.Context(), news)
		var failed *commpeak.Error
		if !errors.Is(err, want) || !errors.As(err, &failed) || failed.Sent || failed.MaybeApplied() {
			t.Errorf("%s: want %v, got %v", s.URL, want, err)
		}
		equal(t, want.Error(), connections.Load(), 1)
	}
	s, _, _ := serveTLS(t, func(*tls.Config) {})
	_, err := newClient(s.URL).Stream(t.Context(), "7")
	wantError(t, "unknown authority", err, commpeak.ErrCertificateUntrusted)
	_, client, _ := serveTLS(t, func(*tls.Config) {})
	client.Transport().TLSClientConfig.ServerName = "elsewhere.test"
	_, err = client.Stream(t.Context(), "7")
	wantError(t, "wrong name", err, commpeak.ErrCertificateName)
	_, client, _ = serveTLS(t, func(*tls.Config) {})
	client.Transport().TLSClientConfig.Time = func() time.Time { return time.Now().AddDate(100, 0, 0) }
	_, err = client.Stream(t.Context(), "7")
	wantError(t, "expired", err, commpeak.ErrCertificateExpired)
}

// behindProxy is a client whose proxy is at the URL.
func behindProxy(t *testing.T, proxy string) *commpeak.Client {
	t.Helper()
	client := newClient("https://gw.commpeak.test")
	address, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	client.Transport().Proxy = http.ProxyURL(address)
	return client
}

// A proxy that refuses is not asked again; one that fails for the moment is. The error names the proxy.
func TestProxiesThatDoNotConnect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, requests int
		want             error
	}{
		{302, 1, commpeak.ErrProxyRefused},
		{403, 1, commpeak.ErrProxyRefused},
		{407, 1, commpeak.ErrProxyRefused},
		{502, 3, nil},
		{200, 1, commpeak.ErrNotTLS}, // A page of HTML follows.
	} {
		proxy := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte("<html>Log in to the network</html>"))
		})
		_, err := behindProxy(t, proxy.URL).Stream(t.Context(), "7")
		if c.status != 200 {
			mentions(t, err, fmt.Sprint("the proxy ", proxy.Listener.Addr(), " answered HTTP ", c.status))
		}
		for _, kind := range []error{commpeak.ErrProxyRefused, commpeak.ErrNotTLS} {
			equal(t, fmt.Sprint(kind, " after HTTP ", c.status), errors.Is(err, kind), errors.Is(kind, c.want))
		}
		equal(t, fmt.Sprint("requests after HTTP ", c.status), proxy.count(""), c.requests)
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	_, err := behindProxy(t, closed.URL).Stream(t.Context(), "7")
	wantError(t, "closed proxy", err, commpeak.ErrProxyUnreachable)
	mentions(t, err, closed.Listener.Addr().String())
}
