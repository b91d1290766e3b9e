package streamtoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Keys of the private state.
const (
	// foreignResetKey contains the fingerprint of a token that was reset elsewhere. An update
	// adopts it. A refresh does not: it also reads deposed objects, to which the token of the
	// new object looks like a reset elsewhere, and a deposed object that adopted this token
	// would reset it when it is destroyed.
	foreignResetKey = "foreign_reset"
	// importedKey marks an object whose triggers were not recorded yet.
	importedKey = "imported"
	// replacedKey marks an object that is replaced by one for the same stream. Its
	// destruction does not reset the token, since the new object does.
	replacedKey = "replaced"
)

var (
	streamIDPath    = path.Root("stream_id")
	triggersPath    = path.Root("reset_triggers")
	fingerprintPath = path.Root("fingerprint")
)

func hasFlag(ctx context.Context, state tfkit.PrivateState, key string, diags *diag.Diagnostics) bool {
	value, found := state.GetKey(ctx, key)
	diags.Append(found...)
	return value != nil
}

// setFlag sets or removes a mark of the private state.
func setFlag(ctx context.Context, state tfkit.PrivateState, key string, value bool, diags *diag.Diagnostics) {
	var encoded []byte
	if value {
		encoded = []byte("true")
	}
	diags.Append(state.SetKey(ctx, key, encoded)...)
}

// foreignReset returns the fingerprint of a token that was reset elsewhere, or nil.
func foreignReset(ctx context.Context, state tfkit.PrivateState, diags *diag.Diagnostics) *tfkit.Fingerprint {
	value, found := state.GetKey(ctx, foreignResetKey)
	diags.Append(found...)
	return tfkit.DecodeFingerprint(value)
}

// requiresReset replaces the resource if its triggers changed.
func requiresReset(ctx context.Context, req planmodifier.MapRequest, resp *mapplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = triggersChanged(ctx, req.StateValue, req.PlanValue, req.Private, &resp.Diagnostics)
}

func triggersChanged(ctx context.Context, before, after types.Map, state tfkit.PrivateState, diags *diag.Diagnostics) bool {
	bothEmpty := len(before.Elements())+len(after.Elements()) == 0 && !after.IsUnknown()
	firstAfterImport := before.IsNull() && hasFlag(ctx, state, importedKey, diags)
	return !before.Equal(after) && !bothEmpty && !firstAfterImport
}

// ModifyPlan plans the computed attributes, and warns if the plan invalidates a token that
// senders use.
func (r *tokenResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan resourceModel
	destroys, creates := req.Plan.Raw.IsNull(), req.State.Raw.IsNull()
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case destroys:
		tfkit.WarnReadOnly(r.Session, req, resp)
		setFlag(ctx, resp.Private, replacedKey, false, &resp.Diagnostics)
		warnOfDestruction(ctx, state, resp)
	case creates:
		tfkit.WarnReadOnly(r.Session, req, resp)
		planStoredToken(state, &plan)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	default:
		r.planChange(ctx, state, plan, req, resp)
	}
}

// planChange plans an update, or the first half of a replacement. Terraform plans the second half
// as a create, and does not show its warnings.
func (r *tokenResource) planChange(ctx context.Context, state, plan resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	// A replacement by -replace looks like an update here, so the flag is set in both cases. An
	// update removes it.
	setFlag(ctx, resp.Private, replacedKey, plan.StreamID.Equal(state.StreamID), &resp.Diagnostics)
	moves := !plan.StreamID.Equal(state.StreamID)
	resets := triggersChanged(ctx, state.ResetTriggers, plan.ResetTriggers, req.Private, &resp.Diagnostics)
	if moves || resets {
		tfkit.WarnReadOnly(r.Session, req, resp)
		warnOfReplacement(state, moves, &resp.Diagnostics)
		return
	}
	if state.ResetTriggers.IsNull() && !plan.ResetTriggers.IsNull() && len(plan.ResetTriggers.Elements()) > 0 {
		resp.Diagnostics.AddAttributeWarning(triggersPath, fmt.Sprintf("The token of stream %s is not reset", state.StreamID.ValueString()),
			"It was imported, and its first triggers are only recorded. Later changes of them reset it. To reset it now, apply with -replace.")
	}
	plan.Fingerprint, plan.Version, plan.ResetAt = state.Fingerprint, state.Version, state.ResetAt
	if other := foreignReset(ctx, req.Private, &resp.Diagnostics); other != nil {
		plan.Fingerprint = types.StringValue(other.String())
		resp.Diagnostics.AddAttributeWarning(fingerprintPath, fmt.Sprintf("The token of stream %s was reset elsewhere", state.StreamID.ValueString()),
			"This apply adopts the current token and does not reset it. A stream has one token: if a second commpeak_stream_token resource manages it, remove one of the two.")
	}
	planStoredToken(state, &plan)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// planStoredToken plans the attribute token.
func planStoredToken(state resourceModel, plan *resourceModel) {
	switch {
	case plan.StoreToken.IsUnknown():
		plan.Token = types.StringUnknown()
	case !plan.StoreToken.ValueBool():
		plan.Token = types.StringNull()
	case state.StoreToken.ValueBool():
		plan.Token = state.Token
	default:
		plan.Token = types.StringUnknown()
	}
}

func warnOfReplacement(state resourceModel, moves bool, diags *diag.Diagnostics) {
	stream := state.StreamID.ValueString()
	if moves {
		diags.AddAttributeWarning(streamIDPath, fmt.Sprintf("The token of stream %s is reset", stream),
			"The token of the new stream is reset as well. Senders that use one of these tokens stop working when this is applied. Give them the new tokens.")
		return
	}
	diags.AddAttributeWarning(triggersPath, fmt.Sprintf("The token of stream %s is reset", stream),
		"Senders that use the current token stop working when this is applied. Give them the new token.")
}

// warnOfDestruction also applies to a deposed object, whose token is no longer valid.
func warnOfDestruction(ctx context.Context, state resourceModel, resp *resource.ModifyPlanResponse) {
	stream := state.StreamID.ValueString()
	if foreignReset(ctx, resp.Private, &resp.Diagnostics) != nil {
		resp.Diagnostics.AddAttributeWarning(streamIDPath, fmt.Sprintf("The token of stream %s stays valid", stream),
			"It was reset elsewhere, and Terraform has not adopted it yet. To invalidate it too, run apply before destroy.")
		return
	}
	resp.Diagnostics.AddAttributeWarning(streamIDPath, fmt.Sprintf("The token of stream %s stops working", stream),
		"Senders that use it stop working when this is applied.")
}
