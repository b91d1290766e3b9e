package acctest

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Attributes are those of the state as the CLI tells them: decoded JSON.
func (r *Resource) Attributes() map[string]any {
	r.t.Helper()
	attributes, _ := DecodeValue(r.State).(map[string]any)
	return attributes
}

// Compare holds a managed object in a state against the account.
func (a *Account) Compare(name string, attributes map[string]any) error {
	return comparisons[name](a, attributes)
}

// FindSecret looks for every secret of the account in a text.
func (a *Account) FindSecret(where, text string) error { return a.findSecret(where, []byte(text)) }

// DecodeValue returns a value in the form of decoded JSON, with the elements of sets in order.
func DecodeValue(v tftypes.Value) any {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	var (
		text     string
		number   big.Float
		flag     bool
		elements []tftypes.Value
		fields   map[string]tftypes.Value
	)
	switch {
	case v.As(&text) == nil:
		return text
	case v.As(&flag) == nil:
		return flag
	case v.As(&number) == nil:
		float, _ := number.Float64()
		return float
	case v.As(&elements) == nil:
		list := []any{}
		for _, element := range elements {
			list = append(list, DecodeValue(element))
		}
		if v.Type().Is(tftypes.Set{}) {
			slices.SortFunc(list, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
		return list
	case v.As(&fields) == nil:
		object := map[string]any{}
		for name, field := range fields {
			object[name] = DecodeValue(field)
		}
		return object
	}
	return nil
}
