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

// NotBlank rejects a string without a visible character.
func NotBlank() validator.String {
	return StringFunc("must not be blank", validateNotBlank)
}

func validateNotBlank(text string) string {
	if strings.TrimSpace(text) == "" {
		return "The value is blank. Write at least one visible character."
	}
	return ""
}

var streamID = regexp.MustCompile(`^[1-9][0-9]*$`)

// IsStreamID reports whether the text can be the ID of a stream, which CommPeak documents as a
// whole number.
func IsStreamID(text string) bool { return streamID.MatchString(text) }

// StreamID rejects a blank ID. The form of an ID is not checked before a plan or a call uses
// it: mock_provider of `terraform test` generates IDs of letters, which are validated.
func StreamID() validator.String { return NotBlank() }

// planStreamID rejects, in a plan, text that cannot be the ID of a stream.
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

// AddInvalidStreamID adds an error for text that cannot be the ID of a stream.
func AddInvalidStreamID(diags *diag.Diagnostics, at path.Path, id string) {
	diags.AddAttributeError(at, "Invalid "+at.String(), fmt.Sprintf("%q is not the ID of a stream, which is a whole number, for example 42.", id))
}

// StringFunc returns a validator that calls validate, which returns what is wrong with the text
// in a sentence, or an empty string.
func StringFunc(description string, validate func(text string) string) validator.String {
	return stringFunc{description, validate}
}

type stringFunc struct {
	description string
	validate    func(string) string
}

func (v stringFunc) Description(context.Context) string         { return v.description }
func (v stringFunc) MarkdownDescription(context.Context) string { return v.description }

func (v stringFunc) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := v.validate(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), problem)
	}
}
