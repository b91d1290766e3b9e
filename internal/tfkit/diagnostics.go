package tfkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// maxSummary is the length of a summary in characters that fits on a line.
const maxSummary = 60

// Fields maps the API's names of fields, such as "otpSettings.codeTtl", to the
// attributes of an object. Each object has its own, next to its schema.
type Fields map[string]path.Path

// AddError reports a failed operation: what failed, what CommPeak returned, whether anything was changed, and
// what to do. Fields that CommPeak rejects are reported on the attributes that they are mapped to. If the whole
// account has the problem, the summary is the problem instead of the caller's.
//
// Diagnostics are passed by pointer: appending to a copy would lose the error.
func AddError(diags *diag.Diagnostics, summary string, err error, fields ...Fields) {
	summary = shorten(summary)
	var failed *commpeak.Error
	if !errors.As(err, &failed) {
		diags.AddError(summary, sentence(err.Error()))
		return
	}
	paragraphs := []string{describe(failed, err) + reference(failed)}
	var onAttributes int
	for _, violation := range failed.Violations {
		at, isAttribute := attributeOf(violation.Path, fields)
		switch {
		case isAttribute:
			onAttributes++
			diags.AddAttributeError(at, summary,
				"CommPeak rejected this value: "+sentence(violation.Message)+effect(failed, err)+reference(failed))
		case !strings.Contains(failed.Message(), violation.String()):
			paragraphs = append(paragraphs, "CommPeak rejected this: "+sentence(violation.String()))
		}
	}
	if onAttributes > 0 && onAttributes == len(failed.Violations) {
		return
	}
	found := causeOf(failed, err)
	if found.advice != "" {
		paragraphs = append(paragraphs, found.advice)
	}
	if found.section != "" {
		paragraphs = append(paragraphs, guide+"#"+found.section)
	}
	switch object, isCreate := strings.CutPrefix(summary, "Could not create "); {
	case isCreate && errors.Is(err, commpeak.ErrMaybeCreated):
		summary = shorten(capital(strings.TrimPrefix(object, "the ")) + " may have been created")
	case errors.Is(err, commpeak.ErrWritesNotOffered):
		summary = shorten(strings.Replace(summary, "Could not ", "This account cannot ", 1))
	case found.summary != "":
		summary = found.summary
	}
	diags.AddError(summary, strings.Join(paragraphs, "\n\n"))
}

// longURL is a URL that makes a summary hard to read.
var longURL = regexp.MustCompile(`(https?://\S{32})\S+`)

// shorten makes a summary fit on a line, unless it consists of fixed text only: it cuts a long quoted name and a long
// URL, so that the ID after it stays.
func shorten(summary string) string {
	summary = longURL.ReplaceAllString(summary, "$1…")
	excess := len([]rune(summary)) - maxSummary
	before, rest, _ := strings.Cut(summary, `"`)
	at := strings.LastIndex(rest, `"`)
	if excess <= 0 || at < 0 {
		return summary
	}
	name, after := []rune(rest[:at]), rest[at:]
	if len(name) < 2 {
		return summary
	}
	return before + `"` + string(name[:max(len(name)-excess-1, 1)]) + "…" + after
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
		fmt.Sprintf("The account does not have a stream with the ID %s. The data source commpeak_streams lists the IDs of all streams.\n\n"+
			guide+"#object-not-found", id))
}

// AddReadError is [AddError] for an object that could not be refreshed. A problem of the whole account has the
// same text for each object, because Terraform shows equal errors once.
func AddReadError(diags *diag.Diagnostics, summary string, err error) {
	const unread = "Could not read the CommPeak account"
	var failed *commpeak.Error
	switch {
	case !errors.As(err, &failed): // No call could be made at all.
		AddError(diags, unread, err)
	case IsAccountWide(failed):
		alike := *failed
		alike.Operation, alike.Method, alike.Path, alike.RequestID = "", "", "", ""
		AddError(diags, unread, &alike)
	default:
		AddError(diags, summary, err)
	}
}

// WarnOfDifferences warns of fields that CommPeak returned with a different value than they were written with.
// Terraform requires that the state contains the written value; the next plan shows the difference as drift.
func WarnOfDifferences(object string, differences []string, fields Fields, diags *diag.Diagnostics) {
	for _, field := range differences {
		at, isAttribute := fields[field]
		if !isAttribute {
			at = AttributePath(field)
		}
		diags.AddAttributeWarning(at, shorten(fmt.Sprintf("CommPeak changed %s of %s", at, object)),
			fmt.Sprintf("The %s was written, but CommPeak returned a value for %s that differs from the configuration. "+
				"The next plan shows the difference. Change the configuration to the stored value, or correct it in the console.", object, at))
	}
}

// IsAccountWide reports whether a call failed for a reason that has nothing to do with the object that was asked
// for, so that every other call fails as well.
func IsAccountWide(err error) bool {
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

// describe returns what CommPeak returned, and the effect of the call.
func describe(failed *commpeak.Error, err error) string {
	if maybe, is := errors.AsType[*commpeak.MaybeCreatedError](err); is {
		return response(failed) + "\n\n" + whyUnknown(maybe.Why)
	}
	return response(failed) + effect(failed, err)
}

// response returns how CommPeak responded, or why it did not.
func response(failed *commpeak.Error) string {
	request := "CommPeak"
	if failed.Method != "" {
		request = failed.Method + " " + failed.Path
	}
	switch {
	case errors.Is(failed, commpeak.ErrReadOnly):
		return request + ": the provider is configured with read_only = true."
	case failed.Operation == "" && failed.Status == 0:
		return "The request failed: " + stopped(failed.Cause())
	case failed.Operation == "" && errors.Is(failed, commpeak.ErrNotTheAPI):
		return sentence(failed.Cause())
	case failed.Method == "" && failed.Status == 0:
		return capital(failed.Operation) + ": " + stopped(failed.Cause())
	case failed.Status == 0:
		return request + " failed: " + stopped(failed.Cause())
	case errors.Is(failed, commpeak.ErrNotTheAPI):
		return request + ": " + stopped(failed.Cause())
	case failed.Message() == "":
		return request + " returned " + status(failed) + "."
	}
	return request + fmt.Sprintf(" returned HTTP %d: %s", failed.Status, stopped(failed.Message()))
}

// status is the HTTP status, with its name if it has one.
func status(failed *commpeak.Error) string {
	text := fmt.Sprintf("HTTP %d", failed.Status)
	if name := http.StatusText(failed.Status); name != "" {
		text += " (" + name + ")"
	}
	return text
}

// whyUnknown returns why it is not known whether something was created.
func whyUnknown(why error) string {
	var lookup *commpeak.Error
	switch {
	case errors.As(why, &lookup):
		return "Checking whether it was created failed as well. " + response(lookup)
	case errors.Is(why, context.Canceled):
		return "The command was interrupted before the provider could check whether it was created."
	}
	return "The provider cannot decide whether it was created: " + stopped(why.Error())
}

// effect returns what a write that failed did, as a sentence after the response.
func effect(failed *commpeak.Error, err error) string {
	switch {
	case errors.Is(err, commpeak.ErrMaybeCreated):
	case errors.Is(failed, commpeak.ErrReadOnly):
		return " Nothing was sent."
	case failed.Messaging && failed.Outcome == commpeak.NotApplied:
		return " No message was sent."
	case failed.Messaging:
	case failed.Outcome == commpeak.NotApplied:
		return " Nothing was changed."
	case failed.Outcome == commpeak.MaybeApplied:
		return " The change may have been made anyway."
	}
	return ""
}

// reference is what CommPeak's support would ask for.
func reference(failed *commpeak.Error) string {
	if failed.RequestID == "" {
		return ""
	}
	return "\nRequest ID: " + failed.RequestID
}

// sentence makes text start with a capital and end with a full stop.
func sentence(words string) string { return stopped(capital(strings.TrimSpace(words))) }

// stopped makes text end with a full stop, unless it ends with a different mark.
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
