package eventtemplate

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// PlansOnlyChanges marks the resource: see [tfkit.PlansOnlyChanges].
func (r *eventResource) PlansOnlyChanges() {}

// ModifyPlan shows what follows from the template, and finds before apply what
// would fail in it.
func (r *eventResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	tfkit.WarnReadOnly(r.Session, req, resp)
	if req.Plan.Raw.IsNull() {
		return
	}
	plan, ok := tfkit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}

	plan.setComputed()
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	warnOfBraces(plan, &resp.Diagnostics)

	if !r.IsConfigured() {
		return
	}
	if req.State.Raw.IsNull() {
		r.checkCreate(ctx, plan, &resp.Diagnostics)
	}
}

// checkCreate finds what would keep the event from being created, as far as the
// stream is known already. Not being able to check is no fault of the plan:
// apply reports what is.
func (r *eventResource) checkCreate(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	if plan.StreamID.IsUnknown() {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	stream, err := r.Session.GetStream(ctx, plan.StreamID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(diags, "stream_id", plan.StreamID.ValueString())
	case err != nil:
	case slices.Contains(commpeak.StreamTypes, stream.Type) && !slices.Contains(commpeak.EventStreamTypes, stream.Type):
		diags.AddAttributeWarning(path.Root("stream_id"), fmt.Sprintf("Stream %s may not support event templates", stream.ID),
			fmt.Sprintf("The stream is of type %q. CommPeak documents event templates for streams of type \"otp\" and \"transactional\". "+
				"If CommPeak rejects the event template, apply fails and nothing is changed. Use a stream of one of these types.", stream.Type))
	case !plan.Key.IsUnknown():
		r.warnOfTakenKey(ctx, plan, diags)
	}
}

// misspelledPlaceholder is text that looks like a placeholder and is sent as it is.
var misspelledPlaceholder = regexp.MustCompile(`\{\{[^{}]*\}\}|\{\s+\w+\s*\}|\{\w+\s+\}|\$\{\w+\}`)

// warnOfBraces warns of placeholders with double braces or spaces.
func warnOfBraces(plan resourceModel, diags *diag.Diagnostics) {
	found := misspelledPlaceholder.FindString(plan.Template.ValueString())
	if found == "" {
		return
	}
	diags.AddAttributeWarning(path.Root("template"), fmt.Sprintf("Clients may receive %q as text", found),
		fmt.Sprintf("A placeholder of the event template %q is a name in single braces without spaces, for example {code}. Change %s if it is meant as a placeholder.",
			plan.Key.ValueString(), found))
}

// warnOfTakenKey warns of an event that has the key. It is not an error: the event may be the
// one that is being replaced, or another resource may give up the key in the same apply. If
// not, the create fails.
func (r *eventResource) warnOfTakenKey(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	streamID, key := plan.StreamID.ValueString(), plan.Key.ValueString()
	ids, _ := r.Session.EventsWithKey(ctx, streamID, key)
	for _, id := range ids {
		tfkit.WarnOfDuplicate(path.Root("key"), fmt.Sprintf("Event %s of stream %s has the same key", id, streamID),
			fmt.Sprintf("Stream %s has the event %s with the key %q. A key is unique in its stream: creating this resource fails as long as that event exists.", streamID, id, key),
			"commpeak_event_template", streamID+"/"+id, diags)
	}
}
