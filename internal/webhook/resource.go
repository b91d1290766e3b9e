package webhook

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

// NewResource returns the resource commpeak_webhook.
func NewResource() resource.Resource { return &webhookResource{tfkit.ResourceBase{Type: "webhook"}} }

type webhookResource struct{ tfkit.ResourceBase }

var (
	_ resource.ResourceWithConfigure      = &webhookResource{}
	_ resource.ResourceWithIdentity       = &webhookResource{}
	_ resource.ResourceWithImportState    = &webhookResource{}
	_ resource.ResourceWithModifyPlan     = &webhookResource{}
	_ resource.ResourceWithValidateConfig = &webhookResource{}
)

func (r *webhookResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

func (r *webhookResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	writeOnly := textMap(ctx, config.HeadersWO, &resp.Diagnostics)
	spec := plan.toAPIWithHeaders(ctx, writeOnly, &resp.Diagnostics)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	webhook, err := r.Session.CreateWebhook(ctx, plan.StreamID.ValueString(), spec)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", plan.StreamID.ValueString())
		return
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, "Could not create a webhook of stream "+plan.StreamID.ValueString(), err, fieldPaths)
		return
	}
	plan.ID = types.StringValue(webhook.ID)
	tfkit.WarnOfDifferences(plan.displayName(), webhook.Differences(spec), fieldPaths, &resp.Diagnostics)
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	storeSentHeaders(ctx, writeOnly, resp.Private, &resp.Diagnostics)
	r.RememberStream(ctx, plan.StreamID.ValueString(), resp.Private, &resp.Diagnostics)
}

func (r *webhookResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	sent := loadSentHeaders(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	webhook, err := r.Session.GetWebhook(ctx, state.StreamID.ValueString(), state.ID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		if r.VerifyStream(ctx, state.StreamID.ValueString(), req.Private, &resp.Diagnostics) {
			tfkit.RemoveFromState(ctx, "the "+state.displayName(), state.identity(), resp)
		}
		return
	case err != nil:
		tfkit.AddReadError(&resp.Diagnostics, "Could not read "+state.displayName(), err)
		return
	}
	r.RememberStream(ctx, state.StreamID.ValueString(), resp.Private, &resp.Diagnostics)
	state.fromAPI(ctx, webhook, sent.Names, &resp.Diagnostics)
	state.applyImportDefaults()
	if drift := sent.drift(webhook.Headers); drift != "" {
		state.HeadersWOVersion = tfkit.Integer(changedVersion)
		resp.Diagnostics.AddAttributeWarning(headersWOPath, "Headers of "+state.displayName()+" were changed outside of Terraform",
			fmt.Sprintf("They were last sent from headers_wo. %s The next apply sends headers_wo again, or removes these headers if headers_wo is no longer configured. "+
				"Until then, headers_wo_version is %d in the state.", drift, changedVersion))
	}
	save(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *webhookResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	from, to := state.toAPI(), plan.toAPI()
	rewrites := headersChanged(ctx, state, plan, &resp.Diagnostics)
	writeOnly := textMap(ctx, config.HeadersWO, &resp.Diagnostics)
	if rewrites {
		to = plan.toAPIWithHeaders(ctx, writeOnly, &resp.Diagnostics)
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	if resp.Diagnostics.HasError() || !r.VerifyStream(ctx, state.StreamID.ValueString(), req.Private, &resp.Diagnostics) {
		return
	}

	webhook, changed, err := r.Session.UpdateWebhook(ctx, state.StreamID.ValueString(), state.ID.ValueString(), from, to)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not change "+state.displayName(), err, fieldPaths)
		return
	}
	if changed {
		tfkit.WarnOfDifferences(state.displayName(), webhook.Differences(to), fieldPaths, &resp.Diagnostics)
	}
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	if rewrites {
		storeSentHeaders(ctx, writeOnly, resp.Private, &resp.Diagnostics)
	}
}

func (r *webhookResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := tfkit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	if !r.VerifyStream(ctx, state.StreamID.ValueString(), req.Private, &resp.Diagnostics) {
		return
	}
	if err := r.Session.DeleteWebhook(ctx, state.StreamID.ValueString(), state.ID.ValueString()); err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not delete "+state.displayName(), err)
	}
}

func (r *webhookResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var id identityModel
	given := req.ID
	if given == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &id)...)
		given = id.StreamID.ValueString() + "/" + id.ID.ValueString()
	} else {
		streamID, webhookID, _ := strings.Cut(req.ID, "/")
		id = identityModel{types.StringValue(streamID), types.StringValue(webhookID)}
	}
	// Every id is a whole number, that of a stream or of a webhook.
	if !tfkit.IsStreamID(id.StreamID.ValueString()) || !tfkit.IsStreamID(id.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid id of a webhook",
			fmt.Sprintf("%q is not the ID of a webhook: that is the ID of its stream, a slash and its own id, such as 42/7. "+
				"The data source commpeak_webhooks lists the webhooks of a stream.", given))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("stream_id"), id.StreamID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, id)...)
}

func (m resourceModel) identity() identityModel { return identityModel{m.StreamID, m.ID} }

// displayName names a webhook in messages. Its URL may be sensitive.
func (m resourceModel) displayName() string {
	return fmt.Sprintf("webhook %s of stream %s", m.ID.ValueString(), m.StreamID.ValueString())
}

// save writes the state and, with every write, the identity. What is written
// only must not reach the state, not even when a later step fails.
func save(ctx context.Context, model resourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	model.HeadersWO = types.MapNull(types.StringType)
	tfkit.SetState(ctx, &model, model.identity(), state, identity, diags)
}
