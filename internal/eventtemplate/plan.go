package eventtemplate

import (
	"context"
	"errors"
	"fmt"
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

	plan.derive()
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)

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
		diags.AddAttributeError(path.Root("stream_id"), "Streams of this type have no events",
			fmt.Sprintf("Stream %s is of type %q, and only streams of type \"otp\" and \"transactional\" have events.", plan.StreamID.ValueString(), stream.Type))
	case !plan.Key.IsUnknown():
		r.warnOfTakenKey(ctx, plan, diags)
	}
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
