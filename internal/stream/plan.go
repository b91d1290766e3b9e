package stream

import (
	"context"
	"fmt"

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

// ValidateConfig checks what the attributes say of one another.
func (r *streamResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Type.IsUnknown() || config.Type.IsNull() {
		return
	}
	config.belongs(commpeak.OTP, otpPath, config.OTP, "otp = {}, which takes the defaults", &resp.Diagnostics)
	config.belongs(commpeak.WhatsApp, whatsAppPath, config.WhatsApp, "whatsapp = { business_id = ... }", &resp.Diagnostics)
	if config.Type.ValueString() == string(commpeak.WhatsApp) && !config.DefaultSender.IsNull() && !config.DefaultSender.IsUnknown() {
		resp.Diagnostics.AddAttributeError(path.Root("default_sender"), "A WhatsApp stream has no default sender",
			fmt.Sprintf("Messages of %s come from its WhatsApp Business account. Remove default_sender.", config.called()))
	}
}

// belongs demands settings with, and only with, the type that they are for.
func (m resourceModel) belongs(wanted commpeak.StreamType, at path.Path, settings types.Object, example string, diags *diag.Diagnostics) {
	is := commpeak.StreamType(m.Type.ValueString())
	switch {
	case is == wanted && settings.IsNull():
		diags.AddAttributeError(at, fmt.Sprintf("Missing %s settings", at),
			fmt.Sprintf("They are needed by a stream of type %q, such as %s: write %s.", is, m.called(), example))
	case is != wanted && !settings.IsNull() && !settings.IsUnknown():
		diags.AddAttributeError(at, fmt.Sprintf("Unexpected %s settings", at),
			fmt.Sprintf("They are for streams of type %q, and %s is of type %q. Remove them, or change the type.", wanted, m.called(), is))
	}
}

// called names the stream in a diagnostic. Terraform shows equal diagnostics
// once: those of many streams must not be equal.
func (m resourceModel) called() string {
	if m.Name.IsNull() || m.Name.IsUnknown() {
		return "this stream"
	}
	return fmt.Sprintf("the stream %q", m.Name.ValueString())
}

// PlansOnlyChanges marks the resource: see [tfkit.PlansOnlyChanges].
func (r *streamResource) PlansOnlyChanges() {}

// ModifyPlan finds before apply what would fail or surprise in it.
func (r *streamResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if isSettled(ctx, req, &resp.Diagnostics) {
		return
	}
	var state, plan, config resourceModel
	destroys, creates := req.Plan.Raw.IsNull(), req.State.Raw.IsNull()
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.WarnReadOnly(r.Session, req, resp)
	if destroys {
		refuseWhenProtected(state, &resp.Diagnostics)
		return
	}
	replaces := !creates && !plan.Type.Equal(state.Type)
	if replaces {
		refuseWhenProtected(state, &resp.Diagnostics)
		warnOfReplacement(state, &resp.Diagnostics)
	}
	if !creates && !replaces {
		checkToken(ctx, state, plan, config, req, resp)
	}
	if creates {
		r.warnOfDuplicates(ctx, plan, &resp.Diagnostics)
	}
	if creates || !plan.DefaultSender.Equal(state.DefaultSender) {
		r.checkDefaultSender(ctx, plan.DefaultSender, &resp.Diagnostics)
	}
}

// isSettled reports whether there is nothing to say of a plan: it changes nothing,
// and there is no access token that it could fail to send. Of a thousand streams
// nearly all are settled, and looking at each attribute costs more than reading
// the stream.
func isSettled(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	if req.Plan.Raw.IsNull() || !req.Plan.Raw.Equal(req.State.Raw) {
		return false
	}
	var whatsApp types.Object
	diags.Append(req.Plan.GetAttribute(ctx, whatsAppPath, &whatsApp)...)
	return whatsApp.IsNull()
}

func warnOfReplacement(state resourceModel, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("type"), "Changing the type replaces the stream",
		fmt.Sprintf("The stream %q (%s) is deleted with its event templates, webhooks, allowed IPs and token, and a new one is created. "+
			"Whoever sends through it needs the new token.", state.Name.ValueString(), state.ID.ValueString()))
}

// checkToken compares the access token with the one last sent, by fingerprint.
func checkToken(ctx context.Context, state, plan, config resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	token := config.whatsApp(ctx, &resp.Diagnostics).AccessToken
	if tokenVersionChanged(ctx, state, plan, &resp.Diagnostics) {
		if token.IsNull() && !plan.whatsApp(ctx, &resp.Diagnostics).AccessTokenVersion.IsNull() {
			resp.Diagnostics.AddAttributeError(versionPath, "There is no access token to send",
				fmt.Sprintf("access_token_wo_version of %s changes, which sends access_token_wo again, but access_token_wo is not set.", plan.called()))
		}
		return
	}
	stored, diags := req.Private.GetKey(ctx, tokenKey)
	resp.Diagnostics.Append(diags...)
	sent := tfkit.ParseFingerprint(stored)
	if sent != nil && !token.IsNull() && !token.IsUnknown() && !sent.Of(token.ValueString()) {
		resp.Diagnostics.AddAttributeWarning(tokenPath, "The new access token is not sent",
			fmt.Sprintf("access_token_wo of %s is another one than was last sent to the service, but access_token_wo_version is the same. Raise the version to send it.", plan.called()))
	}
}

// rememberToken keeps the fingerprint of an access token that was sent.
func rememberToken(ctx context.Context, token string, private tfkit.PrivateState, diags *diag.Diagnostics) {
	if token == "" {
		return
	}
	fingerprint, err := tfkit.NewFingerprint(token)
	if err != nil {
		diags.AddWarning("The access token was sent, but not remembered", err.Error())
		return
	}
	encoded, err := fingerprint.JSON()
	if err != nil {
		diags.AddWarning("The access token was sent, but not remembered", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, tokenKey, encoded)...)
}
