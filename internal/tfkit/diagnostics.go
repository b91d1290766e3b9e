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

// Fields maps the API's names of fields, such as "otpSettings.codeTtl", to the
// attributes of an object. Each object has its own, next to its schema.
type Fields map[string]path.Path

// AddError reports a failed operation to the user: what failed, what the
// service said, and what to do. Fields that the service refuses are reported on
// the attributes that they are mapped to.
//
// Diagnostics are passed by pointer: appending to a copy would lose the error.
func AddError(diags *diag.Diagnostics, summary string, err error, fields ...Fields) {
	var failed *commpeak.Error
	if !errors.As(err, &failed) {
		diags.AddError(summary, sentence(err.Error()))
		return
	}
	paragraphs := []string{said(failed, err) + reference(failed)}
	var onAttributes int
	for _, violation := range failed.Violations {
		at, isAttribute := attributeOf(violation.Path, fields)
		switch {
		case isAttribute:
			onAttributes++
			diags.AddAttributeError(at, summary,
				"The service refuses this value: "+sentence(violation.Message)+outcome(failed, err)+reference(failed))
		case !strings.Contains(failed.Words(), violation.String()):
			paragraphs = append(paragraphs, "The service refuses: "+sentence(violation.String()))
		}
	}
	if onAttributes > 0 && onAttributes == len(failed.Violations) {
		return
	}
	if advice := advise(failed, err); advice != "" {
		paragraphs = append(paragraphs, advice)
	}
	diags.AddError(summary, strings.Join(paragraphs, "\n\n"))
}

func attributeOf(field string, fields []Fields) (path.Path, bool) {
	for _, some := range fields {
		if at, found := some[field]; found {
			return at, true
		}
	}
	return path.Empty(), false
}

// AddNoSuchStream reports that the account does not have the stream that an
// attribute names.
func AddNoSuchStream(diags *diag.Diagnostics, attribute, id string) {
	diags.AddAttributeError(path.Root(attribute), "No such stream",
		fmt.Sprintf("The account has no stream with the id %s, or not any more. The data source commpeak_streams lists the ids of all streams.", id))
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
	case AilsAccount(failed):
		alike := *failed
		alike.Operation, alike.RequestID = "refresh the state", ""
		AddError(diags, unread, &alike)
	default:
		AddError(diags, summary, err)
	}
}

// WarnOfDifferences tells of fields that the service answered otherwise than it
// was asked; object names what was written, such as `stream "A" (7)`. The state
// takes what was asked, as Terraform demands; the next plan shows the difference
// as drift.
func WarnOfDifferences(object string, differences []string, fields Fields, diags *diag.Diagnostics) {
	for _, field := range differences {
		at, isAttribute := fields[field]
		if !isAttribute {
			at = AttributePath(field)
		}
		diags.AddAttributeWarning(at, "The service stored something else",
			fmt.Sprintf("The %s was written, but the service answers with another value for %s than the configured one. The next plan shows it.", object, at))
	}
}

// AilsAccount reports whether a call failed for a reason that has nothing to do
// with the object that was asked for, so that every other call fails as well.
func AilsAccount(err error) bool {
	var failed *commpeak.Error
	return errors.As(err, &failed) && (failed.Status == 0 || errors.Is(failed, commpeak.ErrNotTheAPI) || errors.Is(failed, commpeak.ErrNotAuthenticated))
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

// said repeats what is known of the failure, and of what became of the call.
func said(failed *commpeak.Error, err error) string {
	if maybe, is := errors.AsType[*commpeak.MaybeCreatedError](err); is {
		return answered(failed) + "\n\n" + whyUnknown(maybe.Why)
	}
	return answered(failed) + outcome(failed, err)
}

// answered tells how the service answered, or why it did not.
func answered(failed *commpeak.Error) string {
	what := capital(failed.Operation) + ": "
	switch {
	case errors.Is(failed, commpeak.ErrReadOnly):
		return what + "the provider is configured with read_only = true."
	case failed.Status == 0 || errors.Is(failed, commpeak.ErrNotTheAPI):
		return stopped(what + failed.Cause())
	case failed.Words() == "":
		return what + fmt.Sprintf("the service answered HTTP %d (%s).", failed.Status, http.StatusText(failed.Status))
	}
	return what + fmt.Sprintf("the service answered HTTP %d: %s", failed.Status, stopped(failed.Words()))
}

// whyUnknown tells why it is not known whether something was created.
func whyUnknown(why error) string {
	const unknown = "It is not known whether it was created"
	var looking *commpeak.Error
	switch {
	case errors.As(why, &looking):
		return unknown + ", since it could not be looked for. " + answered(looking)
	case errors.Is(why, context.Canceled):
		return unknown + ": interrupted before it could be looked for."
	}
	return sentence(unknown + ": " + why.Error())
}

// outcome tells what became of a call that would change something.
func outcome(failed *commpeak.Error, err error) string {
	switch {
	case errors.Is(err, commpeak.ErrMaybeCreated):
	case failed.RunTime && failed.Outcome == commpeak.NothingDone:
		return " No message was sent."
	case failed.RunTime:
	case failed.Outcome == commpeak.NothingDone:
		return " Nothing was changed."
	case failed.Outcome == commpeak.MaybeDone:
		return " It may have been carried out all the same: the next plan shows."
	}
	return ""
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
	case errors.Is(err, commpeak.ErrNotOffered):
		return "CommPeak publishes no such call; this provider assumes it, and this account's API does not have it. Do without this object; " +
			"what needs no assumed calls works."
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
	case failed.Interrupted:
		return "Interrupted before it was tried again. Run this again when you are ready."
	case failed.Status != 0:
		return adviseByStatus(failed)
	}
	return adviseOnConnection(failed, err)
}

func adviseByStatus(failed *commpeak.Error) string {
	switch status := failed.Status; {
	case status == http.StatusConflict:
		return "The account holds something that this change conflicts with: somebody else may have changed it in the meantime. Run plan again to see what is there now."
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		return "The service understands the request and does not want it. Change what it names in the configuration, or in the account, and run this again."
	case status == http.StatusTooManyRequests && failed.RetryAfter != nil:
		return fmt.Sprintf("The service asks to wait %s, and there are no retries or no time left for that. "+
			"Raise max_retries or operation_timeout, set requests_per_second, or lower Terraform's -parallelism.", inWords(*failed.RetryAfter))
	case status == http.StatusTooManyRequests:
		return "The service is asked too often. Set requests_per_second in the provider's configuration, or lower Terraform's -parallelism."
	case status >= 500:
		return "The service is in trouble, not the configuration. Run this again later."
	}
	return ""
}

// adviseOnConnection says what to do where no answer came.
func adviseOnConnection(failed *commpeak.Error, err error) string {
	var (
		network   net.Error
		untrusted *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return ""
	case errors.As(err, &untrusted):
		return "This machine does not trust whoever answers there. Check the provider's " + endpointOf(failed) + ". " +
			"If a proxy of your network looks into TLS, name the file of its certificate authority in ca_file (COMMPEAK_CA_FILE)."
	case failed.Sent:
		return "Run this again. If it happens often, raise request_timeout in the provider's configuration, or look for what cuts the connection."
	case errors.As(err, &network):
		return "The service was not reached. Check the provider's " + endpointOf(failed) + ", the name resolution, and any proxy or firewall on the way."
	}
	return ""
}

// inWords is a length of time, to the second, as people write it: "15m".
func inWords(length time.Duration) string {
	text := length.Round(time.Second).String()
	if short, whole := strings.CutSuffix(text, "m0s"); whole {
		text = short + "m"
	}
	return text
}

const writesNotOffered = "The API of this account offers reads only. CommPeak publishes no call to create, change or delete; " +
	"this provider assumes them, and this account does not have them.\n\n" +
	"What works without: data sources, import, terraform query, drift detection (plan), the ephemeral stream token, test messages and statistics. " +
	"Make the change in the console, and the next plan is empty."

// sentence makes the words start with a capital and end with a full stop.
func sentence(words string) string { return stopped(capital(strings.TrimSpace(words))) }

// stopped makes the words end with a full stop, if they do not end otherwise.
func stopped(words string) string {
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
