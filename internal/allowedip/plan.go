package allowedip

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Each resource is checked alone, against the account: what a plan warns of does
// not depend on the order in which Terraform plans the others.

// ModifyPlan warns if an entry allows every address, and if it stays allowed because it is
// the last one.
func (r *allowedIPResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	tfkit.WarnReadOnly(r.Session, req, resp)
	change, ok := tfkit.DecodeChange[allowedIPModel](ctx, req, &resp.Diagnostics)
	if !ok {
		return
	}
	state, plan := change.State, change.Plan
	switch {
	case change.Creates:
		setSuccessor(ctx, &plan, resp.Private, &resp.Diagnostics)
	case change.Destroys:
		setSuccessor(ctx, nil, resp.Private, &resp.Diagnostics)
	}
	if !change.Destroys {
		warnAnyAddress([]string{plan.IP.ValueString()}, plan.StreamID, path.Root("ip"), &resp.Diagnostics)
	}
	// An entry of a stream whose new ID is unknown is usually removed with its stream.
	if change.Creates || plan.StreamID.IsUnknown() || plan.StreamID.Equal(state.StreamID) || !r.IsConfigured() {
		return
	}
	stream := r.readStream(ctx, state.StreamID)
	if stream != nil && !isRestricted(*stream) && slices.Equal(stream.AllowedIPs, []string{canonical(state.IP)}) {
		warnOfLastEntry(stream.ID, state.IP.ValueString(), &resp.Diagnostics)
	}
}

// ModifyPlan warns if a list allows every address, if it is empty, of the entries that a new
// list replaces, and of the entries that a deleted list leaves.
func (r *allowedIPsResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	tfkit.WarnReadOnly(r.Session, req, resp)
	change, ok := tfkit.DecodeChange[allowedIPsModel](ctx, req, &resp.Diagnostics)
	if !ok || !r.IsConfigured() {
		return
	}
	state, plan := change.State, change.Plan
	moves := !plan.StreamID.Equal(state.StreamID)
	if !change.Destroys {
		r.checkList(ctx, plan, moves, &resp.Diagnostics)
	}
	if !change.Creates && moves && len(state.IPs.Elements()) > 0 {
		warnOfListLeft(state, &resp.Diagnostics)
	}
}

// checkList checks a list that is going to be written.
func (r *allowedIPsResource) checkList(ctx context.Context, plan allowedIPsModel, isNew bool, diags *diag.Diagnostics) {
	list, complete := knownEntries(plan.IPs)
	warnAnyAddress(list, plan.StreamID, path.Root("ips"), diags)
	if !complete || !tfkit.IsKnown(plan.StreamID) || !isNew && len(list) > 0 {
		return
	}
	stream := r.readStream(ctx, plan.StreamID)
	if stream == nil {
		return
	}
	if len(list) == 0 {
		warnOfEmptyList(*stream, diags)
	}
	if isNew {
		configured := canonicalList(list)
		isConfigured := func(entry string) bool { return slices.Contains(configured, entry) }
		warnOfRemoved(slices.DeleteFunc(slices.Clone(stream.AllowedIPs), isConfigured), plan.StreamID, diags)
	}
}

// allowedIPBase is what both resources have in common.
type allowedIPBase struct{ tfkit.ResourceBase }

// readStream reads a stream; nil if that fails: a check that is not possible
// does not fail a plan.
func (r *allowedIPBase) readStream(ctx context.Context, streamID types.String) *commpeak.Stream {
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	stream, err := r.Session.GetStream(ctx, streamID.ValueString())
	if err != nil {
		return nil
	}
	return &stream
}

// PlansOnlyChanges marks the resources: see [tfkit.PlansOnlyChanges].
func (r *allowedIPBase) PlansOnlyChanges() {}
