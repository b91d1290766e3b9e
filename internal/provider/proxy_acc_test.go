package provider_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// commpeakName is a host that no name server knows: a proxy alone leads there.
const commpeakName = "commpeak.invalid"

// A company's proxy that looks into TLS stands between Terraform and the API.
func TestAccBehindAProxy(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	certificate, authority := issue(t, commpeakName, time.Now().Add(time.Hour))
	proxy := newProxy(t, secured(t, account.MessagingEndpoint, certificate))
	work := acctest.NewWorkspace(t, account)
	work.Write("ca.pem", authority)
	work.Write("provider.tf", requirements+`
		provider "commpeak" {
			endpoint = "https://`+commpeakName+`/textpeak"
			ca_file  = "ca.pem"
		}
	`)
	work.Write("main.tf", stream)
	work.Setenv("HTTPS_PROXY", proxy.URL)

	work.Run("apply", "-auto-approve")
	work.Check()
	if asked := proxy.hosts(); len(asked) == 0 || slices.ContainsFunc(asked, func(host string) bool { return host != commpeakName+":443" }) {
		t.Errorf("the proxy was asked for %q", asked)
	}

	// Its authority is not known.
	work.Write("provider.tf", requirements+`
		provider "commpeak" {
			endpoint = "https://`+commpeakName+`/textpeak"
		}
	`)
	expectRefusal(t, work, "certificate", "ca_file (COMMPEAK_CA_FILE)")

	work.Setenv("COMMPEAK_CA_FILE", "missing.pem")
	expectRefusal(t, work, "Invalid COMMPEAK_CA_FILE", `"missing.pem" cannot be read`)

	// Without the proxy, nothing leads there.
	before := len(proxy.hosts())
	work.Setenv("COMMPEAK_CA_FILE", "ca.pem")
	work.Setenv("NO_PROXY", commpeakName)
	expectRefusal(t, work, "Could not connect to CommPeak", commpeakName)
	if got := len(proxy.hosts()) - before; got != 0 {
		t.Errorf("in spite of NO_PROXY, the proxy was asked %d times", got)
	}
}

// expectRefusal demands that a plan fails with these words.
func expectRefusal(t *testing.T, work *acctest.Workspace, words ...string) {
	t.Helper()
	if text, err := work.Try("plan"); err == nil || !says(words...).MatchString(text) {
		t.Errorf("the plan does not fail with %q: %v\n%s", words, err, text)
	}
}

// proxy is an HTTP proxy that leads every tunnel to one address.
type proxy struct {
	*httptest.Server
	target string

	mu    sync.Mutex
	asked []string
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	p := &proxy{target: target}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// hosts are those that tunnels were asked for.
func (p *proxy) hosts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Host)
	p.mu.Unlock()
	server, err := net.Dial("tcp", p.target)
	if err != nil || r.Method != http.MethodConnect {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = server.Close() }()
	w.WriteHeader(http.StatusOK)
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = client.Close() }()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	_, _ = io.Copy(client, server)
}

// secured serves what is at the URL over TLS, and returns its address.
func secured(t *testing.T, behind string, certificate tls.Certificate) string {
	t.Helper()
	target, err := url.Parse(behind)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(target))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// issue returns a certificate for the host, and that of the authority which it
// comes from, in PEM form.
func issue(t *testing.T, host string, until time.Time) (certificate tls.Certificate, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(template, parent *x509.Certificate) []byte {
		template.SerialNumber, template.NotAfter = big.NewInt(1), until
		raw, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	root := &x509.Certificate{IsCA: true, BasicConstraintsValid: true}
	raw := sign(root, root)
	leaf := sign(&x509.Certificate{DNSNames: []string{host}}, root)
	return tls.Certificate{Certificate: [][]byte{leaf}, PrivateKey: key},
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
}
