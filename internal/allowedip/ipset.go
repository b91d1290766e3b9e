package allowedip

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ipSetType is a set of strings that is compared in linear time. The framework
// compares each element of a plain set with every other, which takes half a
// minute for a list of 3,000 entries.
type ipSetType struct{ basetypes.SetType }

// ipSet is a value of [ipSetType].
type ipSet struct{ basetypes.SetValue }

var (
	_ basetypes.SetTypable                    = ipSetType{}
	_ basetypes.SetValuableWithSemanticEquals = ipSet{}
)

func newIPSetType() ipSetType { return ipSetType{basetypes.SetType{ElemType: types.StringType}} }

func newIPSet(values []attr.Value) ipSet {
	return ipSet{types.SetValueMust(types.StringType, values)}
}

func (t ipSetType) Equal(other attr.Type) bool {
	_, same := other.(ipSetType)
	return same
}

func (t ipSetType) String() string { return "ipSetType" }

func (t ipSetType) ValueType(context.Context) attr.Value {
	return ipSet{types.SetNull(types.StringType)}
}

func (t ipSetType) ValueFromSet(_ context.Context, set basetypes.SetValue) (basetypes.SetValuable, diag.Diagnostics) {
	return ipSet{set}, nil
}

func (t ipSetType) ValueFromTerraform(ctx context.Context, value tftypes.Value) (attr.Value, error) {
	plain, err := t.SetType.ValueFromTerraform(ctx, value)
	if err != nil {
		return nil, err
	}
	set, ok := plain.(basetypes.SetValue)
	if !ok {
		return nil, fmt.Errorf("a set was expected, not %T", plain)
	}
	return ipSet{set}, nil
}

// Validate replaces the search of the plain type for duplicates. Terraform
// removes equal elements, and [eachOnce] finds two spellings of one entry.
func (t ipSetType) Validate(context.Context, tftypes.Value, path.Path) diag.Diagnostics { return nil }

func (s ipSet) Type(context.Context) attr.Type { return newIPSetType() }

func (s ipSet) Equal(value attr.Value) bool {
	other, same := value.(ipSet)
	if !same || s.IsNull() != other.IsNull() || s.IsUnknown() != other.IsUnknown() {
		return false
	}
	elements, others := s.texts(), other.texts()
	if len(elements) != len(others) {
		return false
	}
	for text := range elements {
		if !others[text] {
			return false
		}
	}
	return true
}

// texts are the elements as text, unknown and null ones included.
func (s ipSet) texts() map[string]bool {
	texts := map[string]bool{}
	for _, element := range s.Elements() {
		texts[element.String()] = true
	}
	return texts
}

// SetSemanticEquals spares the framework to compare the elements of equal sets.
func (s ipSet) SetSemanticEquals(_ context.Context, prior basetypes.SetValuable) (bool, diag.Diagnostics) {
	other, same := prior.(ipSet)
	return same && s.Equal(other), nil
}
