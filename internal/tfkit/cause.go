package tfkit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// guide is the page that explains the errors; see [cause].
const guide = "https://registry.terraform.io/providers/commpeak/commpeak/latest/docs/guides/troubleshooting"

// cause is why a call failed, as users read it.
type cause struct {
	// summary replaces the summary of the caller, if the whole account has this problem.
	summary string
	// advice is what to do.
	advice string
	// section is the anchor in [guide].
	section string
}

// causeOf returns why a call failed. The zero cause is an error that needs no advice.
func causeOf(failed *commpeak.Error, err error) cause {
	if failed.Messaging {
		if found, is := causeOfSend(failed, err); is {
			return found
		}
	}
	for _, row := range causes {
		if errors.Is(err, row.kind) {
			row.cause.advice = strings.ReplaceAll(row.cause.advice, "{endpoint}", endpointOf(failed))
			return row.cause
		}
	}
	switch {
	case errors.Is(err, commpeak.ErrMaybeCreated):
		return maybeCreated(failed)
	case errors.Is(err, commpeak.ErrNotOffered):
		return refusedRead(failed)
	case errors.Is(err, commpeak.ErrWritesNotOffered):
		return cause{advice: refusedWrite(failed), section: "writes-refused"}
	case failed.Interrupted:
		return cause{advice: "The command was interrupted before the request was repeated. Run it again."}
	case failed.Status != 0:
		return causeOfStatus(failed)
	}
	return causeOfConnection(failed, err)
}

// causes are the kinds of failure that need no more than their name. The first that fits is used.
var causes = []struct {
	kind  error
	cause cause
}{
	{commpeak.ErrReadOnly, cause{
		advice:  "To let the provider write, remove read_only from its configuration and unset COMMPEAK_READ_ONLY.",
		section: "read-only-provider",
	}},
	{commpeak.ErrProxyRefused, cause{
		"The proxy refused the connection to CommPeak",
		"Allow the host of {endpoint} in the proxy. The proxy comes from HTTPS_PROXY, which may contain its user name and password; " +
			"hosts in NO_PROXY are reached directly.",
		"proxy-refused",
	}},
	{commpeak.ErrProxyUnreachable, cause{
		"The proxy was not reached",
		"Check the environment variable HTTPS_PROXY. Hosts in NO_PROXY are reached directly.",
		"proxy-refused",
	}},
	{commpeak.ErrClientCertificate, cause{
		"The server demands a client certificate",
		"CommPeak does not require client certificates, and the provider cannot send one. Check {endpoint}, and any proxy or gateway in between.",
		"tls-handshake-failed",
	}},
	{commpeak.ErrTLSVersion, cause{
		"The server does not support TLS 1.2",
		"The provider requires TLS 1.2 or later. Check {endpoint}, and any proxy or gateway in between.",
		"tls-handshake-failed",
	}},
	{commpeak.ErrNotTLS, cause{
		"The server does not answer with TLS",
		"Something other than a TLS server answers. Check the host and port of {endpoint}, and the proxy in HTTPS_PROXY.",
		"tls-handshake-failed",
	}},
	{commpeak.ErrTLS, cause{
		"The TLS handshake failed",
		"The server, or a gateway in front of it, ended the handshake. Check {endpoint}, and any proxy in between.",
		"tls-handshake-failed",
	}},
	{commpeak.ErrCertificateExpired, cause{
		"The server's TLS certificate has expired",
		"Check the clock of this machine. If it is right, the certificate must be renewed by those who operate the server or the proxy.",
		"tls-certificate-not-trusted",
	}},
	{commpeak.ErrCertificateName, cause{
		"The TLS certificate is for a different host",
		"A different server answers under this name. Check the host of {endpoint}, the name resolution, and any proxy in between.",
		"tls-certificate-not-trusted",
	}},
	{commpeak.ErrCertificateUntrusted, cause{
		"The server's TLS certificate is not trusted",
		"If a proxy inspects TLS, set ca_file (COMMPEAK_CA_FILE) to the file of its CA certificate. Otherwise check {endpoint}.",
		"tls-certificate-not-trusted",
	}},
	{commpeak.ErrNotTheAPI, cause{
		"Unexpected response from the CommPeak endpoint",
		"A login page, a proxy or a different server may be answering instead of the API. Check {endpoint}, and HTTPS_PROXY if a proxy is used. " +
			"No object is treated as deleted because of such a response.",
		"not-an-answer-of-the-api",
	}},
	{commpeak.ErrNotAuthenticated, cause{
		"CommPeak rejected the API key",
		"Set api_key or COMMPEAK_API_KEY to the account's API key (console: Settings > API Keys), without \"Bearer\". The token of a stream does not work here.",
		"api-key-rejected",
	}},
}

// maybeCreated is a create or reset whose outcome is not known.
func maybeCreated(failed *commpeak.Error) cause {
	object := objectOf(failed)
	if object.resourceType == "" || object.resourceType == tokenResource {
		return cause{advice: "Look in the console for what was created.", section: "create-without-a-response"}
	}
	return cause{
		advice: "Look for the " + object.name + " in the console. If it does not exist, run apply again, which creates it. If this run created it, import it:\n\n" +
			importBlock(object.resourceType, object.importID),
		section: "create-without-a-response",
	}
}

// causeOfConnection returns why there was no response.
func causeOfConnection(failed *commpeak.Error, err error) cause {
	var network net.Error
	isReset := strings.HasSuffix(failed.Path, "/token") && failed.Method == http.MethodPost
	switch {
	case errors.Is(err, context.Canceled):
		return cause{}
	case failed.Outcome == commpeak.MaybeApplied && isReset:
		return cause{advice: "Senders may already be failing. Run apply again: it resets the token and passes the new one on.", section: "token-reset-without-a-response"}
	case failed.Outcome == commpeak.MaybeApplied && failed.Method != http.MethodPost:
		return cause{advice: "Run plan again: it shows only what still differs. Applying a change twice is safe. " + slowAdvice, section: "change-without-a-response"}
	case failed.Sent:
		return cause{advice: "Run this again. " + slowAdvice, section: "slow-responses"}
	case errors.As(err, &network):
		return cause{
			"Could not connect to CommPeak",
			"Check " + endpointOf(failed) + ", the name resolution, and any firewall or proxy (HTTPS_PROXY) in between.", "connection-refused",
		}
	}
	return cause{}
}

const slowAdvice = "If it happens often, increase request_timeout in the provider's configuration, or check the network."

// endpointOf names the setting that decides where the call goes, and its value.
func endpointOf(failed *commpeak.Error) string {
	setting := "endpoint (COMMPEAK_ENDPOINT)"
	if failed.Messaging {
		setting = "messaging_endpoint (COMMPEAK_MESSAGING_ENDPOINT)"
	}
	if name, variable, _ := strings.Cut(setting, " "); failed.Endpoint != "" {
		return fmt.Sprintf("%s = %q %s", name, failed.Endpoint, variable)
	}
	return setting
}
