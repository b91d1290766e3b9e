package sms

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// aboutPlaceholders says what a template is, for all functions that take one.
const aboutPlaceholders = "A placeholder is a name in single braces, such as `{code}`: letters `A`–`Z` and `a`–`z`, digits and underscores, no digit first. " +
	"Capitals count. Any other brace is text, such as in `{}`, `{ code }` or `{1}`; of `{{code}}`, the inner braces make a placeholder and the outer ones are text."

// NewSegmentsFunction returns the function sms_segments.
func NewSegmentsFunction() function.Function { return segmentsFunction{} }

type segmentsFunction struct{}

func (segmentsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "sms_segments"
}

func (segmentsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Encoding, length and number of messages of a text sent as SMS",
		MarkdownDescription: "What a text is as SMS, by 3GPP TS 23.038 and 23.040. The result is an object:\n\n" +
			"- `encoding` (string): `gsm7` when the GSM 7-bit default alphabet and its extension table have every character, otherwise `ucs2`. National language tables are not used.\n" +
			"- `characters` (number): the Unicode code points of the text. Segments are not counted in these, but in units: in `gsm7` a character is one unit, and one of `€ ^ { } [ ] ~ | \\` " +
			"or a form feed two; in `ucs2` a character is one unit, and an emoji or another one beyond U+FFFF two.\n" +
			"- `segments` (number): the messages that carry the text. One holds 160 units of `gsm7` or 70 of `ucs2`; of several, each holds 153 or 67. " +
			"No character is parted between two. An empty text takes one.\n" +
			"- `remaining` (number): the units that the last segment still holds.\n\n" +
			"A template is measured as it is written; to measure what is sent, fill it in first with `render_template`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "The text."},
		},
		Return: function.ObjectReturn{AttributeTypes: sizeTypes},
	}
}

var sizeTypes = map[string]attr.Type{
	"encoding":   types.StringType,
	"characters": types.Int64Type,
	"segments":   types.Int64Type,
	"remaining":  types.Int64Type,
}

func (segmentsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	size := Measure(text)
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(sizeTypes, map[string]attr.Value{
		"encoding":   types.StringValue(string(size.Encoding)),
		"characters": types.Int64Value(int64(size.Characters)),
		"segments":   types.Int64Value(int64(size.Segments)),
		"remaining":  types.Int64Value(int64(size.Remaining)),
	}))
}

// NewVariablesFunction returns the function template_variables.
func NewVariablesFunction() function.Function { return variablesFunction{} }

type variablesFunction struct{}

func (variablesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "template_variables"
}

func (variablesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Names of the variables of an event template",
		MarkdownDescription: "The names of a template's placeholders, each once, in the order of their first use. An empty list for a template without any.\n\n" +
			aboutPlaceholders,
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "The template, such as `Your code is {code}`."},
		},
		Return: function.ListReturn{ElementType: types.StringType},
	}
}

func (variablesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, Variables(text))
}

// NewRenderFunction returns the function render_template.
func NewRenderFunction() function.Function { return renderFunction{} }

type renderFunction struct{}

func (renderFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "render_template"
}

func (renderFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "An event template with its variables filled in",
		MarkdownDescription: "The text of a template, each placeholder replaced by its value. Values are inserted as they are: braces in them are text. " +
			"A variable that has no value, or null, is an error that names it. Values that the template has no placeholder for are ignored, so that one map serves many templates.\n\n" +
			aboutPlaceholders,
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "The template, such as `Your code is {code}`."},
			function.MapParameter{Name: "variables", ElementType: types.StringType, MarkdownDescription: "The values by the names of their variables."},
		},
		Return: function.StringReturn{},
	}
}

func (renderFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		template  string
		variables map[string]*string
	)
	if resp.Error = req.Arguments.Get(ctx, &template, &variables); resp.Error != nil {
		return
	}
	values := map[string]string{}
	for name, value := range variables {
		if value != nil {
			values[name] = *value
		}
	}
	text, missing := Render(template, values)
	if missing != nil {
		resp.Error = function.NewArgumentFuncError(1, "The template needs a value for {"+strings.Join(missing, "}, {")+"}.")
		return
	}
	resp.Error = resp.Result.Set(ctx, text)
}
