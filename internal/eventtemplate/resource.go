package eventtemplate

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewResource returns the resource commpeak_event_template.
func NewResource() resource.Resource {
	return &eventResource{tfkit.ResourceBase{Type: "event_template"}}
}

type eventResource struct{ tfkit.ResourceBase }

var (
	_ resource.ResourceWithConfigure   = &eventResource{}
	_ resource.ResourceWithIdentity    = &eventResource{}
	_ resource.ResourceWithImportState = &eventResource{}
	_ resource.ResourceWithModifyPlan  = &eventResource{}
)

func (r *eventResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

func (r *eventResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, ok := tfkit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	spec := plan.toAPI()
	event, err := r.Session.CreateEvent(ctx, plan.StreamID.ValueString(), spec)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", plan.StreamID.ValueString())
		return
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not create the event template %q of stream %s", spec.Key, plan.StreamID.ValueString()), err, fieldPaths)
		return
	}
	tfkit.WarnOfDifferences(label(event.ID, spec), event.Differences(spec), fieldPaths, &resp.Diagnostics)
	plan.ID = types.StringValue(event.ID)
	plan.setComputed()
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	r.RememberStream(ctx, plan.StreamID.ValueString(), resp.Private, &resp.Diagnostics)
}

func (r *eventResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, ok := tfkit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	event, err := r.Session.GetEvent(ctx, state.StreamID.ValueString(), state.ID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		if r.VerifyStream(ctx, state.StreamID.ValueString(), req.Private, &resp.Diagnostics) {
			tfkit.RemoveFromState(ctx, "the event template "+state.reference(), state.identity(), resp)
		}
		return
	case err != nil:
		tfkit.AddReadError(&resp.Diagnostics, "Could not read the event template "+state.reference(), err)
		return
	}
	r.RememberStream(ctx, state.StreamID.ValueString(), resp.Private, &resp.Diagnostics)
	before := state
	state.fields = fieldsFromAPI(event)
	tfkit.RefreshState(ctx, before, state, state.identity(), resp)
}

func (r *eventResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	if resp.Diagnostics.HasError() || !r.VerifyStream(ctx, state.StreamID.ValueString(), req.Private, &resp.Diagnostics) {
		return
	}

	event, changed, err := r.Session.UpdateEvent(ctx, state.StreamID.ValueString(), state.ID.ValueString(), state.toAPI(), plan.toAPI())
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not change the event template "+state.reference(), err, fieldPaths)
		return
	}
	if changed {
		tfkit.WarnOfDifferences(label(event.ID, plan.toAPI()), event.Differences(plan.toAPI()), fieldPaths, &resp.Diagnostics)
	}
	plan.setComputed()
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *eventResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := tfkit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	if !r.VerifyStream(ctx, state.StreamID.ValueString(), req.Private, &resp.Diagnostics) {
		return
	}
	if err := r.Session.DeleteEvent(ctx, state.StreamID.ValueString(), state.ID.ValueString()); err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not delete the event template "+state.reference(), err)
	}
}

// reference names an event template in an error.
func (m resourceModel) reference() string {
	if m.Key.IsNull() {
		return m.ID.ValueString() + " of stream " + m.StreamID.ValueString()
	}
	return fmt.Sprintf("%q (%s) of stream %s", m.Key.ValueString(), m.ID.ValueString(), m.StreamID.ValueString())
}

// save writes the state and, with every write, the identity.
func save(ctx context.Context, model resourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	tfkit.SetState(ctx, &model, model.identity(), state, identity, diags)
}

// label names what was written, in a warning.
func label(id string, spec commpeak.EventSpec) string {
	return fmt.Sprintf("event template %q (%s)", spec.Key, id)
}
