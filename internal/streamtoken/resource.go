package streamtoken

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewResource returns the resource commpeak_stream_token.
func NewResource() resource.Resource { return &tokenResource{tfkit.ResourceBase{Type: "stream_token"}} }

type tokenResource struct{ tfkit.ResourceBase }

var (
	_ resource.ResourceWithConfigure   = &tokenResource{}
	_ resource.ResourceWithIdentity    = &tokenResource{}
	_ resource.ResourceWithImportState = &tokenResource{}
	_ resource.ResourceWithModifyPlan  = &tokenResource{}
)

func (r *tokenResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

func (r *tokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, ok := tfkit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	token, err := reset(ctx, r.Session, plan.StreamID.ValueString(), anyToken)
	if err != nil {
		addResetError(&resp.Diagnostics, plan.StreamID.ValueString(), err)
		return
	}
	if fingerprint := fingerprintOf(token, &resp.Diagnostics); fingerprint != nil {
		plan.Fingerprint = types.StringValue(fingerprint.String())
	}
	plan.setToken(token)
	plan.setResetTime(time.Now())
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
	r.RememberStream(ctx, plan.StreamID.ValueString(), resp.Private, &resp.Diagnostics)
}

func (r *tokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, ok := tfkit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	token, err := r.Session.StreamToken(ctx, state.StreamID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.RemoveFromState(ctx, "the token of stream "+state.StreamID.ValueString(), identityModel{StreamID: state.StreamID}, resp)
		return
	case err != nil:
		tfkit.AddReadError(&resp.Diagnostics, "Could not read the token of stream "+state.StreamID.ValueString(), err)
		return
	}
	r.RememberStream(ctx, state.StreamID.ValueString(), resp.Private, &resp.Diagnostics)
	recorded := foreignReset(ctx, req.Private, &resp.Diagnostics)
	switch {
	case state.Fingerprint.IsNull():
		state.adopt(token, &resp.Diagnostics)
	case recorded != nil && recorded.Matches(token), recorded == nil && state.ownsToken(token):
	default:
		storeForeignReset(ctx, token, resp.Private, &resp.Diagnostics)
		state.setResetTime(time.Now())
	}
	state.setToken(token)
	save(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
}

// adopt records a token that was just imported.
func (m *resourceModel) adopt(token string, diags *diag.Diagnostics) {
	if fingerprint := fingerprintOf(token, diags); fingerprint != nil {
		m.Fingerprint = types.StringValue(fingerprint.String())
	}
	m.StoreToken = types.BoolValue(false)
	m.Version = types.Int64Value(nextVersion(time.Now(), 0))
}

// storeForeignReset records a token that was reset elsewhere, until an update adopts it.
func storeForeignReset(ctx context.Context, token string, state tfkit.PrivateState, diags *diag.Diagnostics) {
	fingerprint := fingerprintOf(token, diags)
	if fingerprint == nil {
		return
	}
	encoded, err := json.Marshal(fingerprint)
	if err != nil {
		diags.AddError("Could not encode the token's fingerprint", err.Error())
		return
	}
	diags.Append(state.SetKey(ctx, foreignResetKey, encoded)...)
}

// Update does not reset the token. It adopts a token that was reset elsewhere, whose fingerprint
// is planned, and adds the token to the state or removes it.
func (r *tokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, ok := tfkit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()

	if plan.Token.IsUnknown() {
		plan.Token = types.StringNull()
		if plan.StoreToken.ValueBool() {
			token, err := r.Session.StreamToken(ctx, plan.StreamID.ValueString())
			if err != nil {
				tfkit.AddError(&resp.Diagnostics, "Could not read the token of stream "+plan.StreamID.ValueString(), err)
				return
			}
			plan.Token = types.StringValue(token)
		}
	}
	for _, key := range []string{foreignResetKey, importedKey, replacedKey} {
		setFlag(ctx, resp.Private, key, false, &resp.Diagnostics)
	}
	save(ctx, plan, &resp.State, resp.Identity, &resp.Diagnostics)
}

func (r *tokenResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	succeeded := hasFlag(ctx, req.Private, replacedKey, &resp.Diagnostics)
	id := state.StreamID.ValueString()
	if resp.Diagnostics.HasError() || !r.VerifyStream(ctx, id, req.Private, &resp.Diagnostics) || succeeded {
		return
	}
	if _, err := reset(ctx, r.Session, id, state.ownsToken); err != nil && !errors.Is(err, commpeak.ErrNotFound) {
		tfkit.AddError(&resp.Diagnostics, "Could not invalidate the token of stream "+id, err)
	}
}

func (r *tokenResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := types.StringValue(req.ID)
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, streamIDPath, &id)...)
	}
	if !tfkit.IsStreamID(id.ValueString()) {
		resp.Diagnostics.AddError("Invalid import ID of a token",
			fmt.Sprintf("%q is not the ID of a stream, a whole number, for example 42. A token is imported by the ID of its stream. "+
				"The data source commpeak_streams lists the IDs of all streams.", id.ValueString()))
		return
	}
	setFlag(ctx, resp.Private, importedKey, true, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, streamIDPath, id)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{StreamID: id})...)
}

// reset resets the token of a stream once, if the current token is one to reset. It reads that token
// first: if the response is lost, the comparison shows whether the reset was carried out.
func reset(ctx context.Context, client *session.Session, streamID string, isToReset func(token string) bool) (string, error) {
	unlock, err := client.LockStreamToken(ctx, streamID)
	if err != nil {
		return "", err
	}
	defer unlock()
	before, err := client.StreamToken(ctx, streamID)
	if err != nil || !isToReset(before) {
		return "", err
	}
	return client.ResetStreamToken(ctx, streamID, before)
}

func anyToken(string) bool { return true }

// addResetError adds the error of a reset that failed, after which the old token may be invalid.
func addResetError(diags *diag.Diagnostics, streamID string, err error) {
	var failed *commpeak.Error
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(diags, "stream_id", streamID)
	case errors.As(err, &failed) && failed.Outcome == commpeak.MaybeApplied:
		tfkit.AddError(diags, "The token of stream "+streamID+" may have been reset", err)
	default:
		tfkit.AddError(diags, "Could not reset the token of stream "+streamID, err)
	}
}

func fingerprintOf(token string, diags *diag.Diagnostics) *tfkit.Fingerprint {
	fingerprint, err := tfkit.NewFingerprint(token)
	if err != nil {
		diags.AddError("Could not compute the token's fingerprint", err.Error())
		return nil
	}
	return &fingerprint
}

// save writes the state and, with every write, the identity.
func save(ctx context.Context, model resourceModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	tfkit.SetState(ctx, &model, identityModel{StreamID: model.StreamID}, state, identity, diags)
}
