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
func NewResource() resource.Resource { return &streamResource{} }

type streamResource struct{ client *commpeak.Client }

var (
	_ resource.ResourceWithConfigure      = &streamResource{}
	_ resource.ResourceWithIdentity       = &streamResource{}
	_ resource.ResourceWithImportState    = &streamResource{}
	_ resource.ResourceWithModifyPlan     = &streamResource{}
	_ resource.ResourceWithValidateConfig = &streamResource{}
)

type (
	identityRequest  = resource.IdentitySchemaRequest
	identityResponse = resource.IdentitySchemaResponse
)

func (r *streamResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_stream"
}

func (r *streamResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

func (r *streamResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.client = tfkit.Client(req.ProviderData, &resp.Diagnostics)
}

func (r *streamResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	spec := plan.spec(ctx, &resp.Diagnostics)
	token := config.whatsApp(ctx, &resp.Diagnostics).AccessToken.ValueString()
	timeout, diags := plan.Timeouts.Create(ctx, tfkit.DefaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if spec.WhatsApp != nil {
		spec.WhatsApp.AccessToken = token
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	stream, err := r.client.CreateStream(ctx, spec)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not create the stream %q", spec.Name), err)
		return
	}
	warnOfDifferences(stream, spec, &resp.Diagnostics)
	plan.settle(computed(stream))
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	rememberToken(ctx, token, resp.Private, &resp.Diagnostics)
}

func (r *streamResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, tfkit.DefaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	stream, err := r.client.Stream(ctx, state.ID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		// The framework wants an identity even of what is gone.
		resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, "Could not read the stream "+state.ID.ValueString(), err)
		return
	}
	imported := state.Name.IsNull()
	state.report(ctx, stream, &resp.Diagnostics)
	if imported {
		state.assumeDefaults()
	}
	save(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *streamResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	from, to := state.spec(ctx, &resp.Diagnostics), plan.spec(ctx, &resp.Diagnostics)
	token := ""
	if tokenVersionChanged(ctx, state, plan, &resp.Diagnostics) {
		token = config.whatsApp(ctx, &resp.Diagnostics).AccessToken.ValueString()
	}
	timeout, diags := plan.Timeouts.Update(ctx, tfkit.DefaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if to.WhatsApp != nil {
		to.WhatsApp.AccessToken = token
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	stream, changed, err := r.client.UpdateStream(ctx, state.ID.ValueString(), from, to)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not change the stream %q (%s)", from.Name, state.ID.ValueString()), err)
		return
	}
	now := state.fields
	if changed {
		warnOfDifferences(stream, to, &resp.Diagnostics)
		now = computed(stream)
	}
	plan.settle(now)
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	rememberToken(ctx, token, resp.Private, &resp.Diagnostics)
}

func (r *streamResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, tfkit.DefaultTimeout)
	resp.Diagnostics.Append(diags...)
	refuseWhenProtected(state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	if err := r.client.DeleteStream(ctx, state.ID.ValueString()); err != nil {
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not delete the stream %q (%s)", state.Name.ValueString(), state.ID.ValueString()), err)
	}
}

func (r *streamResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := types.StringValue(req.ID)
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
	}
	if !tfkit.IsStreamID(id.ValueString()) {
		resp.Diagnostics.AddError("Invalid id of a stream",
			fmt.Sprintf("%q is not the id of a stream: that is a whole number, such as 42. The data source commpeak_streams lists the ids of all streams.", id.ValueString()))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: id})...)
}

// save writes the state and, with every write, the identity.
func save(ctx context.Context, model resourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, &model)...)
	diags.Append(identity.Set(ctx, identityModel{ID: model.ID})...)
}

// warnOfDifferences tells of settings that the service answered otherwise than
// it was asked. The state takes what was asked, as Terraform demands; the next
// plan shows the difference as drift.
func warnOfDifferences(stream commpeak.Stream, spec commpeak.StreamSpec, diags *diag.Diagnostics) {
	for _, field := range stream.Differences(spec) {
		diags.AddAttributeWarning(tfkit.AttributePath(field), "The service stored something else",
			fmt.Sprintf("The stream %q (%s) was written, but the service answers with another value for %s than the configured one. The next plan shows it.",
				spec.Name, stream.ID, field))
	}
}

func refuseWhenProtected(state resourceModel, diags *diag.Diagnostics) {
	if state.DeletionProtection.ValueBool() {
		diags.AddAttributeError(path.Root("deletion_protection"), "The stream is protected from deletion",
			fmt.Sprintf("The stream %q (%s) has deletion_protection = true, so it is neither destroyed nor replaced. "+
				"If it really shall go, with its event templates, webhooks and token, set deletion_protection = false, apply, and then destroy it.",
				state.Name.ValueString(), state.ID.ValueString()))
	}
}

// tokenVersionChanged reports whether the access token is to be sent again.
func tokenVersionChanged(ctx context.Context, state, plan resourceModel, diags *diag.Diagnostics) bool {
	before, after := state.whatsApp(ctx, diags), plan.whatsApp(ctx, diags)
	return !before.AccessTokenVersion.Equal(after.AccessTokenVersion)
}

// listOf joins names for a sentence.
func listOf(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
