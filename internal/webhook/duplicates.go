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

// warnOfDuplicates warns of webhooks with the URL of the one to be created: CommPeak calls each
// of them. It is not called for a replacement.
func (r *webhookResource) warnOfDuplicates(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	if plan.URL.IsUnknown() {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	streamID, url := plan.StreamID.ValueString(), plan.URL.ValueString()
	ids, err := r.Session.WebhooksWithURL(ctx, streamID, url)
	switch {
	case errors.Is(err, commpeak.ErrNotFound), errors.Is(err, commpeak.ErrNotOffered):
		return // Apply reports that there is no such stream, or that the account has no webhooks.
	case err != nil:
		diags.AddWarning(fmt.Sprintf("The webhooks of stream %s are not checked", streamID),
			fmt.Sprintf("Whether stream %s has webhooks with the URLs of the new ones is not known: %s. "+
				"If an earlier run was interrupted, plan again before you apply: creating a webhook again adds a second one.", streamID, err))
	}
	for _, id := range ids {
		tfkit.WarnOfDuplicate(path.Root("url"), fmt.Sprintf("Webhook %s of stream %s has the same URL", id, streamID),
			fmt.Sprintf("Stream %s has the webhook %s with the configured URL. Creating this resource adds a second webhook with that URL, and CommPeak calls both.", streamID, id),
			"commpeak_webhook", streamID+"/"+id, diags)
	}
}
