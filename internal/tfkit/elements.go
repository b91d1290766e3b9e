package tfkit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Elements refuses a set or list of texts with an element that is null or blank.
func Elements() interface {
	validator.Set
	validator.List
} {
	return elementValidator{}
}

type elementValidator struct {
	// documented are the values that do not cause a warning; empty for any.
	documented []string
}

func (v elementValidator) Description(context.Context) string {
	return "must not contain null or blank text"
}

func (v elementValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v elementValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	v.validate(req.Path, req.ConfigValue.Elements(), &resp.Diagnostics)
}

func (v elementValidator) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	v.validate(req.Path, req.ConfigValue.Elements(), &resp.Diagnostics)
}

func (v elementValidator) validate(at path.Path, elements []attr.Value, diags *diag.Diagnostics) {
	for _, element := range elements {
		text, isText := element.(types.String)
		switch {
		case element.IsNull():
			diags.AddAttributeError(at, "Null in "+at.String(),
				"One of the values is null. Remove it, for example with compact([...]), or set the variable that it comes from.")
		case element.IsUnknown() || !isText:
		case strings.TrimSpace(text.ValueString()) == "":
			diags.AddAttributeError(at, "Blank text in "+at.String(), "One of the values is blank. Remove it, for example with compact([...]).")
		case len(v.documented) > 0 && !slices.ContainsFunc(v.documented, func(value string) bool { return strings.EqualFold(value, text.ValueString()) }):
			diags.AddAttributeWarning(at, fmt.Sprintf("No stream may match %q in %s", text.ValueString(), at),
				fmt.Sprintf("CommPeak does not document the value %q. It matches only streams for which the API returns this text. Documented values: %s.",
					text.ValueString(), strings.Join(v.documented, ", ")))
		}
	}
}
