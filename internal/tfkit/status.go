package tfkit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// statusAdvice is what to do about the statuses that nothing else explains.
var statusAdvice = map[int]string{
	http.StatusBadRequest:          "CommPeak rejected the request. Change the value that it names, and apply again.",
	http.StatusUnprocessableEntity: "CommPeak rejected the request. Change the value that it names, and apply again.",
	http.StatusPaymentRequired:     "Check the balance of the account in the console.",
	http.StatusNotAcceptable:       "The server does not return JSON here. Check the provider's endpoint, and any proxy that changes headers.",
	http.StatusProxyAuthRequired:   "A proxy demands a user name and a password. Set them in HTTPS_PROXY.",
	http.StatusRequestTimeout:      "The request arrived too slowly. Run this again, and check the network if it happens often.",
	http.StatusConflict:            "The account has changed, or the change conflicts with a different object. Run plan again to see the current state.",
	http.StatusGone:                "The object or the API call no longer exists. Run plan again. If the console still shows the object, update the provider.",
	http.StatusRequestEntityTooLarge: "The request is too large for the API or for a proxy. Shorten the object, for example its texts, headers or list of allowed IPs, " +
		"or raise the limit of the proxy.",
	http.StatusUnsupportedMediaType:        "The API does not accept the format of the request. Update the provider, or open an issue.",
	http.StatusMisdirectedRequest:          "The server is not responsible for this host. Check the provider's endpoint, and any proxy in between.",
	http.StatusLocked:                      "The object is locked. Wait until the other change is finished, and apply again.",
	http.StatusTooEarly:                    "The server does not accept the request on a new connection yet. Run this again.",
	http.StatusRequestHeaderFieldsTooLarge: "The headers of the request are too large. Check the length of the API key, and any proxy that adds headers.",
	http.StatusUnavailableForLegalReasons:  "Access is blocked for legal reasons. Ask CommPeak's support or those who operate the network.",
	499:                                    "A proxy closed the connection before CommPeak answered. Run this again. If it happens often, raise the timeout of the proxy.",
	http.StatusHTTPVersionNotSupported:     "The server or a proxy does not support this version of HTTP. Check the provider's endpoint, and any proxy in between.",
	http.StatusNetworkAuthenticationRequired: "The network requires a login. Sign in with a browser on this machine, and run this again. " +
		"In a pipeline, use a network that does not require it.",
}

// causeOfStatus returns what to do about a response with an HTTP status outside the 2xx range.
func causeOfStatus(failed *commpeak.Error) cause {
	switch status := failed.Status; {
	case isAddressRefused(failed):
		return cause{
			"The API key cannot be used from this address",
			"Allow the address that this runs at for the API key in the console, or run from an allowed address.", "address-not-allowed",
		}
	case status == http.StatusForbidden:
		return cause{advice: "The API key is valid, but does not permit this. Check in the console (Settings > API Keys) what the key may do."}
	case status == http.StatusNotFound:
		return cause{advice: "It no longer exists in this account. Run plan again to see the current state.", section: "object-not-found"}
	case status == http.StatusTooManyRequests:
		return cause{advice: rateLimitAdvice(failed), section: "rate-limit"}
	case statusAdvice[status] != "":
		return cause{advice: statusAdvice[status]}
	case status >= 500:
		return cause{advice: "This is a problem at CommPeak, not in your configuration. Run this again later.", section: "server-error"}
	}
	return cause{advice: "CommPeak rejected the request. If the reason is not clear, ask CommPeak's support."}
}

// isAddressRefused reports whether the API rejects the address that the request came from.
func isAddressRefused(failed *commpeak.Error) bool {
	return failed.Status == http.StatusForbidden && strings.Contains(strings.ToUpper(failed.Message()), "IP ACL")
}

func rateLimitAdvice(failed *commpeak.Error) string {
	const avoid = "set requests_per_second in the provider's configuration, or lower -parallelism."
	if failed.RetryAfter == nil {
		return "CommPeak receives too many requests of this account: " + avoid
	}
	return fmt.Sprintf("CommPeak asks clients to wait %s, which max_retries or operation_timeout does not allow. Run this again after that time. "+
		"To avoid this, %s", formatDuration(*failed.RetryAfter), avoid)
}
