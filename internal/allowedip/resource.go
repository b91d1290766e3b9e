package allowedip

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewResource returns the resource commpeak_allowed_ip.
func NewResource() resource.Resource {
	return &allowedIPResource{allowedIPBase{tfkit.ResourceBase{Type: "allowed_ip"}}}
}

type allowedIPResource struct{ allowedIPBase }

var (
	_ resource.ResourceWithConfigure   = &allowedIPResource{}
	_ resource.ResourceWithIdentity    = &allowedIPResource{}
	_ resource.ResourceWithImportState = &allowedIPResource{}
	_ resource.ResourceWithModifyPlan  = &allowedIPResource{}
)

func (r *allowedIPResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = allowedIPSchema()
}

func (r *allowedIPResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, ok := tfkit.Decode[allowedIPModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	stream, ip := plan.StreamID.ValueString(), plan.IP.ValueString()
	err := r.Session.AddAllowedIP(ctx, stream, ip)
	switch {
	case errors.Is(err, session.ErrAlreadyAllowed):
		warnOfAdoption(stream, ip, &resp.Diagnostics)
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", stream)
		return
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not allow %s on stream %s", ip, stream), err, entryFieldPaths)
		return
	}
	setSuccessor(ctx, nil, resp.Private, &resp.Diagnostics)
	r.RememberStream(ctx, stream, resp.Private, &resp.Diagnostics)
	plan.save(ctx, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *allowedIPResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, ok := tfkit.Decode[allowedIPModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	stream, err := r.Session.GetStream(ctx, state.StreamID.ValueString())
	switch {
	case err != nil && !errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddReadError(&resp.Diagnostics, "Could not read the allowed IPs of stream "+state.StreamID.ValueString(), err)
	case !slices.Contains(stream.AllowedIPs, canonical(state.IP)):
		name := fmt.Sprintf("%s on the list of allowed IPs of stream %s", state.IP.ValueString(), state.StreamID.ValueString())
		tfkit.RemoveFromState(ctx, name, state.identity(), resp)
	default:
		r.RememberStream(ctx, stream.ID, resp.Private, &resp.Diagnostics)
		state.save(ctx, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// Update is never called: every argument requires replacement.
func (r *allowedIPResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {
}

func (r *allowedIPResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := tfkit.Decode[allowedIPModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	stream, ip := state.StreamID.ValueString(), state.IP.ValueString()
	if !r.VerifyStream(ctx, stream, req.Private, &resp.Diagnostics) {
		return
	}
	successor := successorFrom(ctx, req.Private, &resp.Diagnostics)
	var err error
	if successor.StreamID == stream && successor.IP != "" {
		err = r.Session.SwapAllowedIP(ctx, stream, ip, successor.IP)
	} else {
		err = r.Session.RemoveAllowedIP(ctx, stream, ip)
	}
	switch {
	case errors.Is(err, session.ErrLastAllowedIP):
		warnOfLastEntry(stream, ip, &resp.Diagnostics)
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not remove %s from the allowed IPs of stream %s", ip, stream), err, entryFieldPaths)
	}
}

func (r *allowedIPResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var entry allowedIPIdentity
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &entry)...)
	} else {
		// A prefix has a slash of its own.
		stream, ip, _ := strings.Cut(req.ID, "/")
		entry = allowedIPIdentity{types.StringValue(stream), types.StringValue(ip)}
	}
	if problem := entry.validate(); problem != "" {
		resp.Diagnostics.AddError("Invalid import ID of an allowed IP", problem+" The import ID is the ID of the stream, a slash, and the address or prefix, "+
			"for example 42/203.0.113.7 or 42/203.0.113.0/24.")
		return
	}
	if req.ID != "" {
		entry.IP = types.StringValue(canonical(entry.IP))
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("stream_id"), entry.StreamID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("ip"), entry.IP)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, entry)...)
}

// validate returns why an entry cannot be imported; "" if it can.
func (i allowedIPIdentity) validate() string {
	if !tfkit.IsStreamID(i.StreamID.ValueString()) {
		return fmt.Sprintf("%q is not the ID of a stream, which is a whole number.", i.StreamID.ValueString())
	}
	return validateIP(i.IP.ValueString())
}

func (m allowedIPModel) identity() allowedIPIdentity { return allowedIPIdentity(m) }

// save writes the state and, with every write, the identity.
func (m allowedIPModel) save(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	tfkit.SetState(ctx, &m, m.identity(), state, identity, diags)
}
