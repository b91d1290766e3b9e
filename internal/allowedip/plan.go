package allowedip

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// ModifyPlan warns of what an entry that comes or goes means for the stream.
func (r *entryResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	tfkit.WarnReadOnly(r.Session, req, resp)
	var state, plan entryModel
	goes, comes := req.Plan.Raw.IsNull(), req.State.Raw.IsNull()
	if !comes {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !goes {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() || r.Session == nil {
		return
	}
	stays := plan.IP.Equal(state.IP) && plan.StreamID.Equal(state.StreamID)
	if !goes && !stays {
		warnOfEverything([]string{plan.IP.ValueString()}, plan.StreamID, path.Root("ip"), &resp.Diagnostics)
	}
	if !goes && isKnown(plan.StreamID) {
		stream := outlookOf(r.Session, plan.StreamID)
		stream.uses(oneEntry, true, &resp.Diagnostics)
		if !stays {
			stream.adds(canonical(plan.IP))
		}
	}
	// An entry whose new stream is not known yet goes with its old stream.
	if !comes && !stays && !plan.StreamID.IsUnknown() {
		stream := outlookOf(r.Session, state.StreamID)
		stream.uses(oneEntry, false, &resp.Diagnostics)
		stream.removes(ctx, canonical(state.IP), &resp.Diagnostics)
	}
}

// ModifyPlan warns of what a new list means for the stream.
func (r *wholeResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	tfkit.WarnReadOnly(r.Session, req, resp)
	var state, plan listModel
	goes, comes := req.Plan.Raw.IsNull(), req.State.Raw.IsNull()
	if !comes {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !goes {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() || r.Session == nil {
		return
	}
	moves := !plan.StreamID.Equal(state.StreamID)
	if !goes && isKnown(plan.StreamID) {
		outlookOf(r.Session, plan.StreamID).uses(wholeList, true, &resp.Diagnostics)
	}
	if !goes && (moves || !plan.IPs.Equal(state.IPs)) {
		r.checkList(ctx, plan, moves, &resp.Diagnostics)
	}
	if !comes && moves && !plan.StreamID.IsUnknown() {
		stream := outlookOf(r.Session, state.StreamID)
		stream.uses(wholeList, false, &resp.Diagnostics)
		if len(state.IPs.Elements()) > 0 {
			stream.empties(ctx, &resp.Diagnostics)
		}
	}
}

// checkList warns of a list that lets in everyone, and of what a new one
// replaces.
func (r *wholeResource) checkList(ctx context.Context, plan listModel, isNew bool, diags *diag.Diagnostics) {
	list, complete := entries(ctx, plan.IPs, diags)
	warnOfEverything(list, plan.StreamID, path.Root("ips"), diags)
	if !complete || !isKnown(plan.StreamID) {
		return
	}
	stream := outlookOf(r.Session, plan.StreamID)
	if len(list) == 0 {
		stream.empties(ctx, diags)
	}
	if isNew {
		warnOfRemoved(stream.removedBy(ctx, canonicalList(list)), plan.StreamID, diags)
	}
}

func warnOfEverything(list []string, streamID types.String, at path.Path, diags *diag.Diagnostics) {
	stream := "a new stream"
	if isKnown(streamID) {
		stream = "the stream " + streamID.ValueString()
	}
	for _, entry := range list {
		if isEverything(entry) {
			diags.AddAttributeWarning(at, "Every address is allowed",
				fmt.Sprintf("%s lets in every address of its kind, whatever else is on the list of %s.", entry, stream))
		}
	}
}

func warnOfRemoved(removed []string, stream types.String, diags *diag.Diagnostics) {
	const most = 20
	if len(removed) == 0 {
		return
	}
	what := "1 entry that is not configured, which is removed"
	if count := len(removed); count > 1 {
		what = fmt.Sprintf("%d entries that are not configured, which are removed", count)
	}
	if len(removed) > most {
		removed = append(slices.Clone(removed[:most]), "…")
	}
	diags.AddAttributeWarning(path.Root("ips"), "Allowed IPs are removed",
		fmt.Sprintf("The list of the stream %s is not managed yet and holds %s: %s.", stream.ValueString(), what, strings.Join(removed, ", ")))
}
