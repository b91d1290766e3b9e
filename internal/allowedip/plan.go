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

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Each resource is checked alone, against the account: what a plan warns of does
// not depend on the order in which Terraform plans the others.

// ModifyPlan warns if an entry allows every address, and if the last entry of a
// list is removed.
func (r *entryResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	tfkit.WarnReadOnly(r.Session, req, resp)
	change, ok := tfkit.DecodeChange[entryModel](ctx, req, &resp.Diagnostics)
	if !ok || !r.IsConfigured() {
		return
	}
	state, plan := change.State, change.Plan
	if !change.Destroys {
		warnOfEverything([]string{plan.IP.ValueString()}, plan.StreamID, path.Root("ip"), &resp.Diagnostics)
	}
	// An entry of a stream whose new ID is not known yet is removed with its stream.
	if change.Creates || plan.StreamID.IsUnknown() || plan.StreamID.Equal(state.StreamID) {
		return
	}
	stream := r.readStream(ctx, state.StreamID)
	if stream != nil && slices.Equal(stream.AllowedIPs, []string{canonical(state.IP)}) {
		warnOfEmptyList(*stream, &resp.Diagnostics)
	}
}

// ModifyPlan warns if a list allows every address, if it is empty, and of the
// entries that a new one replaces.
func (r *wholeResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	tfkit.WarnReadOnly(r.Session, req, resp)
	change, ok := tfkit.DecodeChange[listModel](ctx, req, &resp.Diagnostics)
	if !ok || !r.IsConfigured() {
		return
	}
	state, plan := change.State, change.Plan
	moves := !plan.StreamID.Equal(state.StreamID)
	if !change.Destroys {
		r.checkList(ctx, plan, moves, &resp.Diagnostics)
	}
	if change.Creates || !moves || plan.StreamID.IsUnknown() || len(state.IPs.Elements()) == 0 {
		return
	}
	if stream := r.readStream(ctx, state.StreamID); stream != nil {
		warnOfEmptyList(*stream, &resp.Diagnostics)
	}
}

// checkList checks a list that is going to be written.
func (r *wholeResource) checkList(ctx context.Context, plan listModel, isNew bool, diags *diag.Diagnostics) {
	list, complete := entries(plan.IPs)
	warnOfEverything(list, plan.StreamID, path.Root("ips"), diags)
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

// warnOfEmptyList warns unless the stream is restricted.
func warnOfEmptyList(stream commpeak.Stream, diags *diag.Diagnostics) {
	if stream.Restricted != nil && *stream.Restricted {
		return
	}
	diags.AddAttributeWarning(path.Root("stream_id"), "The stream will be open to everyone",
		fmt.Sprintf("This leaves the list of allowed IPs of the stream %q (%s) empty, and the stream is not restricted: any address may then call its API. "+
			"To close it instead, set restricted = true on the stream. Ignore this if the same plan adds an entry, restricts the stream or deletes it.",
			stream.Name, stream.ID))
}

func warnOfEverything(list []string, streamID types.String, at path.Path, diags *diag.Diagnostics) {
	stream := "a new stream"
	if tfkit.IsKnown(streamID) {
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
