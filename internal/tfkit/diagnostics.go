package tfkit

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// AddError reports a failed operation to the user: what failed, what the
// service said, and what to do. Fields that the service refuses are reported on
// the attributes they name.
//
// Diagnostics are passed by pointer: appending to a copy would lose the error.
func AddError(diags *diag.Diagnostics, summary string, err error) {
	var failed *commpeak.Error
	if !errors.As(err, &failed) {
		diags.AddError(summary, sentence(err.Error()))
		return
	}
	rest := make([]string, 0, len(failed.Violations))
	for _, violation := range failed.Violations {
		if violation.Field == "" {
			rest = append(rest, violation.Message)
			continue
		}
		diags.AddAttributeError(AttributePath(violation.Field), summary,
			"The service refuses this value: "+sentence(violation.Message)+reference(failed))
	}
	if len(failed.Violations) > 0 && len(rest) == 0 {
		return
	}
	parts := []string{said(failed, err) + reference(failed)}
	for _, message := range rest {
		parts = append(parts, "The service refuses: "+sentence(message))
	}
	if advice := advise(failed, err); advice != "" {
		parts = append(parts, advice)
	}
	diags.AddError(summary, strings.Join(parts, "\n\n"))
}

// AddReadError is [AddError] for an object that could not be refreshed. What
// ails the whole account is told in the same words for each of its objects,
// since Terraform shows equal errors of a plan once: one line names the key that
// is wrong, not forty.
func AddReadError(diags *diag.Diagnostics, summary string, err error) {
	const unread = "Could not read the CommPeak account"
	var failed *commpeak.Error
	switch {
	case !errors.As(err, &failed): // No call could be made at all.
		AddError(diags, unread, err)
	case ailsAccount(failed):
		alike := *failed
		alike.Operation, alike.RequestID = "refresh the state", ""
		AddError(diags, unread, &alike)
	default:
		AddError(diags, summary, err)
	}
}

// ailsAccount reports whether the failure has nothing to do with the object that
// was asked for.
func ailsAccount(failed *commpeak.Error) bool {
	return failed.Status == 0 || errors.Is(failed, commpeak.ErrNotTheAPI) || errors.Is(failed, commpeak.ErrNotAuthenticated)
}

// AttributePath is the path of a dotted attribute name such as
// "otp.code_length".
func AttributePath(field string) path.Path {
	names := strings.Split(field, ".")
	at := path.Root(names[0])
	for _, name := range names[1:] {
		at = at.AtName(name)
	}
	return at
}

// said repeats what is known of the failure.
func said(failed *commpeak.Error, err error) string {
	switch {
	case errors.Is(err, commpeak.ErrMaybeCreated):
		return sentence(err.Error())
	case failed.Status == 0 || errors.Is(failed, commpeak.ErrNotTheAPI):
		return sentence(failed.Operation + ": " + failed.Cause())
	case failed.Words() == "":
		return fmt.Sprintf("%s: the service answered HTTP %d (%s).", capital(failed.Operation), failed.Status, http.StatusText(failed.Status))
	}
	return fmt.Sprintf("%s: the service answered HTTP %d: %s", capital(failed.Operation), failed.Status, sentence(failed.Words()))
}

// reference is what CommPeak's support would ask for.
func reference(failed *commpeak.Error) string {
	if failed.RequestID == "" {
		return ""
	}
	return "\nRequest id: " + failed.RequestID
}

// advise says what to do about a failure.
func advise(failed *commpeak.Error, err error) string {
	if failed.RunTime {
		if advice := adviseOnSending(failed, err); advice != "" {
			return advice
		}
	}
	switch {
	case errors.Is(err, commpeak.ErrMaybeCreated):
		return "Look it up in the console. If it was made by this run, import it; otherwise run apply again, which creates it."
	case errors.Is(err, commpeak.ErrWritesNotOffered):
		return writesNotOffered
	case errors.Is(err, commpeak.ErrReadOnly):
		return "Nothing was sent. Remove read_only from the provider's configuration (or set it to false) to let Terraform change the account."
	case errors.Is(err, commpeak.ErrNotTheAPI):
		return "Something other than the CommPeak API seems to answer there: check the provider's endpoint (COMMPEAK_ENDPOINT), and any proxy on the way."
	case errors.Is(err, commpeak.ErrNotAuthenticated):
		return "CommPeak does not accept the API key. Check api_key in the provider's configuration, or COMMPEAK_API_KEY. " +
			"It is the account's API key (console: Settings > API Keys), not the token of a stream, and takes no \"Bearer\" before it."
	case errors.Is(err, commpeak.ErrForbidden):
		return "The API key is known, but may not do this from here. If the service speaks of an IP ACL, the address that this runs at is not on the list: " +
			"allow it in the console, or run from one that is allowed."
	case errors.Is(err, commpeak.ErrNotFound):
		return "It does not exist in this account, or not any more. Run plan again to see what is there."
	}
	return adviseByStatus(failed, err)
}

func adviseByStatus(failed *commpeak.Error, err error) string {
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch status := failed.Status; {
	case status == http.StatusConflict:
		return "Somebody else changed the account in the meantime. Run plan again to see what is there now."
	case status == http.StatusTooManyRequests && failed.RetryAfter != nil:
		return fmt.Sprintf("The service asks to wait %s, and there are no retries or no time left for that. "+
			"Raise max_retries or the timeouts, set requests_per_second, or lower Terraform's -parallelism.", failed.RetryAfter.Round(time.Second))
	case status == http.StatusTooManyRequests:
		return "The service is asked too often. Set requests_per_second in the provider's configuration, or lower Terraform's -parallelism."
	case status >= 500:
		return "The service is in trouble, not the configuration. Run this again later; a change that was carried out all the same shows in the next plan."
	case errors.Is(err, context.Canceled):
		return ""
	case status == 0 && failed.Sent:
		return "The request was sent and no answer came, so it may have been carried out: the next plan shows. " +
			"If it happens often, raise request_timeout."
	case errors.As(err, &certificate):
		return "Nothing was sent. If a proxy on the way looks into TLS, name the file of its certificate authority in ca_file (COMMPEAK_CA_FILE); " +
			"otherwise check the provider's " + endpointOf(failed) + "."
	case errors.As(err, &network):
		return "The service was not reached. Check the provider's " + endpointOf(failed) + ", the name resolution, and any proxy or firewall on the way."
	}
	return ""
}

const writesNotOffered = "The API of this account offers reads only. CommPeak publishes no call to create, change or delete; " +
	"this provider assumes them, and this account does not have them.\n\n" +
	"What works without: data sources, import, terraform query, drift detection (plan), the ephemeral stream token, test messages and statistics. " +
	"Make the change in the console, and the next plan is empty."

// sentence makes the words start with a capital and end with a full stop.
func sentence(words string) string {
	words = capital(strings.TrimSpace(words))
	if words == "" || strings.ContainsAny(words[len(words)-1:], ".!?") {
		return words
	}
	return words + "."
}

func capital(words string) string {
	if words == "" {
		return words
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
