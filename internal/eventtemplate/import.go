package eventtemplate

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// ImportState takes STREAM/KEY and STREAM/ID. What is nothing but digits is an
// id, whatever keys the stream has: an event whose key is a number is imported
// by its id.
func (r *eventResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity identityModel
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	} else {
		identity = r.parseImportID(ctx, req.ID, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !tfkit.IsStreamID(identity.StreamID.ValueString()) || !isEventID(identity.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid id of an event template",
			fmt.Sprintf("stream_id = %q and id = %q are not both whole numbers, such as 42. "+
				"The data source commpeak_event_templates lists the events of a stream.", identity.StreamID.ValueString(), identity.ID.ValueString()))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("stream_id"), identity.StreamID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}

var eventID = regexp.MustCompile(`^[0-9]+$`)

func isEventID(text string) bool { return eventID.MatchString(text) }

// parseImportID reads the ID of an import; a key is looked up.
func (r *eventResource) parseImportID(ctx context.Context, text string, diags *diag.Diagnostics) identityModel {
	streamID, event, _ := strings.Cut(text, "/")
	identity := identityModel{types.StringValue(streamID), types.StringValue(event)}
	switch {
	case !tfkit.IsStreamID(streamID) || !eventKey.MatchString(event) && !isEventID(event):
		diags.AddError("Invalid id of an event template",
			fmt.Sprintf("%q is not the ID of a stream, a slash, and the key or the ID of an event, such as 42/order_shipped or 42/7.", text))
		return identity
	case isEventID(event):
		return identity
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	found, err := r.Session.EventByKey(ctx, streamID, event)
	switch {
	case err != nil:
		tfkit.AddError(diags, fmt.Sprintf("Could not look for the event %q of stream %s", event, streamID), err)
	case found == nil:
		diags.AddError("No such event template",
			fmt.Sprintf("Stream %s has no event with the key %q. The data source commpeak_event_templates lists those that it has.", streamID, event))
	default:
		identity.ID = types.StringValue(found.ID)
	}
	return identity
}
