package stream

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_streams.
func NewListDataSource() datasource.DataSource { return &listDataSource{} }

type listDataSource struct{ client *commpeak.Client }

type listModel struct {
	Name      types.String `tfsdk:"name"`
	NameRegex types.String `tfsdk:"name_regex"`
	Statuses  types.Set    `tfsdk:"statuses"`
	Types     types.Set    `tfsdk:"types"`
	Tags      types.Set    `tfsdk:"tags"`
	AnyTags   types.Set    `tfsdk:"any_tags"`
	IDs       types.List   `tfsdk:"ids"`
	Streams   []dataModel  `tfsdk:"streams"`
	Total     types.Int64  `tfsdk:"total"`
}

func (d *listDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_streams"
}

func (d *listDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = tfkit.Client(req.ProviderData, &resp.Diagnostics)
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The streams of the account, filtered as on the Streams API page. A stream is listed if it passes every filter that is set; " +
			"without any filter, all streams are.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "A part of the name, capitals included.",
				Optional:            true,
			},
			"name_regex": schema.StringAttribute{
				MarkdownDescription: "A regular expression ([RE2 syntax](https://github.com/google/re2/wiki/Syntax)) that matches somewhere in the name; `(?i)` at its start disregards capitals.",
				Optional:            true,
				Validators:          []validator.String{tfkit.Text("must be a regular expression", regexFault)},
			},
			"statuses": stringSet("Statuses, one of which the stream has: `ready`, `sending`, `draft`, `disabled`, or another as the service spells it."),
			"types":    stringSet("Types, one of which the stream has: " + listOf(typeNames()) + ", or another as the service spells it."),
			"tags":     stringSet("Tags, all of which the stream has."),
			"any_tags": stringSet("Tags, at least one of which the stream has."),
			"ids": schema.ListAttribute{
				MarkdownDescription: "Ids of the streams, in ascending order.",
				Computed:            true,
				ElementType:         types.StringType,
			},
			"streams": schema.ListNestedAttribute{
				MarkdownDescription: "The streams, in ascending order of their ids.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: streamAttributes()},
			},
			"total": schema.Int64Attribute{
				MarkdownDescription: "Number of the streams listed.",
				Computed:            true,
			},
		},
	}
}

func stringSet(about string) schema.Attribute {
	return schema.SetAttribute{
		MarkdownDescription: about,
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(tfkit.NotBlank())},
	}
}

func regexFault(text string) string {
	if _, err := regexp.Compile(text); err != nil {
		return fmt.Sprintf("%q cannot be read: %s.", text, err)
	}
	return ""
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	wanted := model.filter(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultTimeout)
	defer cancel()
	ids := []string{}
	model.Streams = []dataModel{}
	for stream, err := range d.client.Streams(ctx) {
		if err != nil {
			tfkit.AddError(&resp.Diagnostics, "Could not list the streams", err)
			return
		}
		if wanted.wants(stream) {
			ids = append(ids, stream.ID)
			model.Streams = append(model.Streams, dataModelOf(stream))
		}
	}
	model.IDs = stringList(ids)
	model.Total = types.Int64Value(int64(len(ids)))
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (m listModel) filter(ctx context.Context, diags *diag.Diagnostics) filter {
	wanted := filter{name: m.Name.ValueString()}
	if !m.NameRegex.IsNull() {
		regex, err := regexp.Compile(m.NameRegex.ValueString())
		if err != nil {
			diags.AddError("Invalid name_regex", err.Error())
		}
		wanted.regex = regex
	}
	for _, set := range []struct {
		from types.Set
		to   *[]string
	}{
		{m.Statuses, &wanted.statuses},
		{m.Types, &wanted.types},
		{m.Tags, &wanted.tags},
		{m.AnyTags, &wanted.anyTags},
	} {
		diags.Append(set.from.ElementsAs(ctx, set.to, false)...)
	}
	return wanted
}
