package stream

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// lookForDuplicates warns of a stream that an interrupted run may have made and
// Terraform knows nothing of: names are not unique, so creating it would make
// another one.
func (r *streamResource) lookForDuplicates(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	if !r.IsConfigured() || plan.Name.IsUnknown() || plan.Type.IsUnknown() {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	unknown, err := r.Session.UnknownStreams(ctx, plan.Name.ValueString(), commpeak.StreamType(plan.Type.ValueString()))
	switch {
	case r.ails("Could not list the streams of the account", err, diags):
		return
	case err != nil:
		diags.AddWarning("It is not known whether streams are there already",
			fmt.Sprintf("The streams of the account could not be listed: %s. If an earlier run was interrupted while it created a stream, "+
				"plan again before you apply this: creating the stream once more would make a duplicate.", err))
		return
	}
	for _, stream := range unknown {
		made := "at a time that the service does not tell"
		if stream.CreatedAt != nil {
			made = "at " + tfkit.Time(stream.CreatedAt).ValueString()
		}
		tfkit.WarnOfDuplicate(path.Root("name"), "stream", "commpeak_stream", stream.ID,
			fmt.Sprintf("the stream %s, made %s, is called %q and of type %q like the one to be created", stream.ID, made, stream.Name, stream.Type), diags)
	}
}
