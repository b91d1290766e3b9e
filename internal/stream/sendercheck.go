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

// globalSender is shared and approved for every account, which may not list it.
const globalSender = "GLOBAL"

// checkDefaultSender warns of a sender that no approved sender of the account
// has. It is a warning, since how the service spells statuses is not published,
// and a sender may be approved between plan and apply.
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
			"Messages that name no sender of their own will be refused until it exists and is approved.")
	case found != commpeak.SenderApproved:
		diags.AddAttributeWarning(path.Root("default_sender"), fmt.Sprintf("The sender %q is not approved", sender.ValueString()),
			fmt.Sprintf("Its status is %q. Messages that name no sender of their own will be refused until it is approved.", found))
	}
}

// senderStatuses are those of the account's senders, if they can be listed. A failure is
// reported once.
func (r *streamResource) senderStatuses(ctx context.Context, diags *diag.Diagnostics) (statuses map[string]string, known bool) {
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	statuses, err := r.Session.SenderStatuses(ctx)
	if err != nil && r.Session.ReportOnce("senders") {
		r.explainUnchecked(err, diags)
	}
	return statuses, err == nil
}

// explainUnchecked tells what keeps the senders from being looked up. It is no
// fault of the plan, unless it ails the whole account.
func (r *streamResource) explainUnchecked(err error, diags *diag.Diagnostics) {
	switch {
	case r.ails("Could not list the senders of the account", err, diags):
	case errors.Is(err, commpeak.ErrForbidden):
		// The key may well do what it is for.
	default:
		diags.AddWarning("The default senders are not checked",
			fmt.Sprintf("Whether the account has the default senders of its streams is not known: %s. Unless that passes, apply will fail.", err))
	}
}

// ails reports whether the failure is one with which apply would not get far
// either, such as a wrong API key. It is reported once.
func (r *streamResource) ails(summary string, err error, diags *diag.Diagnostics) bool {
	if !tfkit.IsAccountWide(err) {
		return false
	}
	if r.Session.ReportOnce("account") {
		tfkit.AddError(diags, summary, err)
	}
	return true
}
