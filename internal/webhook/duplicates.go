package webhook

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// lookForDuplicates warns of a webhook that an interrupted run may have made and
// Terraform knows nothing of: a second one of the same URL would be called, too.
func (r *webhookResource) lookForDuplicates(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	if plan.URL.IsUnknown() {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	streamID := plan.StreamID.ValueString()
	unknown, err := r.Session.UnknownWebhooks(ctx, streamID, plan.URL.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound), errors.Is(err, commpeak.ErrNotOffered):
		return // Apply reports that there is no such stream, or that the account has no webhooks.
	case err != nil:
		diags.AddWarning("It is not known whether webhooks are there already",
			fmt.Sprintf("The webhooks of stream %s could not be listed: %s. If an earlier run was interrupted while it created one, "+
				"plan again before you apply this: creating the webhook once more would make a duplicate.", streamID, err))
	}
	for _, webhook := range unknown {
		tfkit.WarnOfDuplicate(path.Root("url"), "webhook", "commpeak_webhook", streamID+"/"+webhook.ID,
			fmt.Sprintf("the webhook %s of stream %s has the URL %s like the one to be created", webhook.ID, streamID, webhook.URL), diags)
	}
}
