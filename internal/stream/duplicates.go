package stream

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// warnOfDuplicates warns of streams with the name and type of the one to be created: names are
// not unique, so that a create adds another one. It is not called for a replacement.
func (r *streamResource) warnOfDuplicates(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	if !r.IsConfigured() || plan.Name.IsUnknown() || plan.Type.IsUnknown() {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	name, streamType := plan.Name.ValueString(), plan.Type.ValueString()
	ids, err := r.Session.StreamsLike(ctx, name, commpeak.StreamType(streamType))
	if err != nil && !r.reportAccountError("Could not list the streams of the account", err, diags) {
		diags.AddWarning("The streams of the account are not checked",
			fmt.Sprintf("Whether the account has streams with the names of the new ones is not known: %s. "+
				"If an earlier run was interrupted, plan again before you apply: creating a stream again adds a second one.", err))
	}
	for _, id := range ids {
		tfkit.WarnOfDuplicate(path.Root("name"), fmt.Sprintf("Stream %s has the same name and type", id),
			fmt.Sprintf("The account contains stream %s, named %q and of type %q. Creating this resource adds a second stream with that name.", id, name, streamType),
			"commpeak_stream", id, diags)
	}
}
