package tfkit

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// StreamFilter is the part of a configuration that chooses streams. Data
// sources take sets of texts, and list resources, which have no sets, lists.
type StreamFilter struct {
	Name      types.String `tfsdk:"name"`
	NameRegex types.String `tfsdk:"name_regex"`
	Statuses  []string     `tfsdk:"statuses"`
	Types     []string     `tfsdk:"types"`
	Tags      []string     `tfsdk:"tags"`
	AnyTags   []string     `tfsdk:"any_tags"`
}

var (
	streamNameFilters = map[string]struct {
		about      string
		validators []validator.String
	}{
		"name": {"A part of the name, capitals included.", nil},
		"name_regex": {
			"A regular expression ([RE2 syntax](https://github.com/google/re2/wiki/Syntax)) that matches somewhere in the name; `(?i)` at its start disregards capitals.",
			[]validator.String{Text("must be a regular expression", regexFault)},
		},
	}
	streamTextsFilters = map[string]string{
		"statuses": "Statuses, one of which the stream has: `ready`, `sending`, `draft`, `disabled`, or another as the service spells it.",
		"types":    "Types, one of which the stream has: `marketing`, `transactional`, `otp`, `two_way`, `whatsapp`, or another as the service spells it.",
		"tags":     "Tags, all of which the stream has.",
		"any_tags": "Tags, at least one of which the stream has.",
	}
)

func regexFault(text string) string {
	if _, err := regexp.Compile(text); err != nil {
		return fmt.Sprintf("%q cannot be read: %s.", text, err)
	}
	return ""
}

// StreamFilterOfData are the attributes of a [StreamFilter] in a data source.
func StreamFilterOfData() map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for name, filter := range streamNameFilters {
		attributes[name] = datasource.StringAttribute{MarkdownDescription: filter.about, Optional: true, Validators: filter.validators}
	}
	for name, about := range streamTextsFilters {
		attributes[name] = datasource.SetAttribute{
			MarkdownDescription: about, ElementType: types.StringType, Optional: true,
			Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(NotBlank())},
		}
	}
	return attributes
}

// StreamFilterOfList are the attributes of a [StreamFilter] in a list resource.
func StreamFilterOfList() map[string]list.Attribute {
	attributes := map[string]list.Attribute{}
	for name, filter := range streamNameFilters {
		attributes[name] = list.StringAttribute{MarkdownDescription: filter.about, Optional: true, Validators: filter.validators}
	}
	for name, about := range streamTextsFilters {
		attributes[name] = list.ListAttribute{
			MarkdownDescription: about, ElementType: types.StringType, Optional: true,
			Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(NotBlank())},
		}
	}
	return attributes
}

// Of is the filter as the API client takes it. Values must be known and valid.
func (f StreamFilter) Of(diags *diag.Diagnostics) commpeak.StreamFilter {
	wanted := commpeak.StreamFilter{
		Name: f.Name.ValueString(), Statuses: f.Statuses, Types: f.Types, Tags: f.Tags, AnyTags: f.AnyTags,
	}
	if !f.NameRegex.IsNull() {
		regex, err := regexp.Compile(f.NameRegex.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("name_regex"), "Invalid name_regex", err.Error())
		}
		wanted.NameRegex = regex
	}
	return wanted
}
