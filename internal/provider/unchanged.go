package provider

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Nearly all objects of a plan are unchanged, and the framework spends half of the CPU time of a
// refresh and plan on them. An object is unchanged if the proposed state equals the prior state
// and no default has a different value. The framework would return the same state.

// resourceType is a resource whose ModifyPlan ignores unchanged objects.
type resourceType struct {
	attributes tftypes.Type
	// defaults are the values of arguments that the configuration leaves out.
	defaults map[string]tftypes.Value
	// nested are objects, whose defaults are left to the framework.
	nested []string
}

// resourceTypes are the resources that implement [tfkit.PlansOnlyChanges].
func resourceTypes(ctx context.Context, p provider.Provider) map[string]resourceType {
	all := map[string]resourceType{}
	for _, create := range p.Resources(ctx) {
		one := create()
		if _, ok := one.(tfkit.PlansOnlyChanges); !ok {
			continue
		}
		var names resource.MetadataResponse
		one.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: typeName}, &names)
		var described resource.SchemaResponse
		one.Schema(ctx, resource.SchemaRequest{}, &described)
		if typ, ok := newResourceType(ctx, described.Schema); ok {
			all[names.TypeName] = typ
		}
	}
	return all
}

// newResourceType fails for a schema with a default that it cannot evaluate.
func newResourceType(ctx context.Context, described schema.Schema) (resourceType, bool) {
	typ := resourceType{attributes: described.Type().TerraformType(ctx), defaults: map[string]tftypes.Value{}}
	for name, attribute := range described.Attributes {
		switch attribute := attribute.(type) {
		case schema.BoolAttribute:
			if attribute.Default != nil {
				var value defaults.BoolResponse
				attribute.Default.DefaultBool(ctx, defaults.BoolRequest{}, &value)
				typ.defaults[name] = tftypes.NewValue(tftypes.Bool, value.PlanValue.ValueBool())
			}
		case schema.SingleNestedAttribute:
			typ.nested = append(typ.nested, name)
		default:
			if attribute.IsOptional() && attribute.IsComputed() {
				return typ, false
			}
		}
	}
	return typ, true
}

// msgPackNull is null in MessagePack.
const msgPackNull = 0xc0

// leavesUnchanged reports whether a plan changes nothing.
func (t resourceType) leavesUnchanged(req *tfprotov6.PlanResourceChangeRequest) bool {
	if req.PriorState == nil || req.ProposedNewState == nil || req.Config == nil ||
		len(req.PriorState.MsgPack) == 0 || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return false
	}
	if len(t.defaults)+len(t.nested) == 0 {
		return req.PriorState.MsgPack[0] != msgPackNull
	}
	config, prior := attributesOf(req.Config, t.attributes), attributesOf(req.PriorState, t.attributes)
	if config == nil || prior == nil {
		return false
	}
	for name, value := range t.defaults {
		if config[name].IsNull() && !prior[name].Equal(value) {
			return false
		}
	}
	for _, name := range t.nested {
		if !config[name].IsNull() {
			return false
		}
	}
	return true
}

// attributesOf returns nil for null and for what cannot be decoded.
func attributesOf(encoded *tfprotov6.DynamicValue, typ tftypes.Type) map[string]tftypes.Value {
	object, err := encoded.Unmarshal(typ)
	if err != nil || object.IsNull() {
		return nil
	}
	var attributes map[string]tftypes.Value
	if object.As(&attributes) != nil {
		return nil
	}
	return attributes
}
