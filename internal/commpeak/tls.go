package commpeak

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// Reasons why no connection was made, for errors.Is.
var (
	// ErrProxyRefused is a proxy that does not let the request through.
	ErrProxyRefused = errors.New("the proxy refused the connection")
	// ErrProxyUnreachable is a proxy that no connection was made to.
	ErrProxyUnreachable = errors.New("the proxy was not reached")
	// ErrNotTLS is a server or a proxy that answers with something other than TLS.
	ErrNotTLS = errors.New("the server does not answer with TLS")
	// ErrClientCertificate is a server that demands a certificate of the client.
	ErrClientCertificate = errors.New("the server demands a client certificate")
	// ErrTLSVersion is a server that supports only versions of TLS before 1.2.
	ErrTLSVersion = errors.New("the server does not support TLS 1.2 or later")
	// ErrCertificateExpired is a certificate of the server that is not valid now.
	ErrCertificateExpired = errors.New("the certificate is expired or not valid yet")
	// ErrCertificateName is a certificate of the server for a different name.
	ErrCertificateName = errors.New("the certificate is for a different name")
	// ErrCertificateUntrusted is a certificate of an authority that this machine
	// does not trust.
	ErrCertificateUntrusted = errors.New("the certificate is not trusted")
	// ErrTLS is any other failure to agree on a connection.
	ErrTLS = errors.New("the TLS handshake failed")
)

// ReadRootCAs returns the authorities that this machine trusts and those in the PEM
// file, as for a proxy that inspects TLS.
func ReadRootCAs(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file) //nolint:gosec // The user names it.
	if err != nil {
		if wrapped, is := errors.AsType[*fs.PathError](err); is {
			err = wrapped.Err
		}
		return nil, fmt.Errorf("%q cannot be read: %w", file, err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("the authorities that this machine trusts cannot be read: %w", err)
	}
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%q holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----", file)
	}
	return roots, nil
}

// proxyError is the answer of a proxy that does not connect.
type proxyError struct {
	host   string
	status int
}

func (e *proxyError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the proxy %s answered HTTP %d %s", e.host, e.status, http.StatusText(e.status)))
}

// Is reports whether the proxy refused, and did not only fail for the moment.
func (e *proxyError) Is(target error) bool {
	return target == ErrProxyRefused && e.status < 500 && e.status != http.StatusTooManyRequests
}

func checkProxy(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{proxy.Host, answer.StatusCode}
}

// connectionKind returns which of the reasons above the failure has; nil for none.
func connectionKind(err error) error {
	var (
		verification *tls.CertificateVerificationError
		invalid      x509.CertificateInvalidError
		name         x509.HostnameError
		network      *net.OpError
		notTLS       tls.RecordHeaderError
	)
	hasOp := errors.As(err, &network)
	switch {
	case errors.Is(err, ErrProxyRefused):
		return ErrProxyRefused
	case hasOp && network.Op == "proxyconnect":
		return ErrProxyUnreachable
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &notTLS):
		return ErrNotTLS
	case errors.As(err, &name):
		return ErrCertificateName
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ErrCertificateExpired
	case errors.As(err, &verification):
		return ErrCertificateUntrusted
	}
	// Package tls has no type for these.
	text := err.Error()
	isAlert := hasOp && network.Op == "remote error"
	switch {
	case isAlert && (strings.Contains(text, "certificate required") || strings.Contains(text, "bad certificate")):
		return ErrClientCertificate
	case isAlert && strings.Contains(text, "protocol version"), strings.Contains(text, "unsupported protocol version"):
		return ErrTLSVersion
	case isAlert:
		return ErrTLS
	}
	return nil
}
