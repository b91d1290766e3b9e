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
	// noticedKey holds the fingerprint of a token that was reset elsewhere and
	// is yet to be taken over.
	//
	// A refresh does not take it over, since it is done to a deposed object too:
	// one that create_before_destroy has left behind because its destruction
	// failed. To such an object, the token of its successor looks like one that
	// was reset elsewhere; were that its own, its destruction would kill it. An
	// update is done to current objects alone.
	noticedKey = "noticed"
	// importedKey marks an object whose triggers were never recorded.
	importedKey = "imported"
	// succeededKey marks an object whose successor owns the token of the same
	// stream. When it is destroyed first, the reset is left to the successor.
	succeededKey = "succeeded"
)

var (
	streamIDPath    = path.Root("stream_id")
	triggersPath    = path.Root("reset_triggers")
	fingerprintPath = path.Root("fingerprint")
)

func isMarked(ctx context.Context, state tfkit.PrivateState, key string, diags *diag.Diagnostics) bool {
	value, found := state.GetKey(ctx, key)
	diags.Append(found...)
	return value != nil
}

// mark sets or removes a mark of the private state.
func mark(ctx context.Context, state tfkit.PrivateState, key string, is bool, diags *diag.Diagnostics) {
	var value []byte
	if is {
		value = []byte("true")
	}
	diags.Append(state.SetKey(ctx, key, value)...)
}

// noticed is the fingerprint of a token that was reset elsewhere; nil for none.
func noticed(ctx context.Context, state tfkit.PrivateState, diags *diag.Diagnostics) *tfkit.Fingerprint {
	value, found := state.GetKey(ctx, noticedKey)
	diags.Append(found...)
	return tfkit.ParseFingerprint(value)
}

// triggersReset tells whether other triggers are a reason to reset the token.
func triggersReset(ctx context.Context, req planmodifier.MapRequest, resp *mapplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = areOther(ctx, req.StateValue, req.PlanValue, req.Private, &resp.Diagnostics)
}

func areOther(ctx context.Context, before, after types.Map, state tfkit.PrivateState, diags *diag.Diagnostics) bool {
	areNone := len(before.Elements())+len(after.Elements()) == 0 && !after.IsUnknown()
	first := before.IsNull() && isMarked(ctx, state, importedKey, diags)
	return !before.Equal(after) && !areNone && !first
}

// ModifyPlan plans what only the provider knows, and warns of what the plan
// does to those who send with the token.
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
		mark(ctx, resp.Private, succeededKey, false, &resp.Diagnostics)
		warnOfDestruction(ctx, state, resp)
	case creates:
		tfkit.WarnReadOnly(r.Session, req, resp)
		planToken(state, &plan)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	default:
		r.planChange(ctx, state, plan, req, resp)
	}
}

// planChange plans an update, or the first half of a replacement. Terraform
// plans the second half as a creation, and shows no warnings of it.
func (r *tokenResource) planChange(ctx context.Context, state, plan resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	// A replacement that the command line demands looks like an update here, so
	// this is marked in any case; an update removes it.
	mark(ctx, resp.Private, succeededKey, plan.StreamID.Equal(state.StreamID), &resp.Diagnostics)
	moves := !plan.StreamID.Equal(state.StreamID)
	resets := areOther(ctx, state.ResetTriggers, plan.ResetTriggers, req.Private, &resp.Diagnostics)
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
	if other := noticed(ctx, req.Private, &resp.Diagnostics); other != nil {
		plan.Fingerprint = types.StringValue(other.Text())
		resp.Diagnostics.AddAttributeWarning(fingerprintPath, fmt.Sprintf("The token of stream %s was reset elsewhere", state.StreamID.ValueString()),
			"The state takes the current token, and nothing is reset. A stream has one token: if another commpeak_stream_token resource manages it, remove one of the two.")
	}
	planToken(state, &plan)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// planToken says as much of the token in the state as is known.
func planToken(state resourceModel, plan *resourceModel) {
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
			"The token of the new stream is reset as well. Senders that use one of the two tokens can no longer send, and need the new one.")
		return
	}
	diags.AddAttributeWarning(triggersPath, fmt.Sprintf("The token of stream %s is reset", stream),
		"Senders that use the current token can no longer send as soon as this is applied, and need the new one.")
}

// warnOfDestruction is also true for a deposed object, whose token is no longer valid.
func warnOfDestruction(ctx context.Context, state resourceModel, resp *resource.ModifyPlanResponse) {
	stream := state.StreamID.ValueString()
	if noticed(ctx, resp.Private, &resp.Diagnostics) != nil {
		resp.Diagnostics.AddAttributeWarning(streamIDPath, fmt.Sprintf("The token of stream %s stays valid", stream),
			"It was reset elsewhere, and this resource owns the token before, which is invalid already. To invalidate the current token as well, apply once before you destroy the resource.")
		return
	}
	resp.Diagnostics.AddAttributeWarning(streamIDPath, fmt.Sprintf("The token of stream %s stops working", stream),
		"Senders that use it can no longer send as soon as this is applied.")
}
