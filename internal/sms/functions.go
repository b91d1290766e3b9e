package sms

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// NewSegmentsFunction returns the function sms_segments.
func NewSegmentsFunction() function.Function { return segmentsFunction{} }

type segmentsFunction struct{}

func (segmentsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "sms_segments"
}

func (segmentsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Encoding, length and number of messages of a text sent as SMS",
		MarkdownDescription: "Returns the encoding (`gsm7` or `ucs2`), the number of characters, the number of SMS segments, and the units that are left in the last segment.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "Text to measure."},
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
		Summary:             "Names of the variables of an event template",
		MarkdownDescription: "Returns the names of the placeholders of a template, in the order of their first use.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "Text with placeholders, for example `Your code is {code}`."},
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
		Summary:             "An event template with its variables filled in",
		MarkdownDescription: "Returns the text of a template with its placeholders replaced by values. A placeholder without a value is an error.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", MarkdownDescription: "Text with placeholders, for example `Your code is {code}`."},
			function.MapParameter{Name: "variables", ElementType: types.StringType, MarkdownDescription: "Values by the names of their placeholders."},
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
