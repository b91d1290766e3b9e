package tfkit

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// streamUIDKey is the key of the private state that holds the UID of an object's stream.
const streamUIDKey = "stream_uid"

// RememberStream keeps the UID of the stream that an object belongs to. Without a UID, writes are
// not checked, so that a stream that cannot be read is no error.
func (b *ResourceBase) RememberStream(ctx context.Context, streamID string, private PrivateState, diags *diag.Diagnostics) {
	if uid := rememberedUID(ctx, private, diags); uid != "" {
		return
	}
	uid, err := b.Session.StreamUID(ctx, streamID)
	if err != nil || uid == "" {
		return
	}
	encoded, _ := json.Marshal(uid) // A string can be encoded.
	diags.Append(private.SetKey(ctx, streamUIDKey, encoded)...)
}

// VerifyStream reports whether an object may be written: the account has the stream that the
// object was read from.
func (b *ResourceBase) VerifyStream(ctx context.Context, streamID string, private PrivateState, diags *diag.Diagnostics) bool {
	return VerifyStream(ctx, b.Session, streamID, rememberedUID(ctx, private, diags), diags)
}

// VerifyStream reports whether the stream with this UID may be written.
func VerifyStream(ctx context.Context, client *session.Session, streamID, uid string, diags *diag.Diagnostics) bool {
	err := client.VerifyStream(ctx, streamID, uid)
	switch {
	case errors.Is(err, session.ErrDifferentAccount):
		AddDifferentAccount(diags)
	case err != nil:
		AddReadError(diags, "Could not read stream "+streamID, err)
	}
	return err == nil
}

// AddDifferentAccount reports that the state belongs to a different account. The text is the
// same for each object.
func AddDifferentAccount(diags *diag.Diagnostics) {
	diags.AddError("The state belongs to a different account",
		"A stream of this account has the same ID as a stream in the state, but a different UID. Nothing was changed.\n\n"+
			"Check api_key and endpoint in the provider's configuration, or COMMPEAK_API_KEY and COMMPEAK_ENDPOINT. "+
			"If the account is the right one, remove the stream and its objects from the state with `terraform state rm`.")
}

func rememberedUID(ctx context.Context, private PrivateState, diags *diag.Diagnostics) (uid string) {
	encoded, found := private.GetKey(ctx, streamUIDKey)
	diags.Append(found...)
	_ = json.Unmarshal(encoded, &uid) // Without a UID, it stays empty.
	return uid
}
