package stream

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_streams.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{tfkit.DataSourceBase{Type: "streams"}}
}

type listDataSource struct{ tfkit.DataSourceBase }

type listModel struct {
	tfkit.StreamFilter
	IDs     types.List  `tfsdk:"ids"`
	Streams []dataModel `tfsdk:"streams"`
	Total   types.Int64 `tfsdk:"total"`
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := tfkit.StreamFilterOfData()
	attributes["ids"] = schema.ListAttribute{
		MarkdownDescription: "IDs of the streams, in ascending order.",
		Computed:            true,
		ElementType:         types.StringType,
	}
	attributes["streams"] = schema.ListNestedAttribute{
		MarkdownDescription: "Streams, in ascending order of their IDs.",
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: streamAttributes()},
	}
	attributes["total"] = schema.Int64Attribute{
		MarkdownDescription: "Number of streams.",
		Computed:            true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the streams of the account that pass every filter, or all streams if no filter is set. An empty list is no filter.",
		Attributes:          attributes,
	}
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	filter := model.ToAPI(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()
	ids := []string{}
	model.Streams = []dataModel{}
	for stream, err := range d.Session.Streams(ctx) {
		if err != nil {
			tfkit.AddError(&resp.Diagnostics, "Could not list the streams", err)
			return
		}
		if filter.Matches(stream) {
			ids = append(ids, stream.ID)
			model.Streams = append(model.Streams, dataModelFromAPI(stream))
		}
	}
	model.IDs = tfkit.StringList(ids)
	model.Total = types.Int64Value(int64(len(ids)))
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
