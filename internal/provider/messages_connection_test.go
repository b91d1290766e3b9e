package provider_test

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// connectionSituations are those in which no request reaches a server.
var connectionSituations = map[string]situation{
	"unreachable-certificate": {story: "The certificate of the server is not trusted.", play: func(s *scene) {
		s.meets(serveTLS(s.t, nil).URL, nil)
	}},
	"unreachable-expired": {story: "The certificate of the server has expired.", play: func(s *scene) {
		certificate, _ := issue(s.t, "gw.commpeak.test", time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
		s.meets(serveTLS(s.t, func(c *tls.Config) { c.Certificates = []tls.Certificate{certificate} }).URL, nil)
	}},
	"unreachable-name": {story: "The certificate of the server is for a different host.", play: func(s *scene) {
		s.meets(strings.Replace(serveTLS(s.t, nil).URL, "127.0.0.1", "localhost", 1), nil)
	}},
	"unreachable-client-certificate": {story: "The server demands a certificate of the client.", play: func(s *scene) {
		server := serveTLS(s.t, func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert })
		s.meets(server.URL, acctest.Values{"ca_file": certificateFile(s.t, server)})
	}},
	"unreachable-tls-version": {story: "The server supports only old versions of TLS.", play: func(s *scene) {
		s.meets(serveTLS(s.t, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }).URL, nil)
	}},
	"unreachable-no-tls": {story: "The server at the port does not use TLS.", play: func(s *scene) {
		server := httptest.NewServer(http.HandlerFunc(html))
		s.t.Cleanup(server.Close)
		s.meets(strings.Replace(server.URL, "http:", "https:", 1), nil)
	}},
	"proxy-password": {story: "The proxy demands a password.", play: func(s *scene) {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
		s.t.Cleanup(proxy.Close)
		s.meetsProxy(proxy.URL)
	}},
	"proxy-closed": {story: "Nothing listens where the proxy is configured.", play: func(s *scene) {
		s.meetsProxy("http://" + closedPort(s.t))
	}},
}

// meets lists the streams of the endpoint.
func (s *scene) meets(endpoint string, config acctest.Values) {
	s.t.Helper()
	config = maps.Clone(config)
	if config == nil {
		config = acctest.Values{}
	}
	config["endpoint"], config["max_retries"] = endpoint, 0
	acctest.ExpectNone(s.t, s.Configure(config))
	s.lists()
}

// meetsProxy lists streams through a proxy.
func (s *scene) meetsProxy(proxy string) {
	s.t.Helper()
	address, err := url.Parse(proxy)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Protocol = acctest.Serve(s.t, s.Env, func(c *commpeak.Config) {
		c.Transport = func(network http.RoundTripper) http.RoundTripper {
			network.(*http.Transport).Proxy = http.ProxyURL(address)
			return network
		}
	})
	s.meets("https://gw.commpeak.test/textpeak", nil)
}

func serveTLS(t *testing.T, configure func(*tls.Config)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(html))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	if configure != nil {
		configure(server.TLS)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func certificateFile(t *testing.T, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
