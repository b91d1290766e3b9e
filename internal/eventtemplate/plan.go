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
	// A replacement is planned a second time, as if nothing were there.
	if req.State.Raw.IsNull() {
		r.checkCreate(ctx, plan, &resp.Diagnostics)
		return
	}
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	r.Session.KnowEvent(state.StreamID.ValueString(), state.ID.ValueString())
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
	survey, err := r.Session.SurveyEvents(ctx, plan.StreamID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(diags, "stream_id", plan.StreamID.ValueString())
	case err != nil:
	case slices.Contains(commpeak.StreamTypes, survey.Type) && !slices.Contains(commpeak.EventStreamTypes, survey.Type):
		diags.AddAttributeError(path.Root("stream_id"), "Streams of this type have no events",
			fmt.Sprintf("Stream %s is of type %q, and only streams of type \"otp\" and \"transactional\" have events.", plan.StreamID.ValueString(), survey.Type))
	case !plan.Key.IsUnknown():
		r.checkKey(ctx, plan, survey, diags)
	}
}

// checkKey finds another event of the key, in the stream or in the plan.
func (r *eventResource) checkKey(ctx context.Context, plan resourceModel, survey *commpeak.EventSurvey, diags *diag.Diagnostics) {
	streamID, key := plan.StreamID.ValueString(), plan.Key.ValueString()
	about := fmt.Sprintf("%s %s", plan.Name, plan.Template)
	if r.Session.AnnounceEvent(streamID, key, about) {
		diags.AddAttributeError(path.Root("key"), "Two event templates of one key",
			fmt.Sprintf("Another event template in this plan has the key %q in stream %s, too. A key is unique in its stream: choose another one.", key, streamID))
		return
	}
	event, taken := survey.Events[key]
	if !taken {
		return
	}
	// An event that Terraform has already may be the one that is being replaced:
	// a tainted one is planned as if it were not there.
	if r.Session.KnowsEvent(streamID, event.ID) {
		diags.AddAttributeWarning(path.Root("key"), "Terraform has an event template of this key already",
			fmt.Sprintf("Stream %s has an event with the key %q (id %s), and Terraform manages it. "+
				"If it is the one that is being replaced, all is well; if it belongs to another resource, apply will fail: "+
				"choose another key or, for a resource that was renamed, add a moved block.", streamID, key, event.ID))
		return
	}
	// The survey may be out of date.
	if now, err := r.Session.Event(ctx, streamID, event.ID); err != nil || now.Key != key {
		return
	}
	diags.AddAttributeError(path.Root("key"), "The stream has an event of this key already",
		fmt.Sprintf("Stream %s has an event with the key %q (%q, id %s), and a key is unique in its stream. Choose another key, or import the existing event:\n\n"+
			"terraform import ADDRESS %s\n\nADDRESS is that of this resource. For a resource that was renamed, add a moved block instead.",
			streamID, key, event.Name, event.ID, importID(streamID, event)))
}
