package commpeak_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

func TestRootsWith(t *testing.T) {
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
		"beside a key":        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + certificate,
	} {
		roots, err := commpeak.RootsWith(writeFile(t, text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// Beside them, this machine's own stay.
		want, err := x509.SystemCertPool()
		if err != nil {
			t.Fatal(err)
		}
		want.AddCert(secure.Certificate())
		equal(t, name, roots.Equal(want), true)
		client := newClient(secure.URL, func(c *commpeak.Config) { c.Roots = roots })
		if _, err := client.Stream(t.Context(), "7"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRootsWithWrongFiles(t *testing.T) {
	t.Parallel()
	secure := httptest.NewTLSServer(always(200, streamSeven))
	t.Cleanup(secure.Close)
	certificate := pemOf(secure.Certificate())
	for why, text := range map[string]string{
		"holds no certificate in PEM form":                "",
		"-----BEGIN CERTIFICATE-----":                     string(secure.Certificate().Raw),
		"no certificate":                                  "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
		"certificates: 0 can be read, 1 begin":            certificate[:len(certificate)/2],
		"certificates: 1 can be read, 2 begin":            certificate + certificate[:len(certificate)/2],
		"certificates: 2 can be read, 3 begin":            certificate + strings.Replace(certificate, "M", "?", 1) + certificate,
		"certificate 2":                                   certificate + "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
		`ca.pem" is damaged: x509: malformed certificate`: "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
	} {
		_, err := commpeak.RootsWith(writeFile(t, text))
		mentions(t, err, why)
	}
	_, err := commpeak.RootsWith(filepath.Join(t.TempDir(), "missing.pem"))
	mentions(t, err, `missing.pem" cannot be read: no such file`)
	if strings.Count(err.Error(), "missing.pem") != 1 {
		t.Errorf("names the file more than once: %v", err)
	}
	folder := t.TempDir()
	_, err = commpeak.RootsWith(folder)
	mentions(t, err, folder, "cannot be read", "directory")
}
