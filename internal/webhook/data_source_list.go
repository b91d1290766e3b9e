package webhook

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_webhooks.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{tfkit.DataSourceBase{Type: "webhooks"}}
}

type listDataSource struct{ tfkit.DataSourceBase }

type listModel struct {
	StreamID types.String   `tfsdk:"stream_id"`
	Webhooks []webhookModel `tfsdk:"webhooks"`
}

// webhookModel is a webhook as the data source shows it.
type webhookModel struct {
	ID      types.String `tfsdk:"id"`
	URL     types.String `tfsdk:"url"`
	Method  types.String `tfsdk:"method"`
	Headers types.Map    `tfsdk:"headers"`
	Enabled types.Bool   `tfsdk:"enabled"`
}

// webhookFromAPI returns the model of a webhook. Fields that the API does not return are null.
func webhookFromAPI(webhook commpeak.Webhook) webhookModel {
	model := webhookModel{
		ID:      types.StringValue(webhook.ID),
		URL:     types.StringValue(webhook.URL),
		Method:  types.StringValue(webhook.Method),
		Headers: types.MapNull(types.StringType),
		Enabled: types.BoolPointerValue(webhook.Enabled),
	}
	switch {
	case len(webhook.Headers) > 0:
		model.Headers = mapOf(reportedHeaders(webhook.Headers, nil, nil))
	case webhook.Headers != nil:
		model.Headers = types.MapValueMust(types.StringType, map[string]attr.Value{})
	}
	return model
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the webhooks of a stream, to which CommPeak delivers incoming messages.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDOfData("ID of the stream, which must be of type `two_way` or `whatsapp`."),
			"webhooks": schema.ListNestedAttribute{
				MarkdownDescription: "Webhooks, in ascending order of their IDs.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":     schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the webhook."},
					"url":    schema.StringAttribute{Computed: true, MarkdownDescription: "URL that receives incoming messages."},
					"method": schema.StringAttribute{Computed: true, MarkdownDescription: "HTTP method of the call: `POST` or `GET`."},
					"headers": schema.MapAttribute{
						MarkdownDescription: "HTTP headers of each call, stored in the state with their values. A value that the API masks is `********`. " +
							"Null if the API does not return headers.",
						Computed:    true,
						ElementType: types.StringType,
						Sensitive:   true,
					},
					"enabled": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the webhook is called. Null if the API does not return it."},
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

	streamID := model.StreamID.ValueString()
	model.Webhooks = []webhookModel{}
	for webhook, err := range d.Session.Webhooks(ctx, streamID) {
		switch {
		case errors.Is(err, commpeak.ErrNotFound):
			tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", streamID)
			return
		case err != nil:
			tfkit.AddError(&resp.Diagnostics, "Could not list the webhooks of the stream "+streamID, err)
			return
		}
		model.Webhooks = append(model.Webhooks, webhookFromAPI(webhook))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
