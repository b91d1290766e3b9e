package tfkit

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// NotBlank refuses text of nothing but white space.
func NotBlank() validator.String {
	return textValidator{
		says:  "must not be blank",
		check: blankness,
	}
}

func blankness(text string) string {
	if strings.TrimSpace(text) == "" {
		return "It is blank: write at least one character that shows."
	}
	return ""
}

var streamID = regexp.MustCompile(`^[1-9][0-9]*$`)

// IsStreamID reports whether the text can be the id of a stream: a whole
// number, as documented.
func IsStreamID(text string) bool { return streamID.MatchString(text) }

// StreamID refuses a blank ID. The form of an ID is not checked before a plan or a call uses
// it: mock_provider of `terraform test` makes up IDs of letters, which are validated.
func StreamID() validator.String { return NotBlank() }

// planStreamID refuses, in a plan, text that cannot be the ID of a stream.
type planStreamID struct{}

func (planStreamID) Description(context.Context) string {
	return "must be the ID of a stream, which is a whole number"
}

func (m planStreamID) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (planStreamID) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if id := req.PlanValue; IsKnown(id) && !IsStreamID(id.ValueString()) {
		AddInvalidStreamID(&resp.Diagnostics, req.Path, id.ValueString())
	}
}

// AddInvalidStreamID reports text that cannot be the ID of a stream.
func AddInvalidStreamID(diags *diag.Diagnostics, at path.Path, id string) {
	diags.AddAttributeError(at, "Invalid "+at.String(), fmt.Sprintf("%q is not the ID of a stream, which is a whole number, for example 42.", id))
}

// Text returns a validator that refuses what check finds fault with: check
// returns the fault, in a sentence, or nothing.
func Text(says string, check func(text string) string) validator.String {
	return textValidator{says: says, check: check}
}

type textValidator struct {
	says  string
	check func(string) string
}

func (v textValidator) Description(context.Context) string         { return v.says }
func (v textValidator) MarkdownDescription(context.Context) string { return v.says }

func (v textValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if fault := v.check(req.ConfigValue.ValueString()); fault != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), fault)
	}
}
