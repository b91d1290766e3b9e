package tfkit

import (
	"regexp"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// StreamFilter is the part of a configuration that chooses streams. Data
// sources have sets of texts, and list resources, which have no sets, lists.
type StreamFilter struct {
	NameContains types.String   `tfsdk:"name_contains"`
	NameRegex    types.String   `tfsdk:"name_regex"`
	Statuses     []types.String `tfsdk:"statuses"`
	Types        []types.String `tfsdk:"types"`
	AllTags      []types.String `tfsdk:"all_tags"`
	AnyTags      []types.String `tfsdk:"any_tags"`
}

type textFilter struct {
	description string
	validators  []validator.String
}

type textsFilter struct {
	description string
	validator   elementValidator
}

var (
	streamTextFilters = map[string]textFilter{
		"name_contains": {"Only streams with this text in their name, in the same case.", nil},
		"name_regex": {
			"Only streams whose name matches this regular expression ([RE2 syntax](https://github.com/google/re2/wiki/Syntax)) somewhere. Start it with `(?i)` to ignore case.",
			[]validator.String{StringFunc("must be a regular expression", validateRegex)},
		},
	}
	streamTextsFilters = map[string]textsFilter{
		"statuses": {
			"Only streams with one of these statuses: `ready`, `sending`, `draft`, `disabled`, or another value that the API returns.",
			elementValidator{documented: TextsOf(commpeak.StreamStates)},
		},
		"types": {
			"Only streams of one of these types: `marketing`, `transactional`, `otp`, `two_way`, `whatsapp`, or another value that the API returns.",
			elementValidator{documented: append(TextsOf(commpeak.StreamTypes), "voice")},
		},
		"all_tags": {"Only streams that have all of these tags.", elementValidator{}},
		"any_tags": {"Only streams that have at least one of these tags.", elementValidator{}},
	}
)

// TextsOf returns enumerated values as texts.
func TextsOf[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}

func validateRegex(text string) string {
	if _, err := regexp.Compile(text); err != nil {
		return stopped(err.Error())
	}
	return ""
}

// StreamFilterOfData are the attributes of a [StreamFilter] in a data source.
func StreamFilterOfData() map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for name, filter := range streamTextFilters {
		attributes[name] = datasource.StringAttribute{MarkdownDescription: filter.description, Optional: true, Validators: filter.validators}
	}
	for name, filter := range streamTextsFilters {
		attributes[name] = datasource.SetAttribute{
			MarkdownDescription: filter.description, ElementType: types.StringType, Optional: true,
			Validators: []validator.Set{filter.validator},
		}
	}
	return attributes
}

// StreamFilterOfList are the attributes of a [StreamFilter] in a list resource.
func StreamFilterOfList() map[string]list.Attribute {
	attributes := map[string]list.Attribute{}
	for name, filter := range streamTextFilters {
		attributes[name] = list.StringAttribute{MarkdownDescription: filter.description, Optional: true, Validators: filter.validators}
	}
	for name, filter := range streamTextsFilters {
		attributes[name] = list.ListAttribute{
			MarkdownDescription: filter.description, ElementType: types.StringType, Optional: true,
			Validators: []validator.List{filter.validator},
		}
	}
	return attributes
}

// ToAPI returns the filter as the API client takes it. Values must be validated.
func (f StreamFilter) ToAPI(diags *diag.Diagnostics) commpeak.StreamFilter {
	filter := commpeak.StreamFilter{
		NameContains: f.NameContains.ValueString(),
		Statuses:     stringsOf(f.Statuses), Types: stringsOf(f.Types), AllTags: stringsOf(f.AllTags), AnyTags: stringsOf(f.AnyTags),
	}
	if !f.NameRegex.IsNull() {
		regex, err := regexp.Compile(f.NameRegex.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("name_regex"), "Invalid name_regex", sentence(err.Error()))
		}
		filter.NameRegex = regex
	}
	return filter
}

func stringsOf(values []types.String) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = value.ValueString()
	}
	return texts
}
