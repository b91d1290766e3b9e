package tfkit

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// Values is a plan, a state or a configuration.
type Values interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// Decode reads a model and reports whether that succeeded.
func Decode[Model any](ctx context.Context, values Values, diags *diag.Diagnostics) (model Model, ok bool) {
	diags.Append(values.Get(ctx, &model)...)
	return model, !diags.HasError()
}

// Change is what a plan does to one object.
type Change[Model any] struct {
	State, Plan       Model
	Creates, Destroys bool
}

// DecodeChange reads the state, unless an object is created, and the plan,
// unless it is destroyed.
func DecodeChange[Model any](ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) (change Change[Model], ok bool) {
	change.Creates, change.Destroys = req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !change.Creates {
		diags.Append(req.State.Get(ctx, &change.State)...)
	}
	if !change.Destroys {
		diags.Append(req.Plan.Get(ctx, &change.Plan)...)
	}
	return change, !diags.HasError()
}

// PrivateState is what a resource stores next to its state, as JSON.
type PrivateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// SetState writes the state and, with every write, the identity.
func SetState(ctx context.Context, model, identity any, state *tfsdk.State, resourceIdentity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, model)...)
	diags.Append(resourceIdentity.Set(ctx, identity)...)
}

// RefreshState writes the state that was read, if it differs from the state
// before: of many objects, nearly all are as they were.
func RefreshState(ctx context.Context, before, now, identity any, resp *resource.ReadResponse) {
	if !reflect.DeepEqual(before, now) {
		resp.Diagnostics.Append(resp.State.Set(ctx, now)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}

// RemoveFromState removes an object that no longer exists and names it in a warning. The
// framework requires an identity even then.
func RemoveFromState(ctx context.Context, displayName string, identity any, resp *resource.ReadResponse) {
	resp.Diagnostics.AddWarning(capital(displayName)+" no longer exists",
		"The account does not have it, so it is removed from the state, and the plan creates it again if it is still configured. "+
			"If it should exist, check that api_key belongs to the right account, or import it.")
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.State.RemoveResource(ctx)
}
