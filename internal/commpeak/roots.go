package commpeak

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// RootsWith returns the authorities that this machine trusts and those in the
// PEM file beside them, as for a proxy that looks into TLS.
func RootsWith(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the user names it.
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
	const kind = "CERTIFICATE"
	found := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != kind {
			continue
		}
		found++
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d in %q is damaged: %w", found, file, err)
		}
		roots.AddCert(certificate)
	}
	switch begun := bytes.Count(text, []byte("-----BEGIN "+kind+"-----")); {
	case begun != found:
		return nil, fmt.Errorf("%q has damaged certificates: %d can be read, %d begin", file, found, begun)
	case found == 0:
		return nil, fmt.Errorf("%q holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----", file)
	}
	return roots, nil
}
