package sender

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_senders.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{tfkit.DataSourceBase{Type: "senders"}}
}

type listDataSource struct{ tfkit.DataSourceBase }

type listModel struct {
	StreamID types.String   `tfsdk:"stream_id"`
	Statuses []types.String `tfsdk:"statuses"`
	Senders  []senderModel  `tfsdk:"senders"`
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the sender IDs of the account: the texts and numbers that recipients see as the originator of a message.",
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "Only senders that this stream may use: its own senders, and senders that every stream may use.",
				Optional:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
			"statuses": schema.SetAttribute{
				MarkdownDescription: "Only senders with one of these statuses, in upper or lower case: `approved`, `pending`, `rejected`, or another value that the API returns.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{tfkit.Elements()},
			},
			"senders": schema.ListNestedAttribute{
				MarkdownDescription: "The senders, in the order in which the API returns them.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: senderAttributes()},
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

	if tfkit.IsKnown(model.StreamID) && !tfkit.IsStreamID(model.StreamID.ValueString()) {
		tfkit.AddInvalidStreamID(&resp.Diagnostics, path.Root("stream_id"), model.StreamID.ValueString())
		return
	}
	model.Senders = []senderModel{}
	for sender, err := range d.Session.Senders(ctx) {
		if err != nil {
			tfkit.AddError(&resp.Diagnostics, "Could not list the senders", err)
			return
		}
		if model.matches(sender) {
			model.Senders = append(model.Senders, modelFromAPI(sender))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (m listModel) matches(sender commpeak.Sender) bool {
	if !m.StreamID.IsNull() && sender.StreamID != "" && sender.StreamID != m.StreamID.ValueString() {
		return false
	}
	return len(m.Statuses) == 0 || slices.ContainsFunc(m.Statuses, func(status types.String) bool {
		return strings.EqualFold(sender.Status, status.ValueString())
	})
}
