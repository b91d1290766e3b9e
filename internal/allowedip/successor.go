package allowedip

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// successorKey is the key of the private state that holds the [successor].
const successorKey = "successor"

// successor is the entry that a plan creates. If the plan is a replacement, Terraform passes the
// private state of the plan to the deletion of the old entry, which can then swap the two in one
// write. A value that is unknown at plan time is empty.
type successor struct {
	StreamID string `json:"stream_id"`
	IP       string `json:"ip"`
}

// setSuccessor notes the entry that is created; nil removes the note.
func setSuccessor(ctx context.Context, created *allowedIPModel, private tfkit.PrivateState, diags *diag.Diagnostics) {
	var encoded []byte
	if created != nil {
		encoded, _ = json.Marshal(successor{created.StreamID.ValueString(), created.IP.ValueString()}) // Strings can be encoded.
	}
	diags.Append(private.SetKey(ctx, successorKey, encoded)...)
}

func successorFrom(ctx context.Context, private tfkit.PrivateState, diags *diag.Diagnostics) (next successor) {
	encoded, found := private.GetKey(ctx, successorKey)
	diags.Append(found...)
	_ = json.Unmarshal(encoded, &next) // Without a note, it stays empty.
	return next
}
