package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// tokenKey is the private-state key of the access token's fingerprint.
const tokenKey = "whatsapp_access_token"

var (
	otpPath      = path.Root("otp")
	whatsAppPath = path.Root("whatsapp")
	tokenPath    = whatsAppPath.AtName("access_token_wo")
	versionPath  = whatsAppPath.AtName("access_token_wo_version")
)

// ValidateConfig checks attributes that depend on each other.
func (r *streamResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !tfkit.IsKnown(config.Type) {
		return
	}
	config.refuseSettingsOfOtherType(commpeak.OTP, otpPath, config.OTP, &resp.Diagnostics)
	config.refuseSettingsOfOtherType(commpeak.WhatsApp, whatsAppPath, config.WhatsApp, &resp.Diagnostics)
	if config.isOfType(commpeak.WhatsApp) && tfkit.IsKnown(config.DefaultSender) {
		resp.Diagnostics.AddAttributeError(path.Root("default_sender"), "A WhatsApp stream has no default sender",
			fmt.Sprintf("CommPeak sends the messages of %s from its WhatsApp Business account. Remove default_sender.", config.displayName()))
	}
}

func (m resourceModel) isOfType(streamType commpeak.StreamType) bool {
	return m.Type.ValueString() == string(streamType)
}

func (m resourceModel) refuseSettingsOfOtherType(streamType commpeak.StreamType, at path.Path, settings types.Object, diags *diag.Diagnostics) {
	if !m.isOfType(streamType) && tfkit.IsKnown(settings) {
		diags.AddAttributeError(at, fmt.Sprintf("Unexpected %s settings", at),
			fmt.Sprintf("They are for streams of type %q, and %s is of type %q. Remove them, or change the type.", streamType, m.displayName(), m.Type.ValueString()))
	}
}

// requireSettings requires what a stream of its type needs to be created. An imported stream may omit it.
func (m resourceModel) requireSettings(diags *diag.Diagnostics) {
	for _, s := range []struct {
		streamType commpeak.StreamType
		at         path.Path
		settings   types.Object
		example    string
	}{
		{commpeak.OTP, otpPath, m.OTP, "otp = {}, which sets the defaults"},
		{commpeak.WhatsApp, whatsAppPath, m.WhatsApp, "whatsapp = { business_id = ... }"},
	} {
		if m.isOfType(s.streamType) && s.settings.IsNull() {
			diags.AddAttributeError(s.at, fmt.Sprintf("Missing %s settings", s.at),
				fmt.Sprintf("Creating %s of type %q requires them. Write %s.", m.displayName(), s.streamType, s.example))
		}
	}
}

// displayName names the stream in a diagnostic. Terraform shows equal diagnostics
// once, so the diagnostics of many streams must differ.
func (m resourceModel) displayName() string {
	switch {
	case !tfkit.IsKnown(m.Name):
		return "this stream"
	case !tfkit.IsKnown(m.ID):
		return fmt.Sprintf("the stream %q", m.Name.ValueString())
	}
	return fmt.Sprintf("the stream %q (%s)", m.Name.ValueString(), m.ID.ValueString())
}

// PlansOnlyChanges marks the resource: see [tfkit.PlansOnlyChanges].
func (r *streamResource) PlansOnlyChanges() {}

// ModifyPlan reports before apply what would fail or surprise in it.
func (r *streamResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if isNoOp(ctx, req, &resp.Diagnostics) {
		return
	}
	change, ok := tfkit.DecodeChange[resourceModel](ctx, req, &resp.Diagnostics)
	switch {
	case !ok:
	case change.Destroys:
		tfkit.WarnReadOnly(r.Session, req, resp)
		refuseWhenProtected(change.State, &resp.Diagnostics)
	case change.Creates:
		r.planCreate(ctx, change.Plan, req, resp)
	default:
		r.planUpdate(ctx, change.State, change.Plan, req, resp)
	}
}

func (r *streamResource) planCreate(ctx context.Context, plan resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	replaces, isProtected := isReplacement(ctx, req.Private, &resp.Diagnostics)
	if isProtected {
		addProtected(plan, &resp.Diagnostics)
		return
	}
	tfkit.WarnReadOnly(r.Session, req, resp)
	plan.requireSettings(&resp.Diagnostics)
	warnOfDraft(ctx, plan, req, resp)
	if !replaces {
		r.warnOfDuplicates(ctx, plan, &resp.Diagnostics)
	}
	r.checkDefaultSender(ctx, plan.DefaultSender, &resp.Diagnostics)
}

func (r *streamResource) planUpdate(ctx context.Context, state, plan resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if replacesType(state.Type, plan.Type) {
		tfkit.WarnReadOnly(r.Session, req, resp)
		refuseWhenProtected(state, &resp.Diagnostics)
		warnOfReplacement(state, &resp.Diagnostics)
		return
	}
	recorded := recordedSettings(ctx, state, plan, req.Private, &resp.Diagnostics)
	warnOfRecorded(state.ID.ValueString(), recorded, &resp.Diagnostics)
	if state.isWritten(plan, recorded) {
		tfkit.WarnReadOnly(r.Session, req, resp)
	}
	warnUnsentToken(ctx, state, plan, req, resp)
	if !plan.DefaultSender.Equal(state.DefaultSender) {
		r.checkDefaultSender(ctx, plan.DefaultSender, &resp.Diagnostics)
	}
}

// isWritten reports whether an update sends a request, and does not only change what Terraform stores.
func (m resourceModel) isWritten(plan resourceModel, recorded []setting) bool {
	for _, s := range settings {
		if !isRecorded(s.name, recorded) && !s.value(m).Equal(s.value(plan)) {
			return true
		}
	}
	return !m.Name.Equal(plan.Name) || !m.Description.Equal(plan.Description) || !m.Tags.Equal(plan.Tags) || !m.Enabled.Equal(plan.Enabled)
}

// replacesType reports whether a stream has to be replaced. A type that is not
// recognized may be a new label for the configured one, so it replaces nothing.
func replacesType(state, plan types.String) bool {
	return !plan.Equal(state) && slices.Contains(tfkit.TextsOf(commpeak.StreamTypes), state.ValueString())
}

// warnOfDraft warns of a WhatsApp stream without an access token. Terraform ignores
// a misspelled access_token_wo, which has the same effect.
func warnOfDraft(ctx context.Context, plan resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	config, ok := tfkit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok || !tfkit.IsKnown(config.WhatsApp) || !config.whatsApp(ctx, &resp.Diagnostics).AccessToken.IsNull() {
		return
	}
	resp.Diagnostics.AddAttributeWarning(tokenPath, fmt.Sprintf("Stream %q will stay a draft and cannot send", plan.Name.ValueString()),
		"whatsapp does not contain access_token_wo, and a WhatsApp stream without an access token stays a draft. "+
			"Terraform ignores misspelled attributes of a nested object: check that access_token_wo is spelled as here. "+
			"To set the token later, add access_token_wo and access_token_wo_version, or use the console.")
}

// isNoOp reports whether a plan changes nothing, and has no access token that
// it could fail to send. Of a thousand streams nearly all are settled, and looking
// at each attribute costs more than reading the stream.
func isNoOp(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	if req.Plan.Raw.IsNull() || !req.Plan.Raw.Equal(req.State.Raw) {
		return false
	}
	var whatsApp types.Object
	diags.Append(req.Plan.GetAttribute(ctx, whatsAppPath, &whatsApp)...)
	return whatsApp.IsNull()
}

func warnOfReplacement(state resourceModel, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("type"), fmt.Sprintf("Changing the type replaces stream %s", state.ID.ValueString()),
		fmt.Sprintf("Terraform deletes %s with its event templates, webhooks, allowed IPs and token, and creates a new stream. "+
			"Senders need the new token.", state.displayName()))
}

// warnUnsentToken compares the access token with the one last sent, by fingerprint.
func warnUnsentToken(ctx context.Context, state, plan resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	config, ok := tfkit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	token := config.whatsApp(ctx, &resp.Diagnostics).AccessToken
	if tokenVersionChanged(ctx, state, plan, &resp.Diagnostics) {
		if token.IsNull() && !plan.whatsApp(ctx, &resp.Diagnostics).AccessTokenVersion.IsNull() {
			resp.Diagnostics.AddAttributeError(versionPath, "There is no access token to send",
				fmt.Sprintf("access_token_wo_version of %s changes, which sends access_token_wo again, but access_token_wo is not set.", plan.displayName()))
		}
		return
	}
	stored, diags := req.Private.GetKey(ctx, tokenKey)
	resp.Diagnostics.Append(diags...)
	sent := tfkit.DecodeFingerprint(stored)
	if sent != nil && !token.IsNull() && !token.IsUnknown() && !sent.Matches(token.ValueString()) {
		resp.Diagnostics.AddAttributeWarning(tokenPath, fmt.Sprintf("The new access token of stream %s is not sent", state.ID.ValueString()),
			fmt.Sprintf("access_token_wo of %s differs from the token that was last sent, but access_token_wo_version is the same. Raise the version to send it.", plan.displayName()))
	}
}

// storeTokenFingerprint keeps the fingerprint of an access token that was sent.
func storeTokenFingerprint(ctx context.Context, token string, private tfkit.PrivateState, diags *diag.Diagnostics) {
	if token == "" {
		return
	}
	fingerprint, err := tfkit.NewFingerprint(token)
	if err != nil {
		diags.AddWarning("The access token was sent, but not remembered", err.Error())
		return
	}
	encoded, err := json.Marshal(fingerprint)
	if err != nil {
		diags.AddWarning("The access token was sent, but not remembered", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, tokenKey, encoded)...)
}
