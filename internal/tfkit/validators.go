package tfkit

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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

// StreamID refuses text that cannot be the id of a stream.
func StreamID() validator.String {
	return stringvalidator.RegexMatches(streamID, "must be the id of a stream: a whole number, such as \"42\"")
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
