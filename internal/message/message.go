// Package message offers what a stream sends: a test message as an action, the
// statistics of sent messages, and the requests that send.
package message

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// readStream returns the stream that the attribute stream_id names, and
// reports one that is not there on it.
func readStream(ctx context.Context, client *session.Session, id string, diags *diag.Diagnostics) (commpeak.Stream, bool) {
	stream, err := client.Stream(ctx, id)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(diags, "stream_id", id)
	case err != nil:
		tfkit.AddError(diags, "Could not read the stream "+id, err)
	}
	return stream, err == nil
}
