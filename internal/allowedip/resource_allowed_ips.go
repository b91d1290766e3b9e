package allowedip

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewAllowedIPsResource returns the resource commpeak_allowed_ips.
func NewAllowedIPsResource() resource.Resource {
	return &allowedIPsResource{allowedIPBase{tfkit.ResourceBase{Type: "allowed_ips"}}}
}

type allowedIPsResource struct{ allowedIPBase }

var (
	_ resource.ResourceWithConfigure   = &allowedIPsResource{}
	_ resource.ResourceWithIdentity    = &allowedIPsResource{}
	_ resource.ResourceWithImportState = &allowedIPsResource{}
	_ resource.ResourceWithModifyPlan  = &allowedIPsResource{}
)

func (r *allowedIPsResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = allowedIPsSchema()
}

func (r *allowedIPsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, ok := tfkit.Decode[allowedIPsModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	if r.write(ctx, plan, &resp.Diagnostics) {
		r.RememberStream(ctx, plan.StreamID.ValueString(), resp.Private, &resp.Diagnostics)
		plan.save(ctx, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// write makes the list what the plan says, and reports whether it could.
func (r *allowedIPsResource) write(ctx context.Context, plan allowedIPsModel, diags *diag.Diagnostics) bool {
	stream := plan.StreamID.ValueString()
	list, _ := knownEntries(plan.IPs)
	if diags.HasError() {
		return false
	}
	err := r.Session.ReplaceAllowedIPs(ctx, stream, list)
	switch {
	case errors.Is(err, session.ErrNotKept):
		// The state takes what was planned, as Terraform demands.
		diags.AddAttributeWarning(path.Root("ips"), fmt.Sprintf("The allowed IPs of stream %s are not as configured", stream),
			"They were written, but the list differs from the configuration: another program changes it at the same time, or CommPeak stores a different list. "+
				"The next plan shows the difference. A stream has one list: if a second commpeak_allowed_ips resource manages it, remove one of the two.")
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(diags, "stream_id", stream)
		return false
	case err != nil:
		tfkit.AddError(diags, "Could not write the allowed IPs of stream "+stream, err, listFieldPaths)
		return false
	}
	return true
}

func (r *allowedIPsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state allowedIPsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, _ := knownEntries(state.IPs)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	stream, err := r.Session.GetStream(ctx, state.StreamID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.RemoveFromState(ctx, "the list of allowed IPs of stream "+state.StreamID.ValueString(), allowedIPsIdentity{state.StreamID}, resp)
	case err != nil:
		tfkit.AddReadError(&resp.Diagnostics, "Could not read the allowed IPs of stream "+state.StreamID.ValueString(), err)
	default:
		r.RememberStream(ctx, stream.ID, resp.Private, &resp.Diagnostics)
		before := state
		state.IPs = preserveSpellings(known, stream.AllowedIPs)
		tfkit.RefreshState(ctx, before, state, allowedIPsIdentity{state.StreamID}, resp)
	}
}

func (r *allowedIPsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state allowedIPsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	isWritten := equalIPs(plan.IPs, state.IPs) ||
		r.VerifyStream(ctx, plan.StreamID.ValueString(), req.Private, &resp.Diagnostics) && r.write(ctx, plan, &resp.Diagnostics)
	if isWritten {
		plan.save(ctx, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// Delete does not change the list: an empty list would open the stream, and a resource that
// replaces this one may have written the list already. It checks the account for a replacement.
func (r *allowedIPsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := tfkit.Decode[allowedIPsModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	r.VerifyStream(ctx, state.StreamID.ValueString(), req.Private, &resp.Diagnostics)
}

func (r *allowedIPsResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	stream := types.StringValue(req.ID)
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("stream_id"), &stream)...)
	}
	if !tfkit.IsStreamID(stream.ValueString()) {
		resp.Diagnostics.AddError("Invalid import ID of a list of allowed IPs",
			fmt.Sprintf("%q is not the ID of a stream, which is a whole number. Import a list of allowed IPs by the ID of its stream, for example 42.", stream.ValueString()))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("stream_id"), stream)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, allowedIPsIdentity{stream})...)
}

// save writes the state and, with every write, the identity.
func (m allowedIPsModel) save(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	tfkit.SetState(ctx, &m, allowedIPsIdentity{m.StreamID}, state, identity, diags)
}
