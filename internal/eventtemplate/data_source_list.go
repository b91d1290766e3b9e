package eventtemplate

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_event_templates.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{tfkit.DataSourceBase{Type: "event_templates"}}
}

type listDataSource struct{ tfkit.DataSourceBase }

type listModel struct {
	StreamID       types.String `tfsdk:"stream_id"`
	EventTemplates []fields     `tfsdk:"event_templates"`
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the event templates of a stream.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDOfData("ID of the stream, which must be of type `otp` or `transactional`."),
			"event_templates": schema.ListNestedAttribute{
				MarkdownDescription: "Event templates, in ascending order of their IDs.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":        schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the event."},
					"name":      schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the event."},
					"key":       schema.StringAttribute{Computed: true, MarkdownDescription: "Key that selects the event in a send."},
					"template":  schema.StringAttribute{Computed: true, MarkdownDescription: "Text of the message, with its placeholders."},
					"variables": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: aboutVariables},
					"encoding":  schema.StringAttribute{Computed: true, MarkdownDescription: aboutEncoding},
					"segments":  schema.Int64Attribute{Computed: true, MarkdownDescription: aboutSegments},
				}},
			},
		},
	}
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	model.EventTemplates = []fields{}
	for event, err := range d.Session.Events(ctx, model.StreamID.ValueString()) {
		switch {
		case errors.Is(err, commpeak.ErrNotFound):
			tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", model.StreamID.ValueString())
			return
		case err != nil:
			tfkit.AddError(&resp.Diagnostics, "Could not list the event templates of stream "+model.StreamID.ValueString(), err)
			return
		}
		model.EventTemplates = append(model.EventTemplates, fieldsFromAPI(event))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
