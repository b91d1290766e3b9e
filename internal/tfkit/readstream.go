package tfkit

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// ReadStream returns the stream that the attribute stream_id names. If it cannot be read, the diagnostics contain the reason.
func ReadStream(ctx context.Context, client *session.Session, id string, diags *diag.Diagnostics) (stream commpeak.Stream, found bool) {
	stream, err := client.Stream(ctx, id)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		AddNoSuchStream(diags, "stream_id", id)
	case err != nil:
		AddError(diags, "Could not read the stream "+id, err)
	}
	return stream, err == nil
}
