package stream

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// globalSender is approved for every account, but the API may not list it.
const globalSender = "GLOBAL"

// checkDefaultSender warns if the account has no approved sender of this value. It is only a
// warning, because the values of statuses are not documented, and a sender may be approved between
// plan and apply.
func (r *streamResource) checkDefaultSender(ctx context.Context, sender types.String, diags *diag.Diagnostics) {
	if !tfkit.IsKnown(sender) || sender.ValueString() == globalSender || !r.IsConfigured() {
		return
	}
	statuses, known := r.senderStatuses(ctx, diags)
	if !known {
		return
	}
	found, known := statuses[sender.ValueString()]
	switch {
	case !known:
		diags.AddAttributeWarning(path.Root("default_sender"), fmt.Sprintf("The account has no sender %q", sender.ValueString()),
			"CommPeak rejects messages that do not specify a sender, until this sender exists and is approved.")
	case found != commpeak.SenderApproved:
		diags.AddAttributeWarning(path.Root("default_sender"), fmt.Sprintf("The sender %q is not approved", sender.ValueString()),
			fmt.Sprintf("Its status is %q. CommPeak rejects messages that do not specify a sender, until this sender is approved.", found))
	}
}

// senderStatuses returns the statuses of the senders by value, if they can be listed. A failure is
// reported once.
func (r *streamResource) senderStatuses(ctx context.Context, diags *diag.Diagnostics) (statuses map[string]string, known bool) {
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	statuses, err := r.Session.SenderStatuses(ctx)
	if err != nil && r.Session.ReportOnce("senders") {
		r.warnUnchecked(err, diags)
	}
	return statuses, err == nil
}

// warnUnchecked adds a warning that the senders could not be listed, or an error if the whole
// account is affected.
func (r *streamResource) warnUnchecked(err error, diags *diag.Diagnostics) {
	switch {
	case r.reportAccountError("Could not list the senders of the account", err, diags):
	case errors.Is(err, commpeak.ErrForbidden):
		// The key may still be allowed to do everything else.
	default:
		diags.AddWarning("The default senders are not checked",
			fmt.Sprintf("The senders of the account could not be listed: %s. If this continues, apply fails.", err))
	}
}

// reportAccountError adds an error that affects the whole account, for example a wrong API key, once
// for the run, and reports whether err is one.
func (r *streamResource) reportAccountError(summary string, err error, diags *diag.Diagnostics) bool {
	if !tfkit.IsAccountWide(err) {
		return false
	}
	if r.Session.ReportOnce("account") {
		tfkit.AddError(diags, summary, err)
	}
	return true
}
