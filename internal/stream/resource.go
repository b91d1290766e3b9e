package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewResource returns the resource commpeak_stream.
func NewResource() resource.Resource { return &streamResource{tfkit.ResourceBase{Type: "stream"}} }

type streamResource struct{ tfkit.ResourceBase }

var (
	_ resource.ResourceWithConfigure      = &streamResource{}
	_ resource.ResourceWithIdentity       = &streamResource{}
	_ resource.ResourceWithImportState    = &streamResource{}
	_ resource.ResourceWithModifyPlan     = &streamResource{}
	_ resource.ResourceWithValidateConfig = &streamResource{}
)

func (r *streamResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

func (r *streamResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	spec := plan.toAPI(ctx, &resp.Diagnostics)
	token := config.whatsApp(ctx, &resp.Diagnostics).AccessToken.ValueString()
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if spec.WhatsApp != nil {
		spec.WhatsApp.AccessToken = token
	}

	stream, err := r.Session.CreateStream(ctx, spec)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not create the stream %q", spec.Name), err, fieldPaths)
		return
	}
	tfkit.WarnOfDifferences(label(stream.ID, spec), stream.Differences(spec), fieldPaths, &resp.Diagnostics)
	warnUnconfirmed(stream, commpeak.StreamSpec{}, spec, &resp.Diagnostics)
	plan.fillUnknown(computedFromAPI(stream))
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, unreturnedKey, nil)...) // A replaced stream may have had it.
	storeProtection(ctx, plan, resp.Private, &resp.Diagnostics)
	storeTokenFingerprint(ctx, token, resp.Private, &resp.Diagnostics)
}

func (r *streamResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, ok := tfkit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	stream, err := r.Session.GetStream(ctx, state.ID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.RemoveFromState(ctx, "the "+label(state.ID.ValueString(), commpeak.StreamSpec{Name: state.Name.ValueString()}), identityModel{ID: state.ID}, resp)
		return
	case err != nil:
		tfkit.AddReadError(&resp.Diagnostics, "Could not read the stream "+state.ID.ValueString(), err)
		return
	case stream.UID != "" && !state.UID.IsNull() && stream.UID != state.UID.ValueString():
		tfkit.AddDifferentAccount(&resp.Diagnostics)
		return
	}
	before, imported := state, state.Name.IsNull()
	state.fromAPI(ctx, stream, &resp.Diagnostics)
	if imported {
		state.applyImportDefaults()
		storeUnreturned(ctx, stream, resp.Private, &resp.Diagnostics)
	}
	storeProtection(ctx, state, resp.Private, &resp.Diagnostics)
	tfkit.RefreshState(ctx, before, state, identityModel{ID: state.ID}, resp)
}

func (r *streamResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	from, to := state.toAPI(ctx, &resp.Diagnostics), plan.toAPI(ctx, &resp.Diagnostics)
	token := ""
	if tokenVersionChanged(ctx, state, plan, &resp.Diagnostics) {
		token = config.whatsApp(ctx, &resp.Diagnostics).AccessToken.ValueString()
	}
	recorded := recordedSettings(ctx, state, plan, req.Private, &resp.Diagnostics)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	if resp.Diagnostics.HasError() || !tfkit.VerifyStream(ctx, r.Session, state.ID.ValueString(), state.UID.ValueString(), &resp.Diagnostics) {
		return
	}
	leaveUnmanaged(&from, to)
	for _, s := range recorded {
		s.assume(&from, to)
	}
	if to.WhatsApp != nil && !isRecorded("whatsapp", recorded) {
		whatsApp := *to.WhatsApp
		whatsApp.AccessToken = token
		to.WhatsApp = &whatsApp
	} else {
		token = ""
	}

	stream, changed, err := r.Session.UpdateStream(ctx, state.ID.ValueString(), from, to)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not change the stream %q (%s)", from.Name, state.ID.ValueString()), err, fieldPaths)
		return
	}
	now := state.fields
	if changed {
		tfkit.WarnOfDifferences(label(stream.ID, to), stream.Differences(to), fieldPaths, &resp.Diagnostics)
		warnUnconfirmed(stream, from, to, &resp.Diagnostics)
		now = computedFromAPI(stream)
	}
	plan.fillUnknown(now)
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, unreturnedKey, nil)...)
	storeProtection(ctx, plan, resp.Private, &resp.Diagnostics)
	storeTokenFingerprint(ctx, token, resp.Private, &resp.Diagnostics)
}

func (r *streamResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	refuseWhenProtected(state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !tfkit.VerifyStream(ctx, r.Session, state.ID.ValueString(), state.UID.ValueString(), &resp.Diagnostics) {
		return
	}

	if err := r.Session.DeleteStream(ctx, state.ID.ValueString()); err != nil {
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not delete the stream %q (%s)", state.Name.ValueString(), state.ID.ValueString()), err)
	}
}

func (r *streamResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
	}
	if !tfkit.IsStreamID(id.ValueString()) {
		resp.Diagnostics.AddError("Invalid import ID of a stream",
			fmt.Sprintf("%q is not the ID of a stream. It is a whole number, for example 42. The data source commpeak_streams returns the IDs of all streams.", id.ValueString()))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: id})...)
}

// save writes the state and, with every write, the identity.
func save(ctx context.Context, model resourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	tfkit.SetState(ctx, &model, identityModel{ID: model.ID}, state, identity, diags)
}

// leaveUnmanaged sends no settings that the configuration omits: an imported stream keeps them.
func leaveUnmanaged(from *commpeak.StreamSpec, to commpeak.StreamSpec) {
	if to.OTP == nil {
		from.OTP = nil
	}
	if to.WhatsApp == nil {
		from.WhatsApp = nil
	}
}

// tokenVersionChanged reports whether the access token is to be sent again.
func tokenVersionChanged(ctx context.Context, state, plan resourceModel, diags *diag.Diagnostics) bool {
	before, after := state.whatsApp(ctx, diags), plan.whatsApp(ctx, diags)
	return !before.AccessTokenVersion.Equal(after.AccessTokenVersion)
}

// listOf joins names for a sentence.
func listOf(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// label names what was written, in a warning.
func label(id string, spec commpeak.StreamSpec) string {
	return fmt.Sprintf("stream %q (%s)", spec.Name, id)
}
