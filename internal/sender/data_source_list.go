// Package sender offers the sender IDs of the account.
package sender

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
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
	StreamID types.String  `tfsdk:"stream_id"`
	Status   types.String  `tfsdk:"status"`
	Senders  []senderModel `tfsdk:"senders"`
}

type senderModel struct {
	ID         types.String `tfsdk:"id"`
	Name       types.String `tfsdk:"name"`
	Value      types.String `tfsdk:"value"`
	DailyLimit types.Int64  `tfsdk:"daily_limit"`
	StreamID   types.String `tfsdk:"stream_id"`
	Type       types.String `tfsdk:"type"`
	Status     types.String `tfsdk:"status"`
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The sender IDs of the account: what the recipients of a message see as its originator.",
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "Only senders that this stream may use: those tied to it, and those tied to none.",
				Optional:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "Only senders of this status, such as `approved`; capitals do not matter. CommPeak does not publish how it spells the statuses.",
				Optional:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"senders": schema.ListNestedAttribute{
				MarkdownDescription: "The senders, in the order of the service.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: senderAttributes()},
			},
		},
	}
}

func senderAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the sender."},
		"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Label of the sender in the console."},
		"value":       schema.StringAttribute{Computed: true, MarkdownDescription: "What the recipient sees; goes into `default_sender` of a stream."},
		"daily_limit": schema.Int64Attribute{Computed: true, MarkdownDescription: "The most messages a day; null for no limit."},
		"stream_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "The one stream that may use it; null for any."},
		"type":        schema.StringAttribute{Computed: true, MarkdownDescription: "Kind of sender, as the service spells it."},
		"status":      schema.StringAttribute{Computed: true, MarkdownDescription: "`approved`, `pending` or `rejected`; another status comes as the service spells it."},
	}
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	model.Senders = []senderModel{}
	for sender, err := range d.Session.Senders(ctx) {
		if err != nil {
			tfkit.AddError(&resp.Diagnostics, "Could not list the senders", err)
			return
		}
		if model.wants(sender) {
			model.Senders = append(model.Senders, modelOf(sender))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (m listModel) wants(sender commpeak.Sender) bool {
	if !m.StreamID.IsNull() && sender.StreamID != "" && sender.StreamID != m.StreamID.ValueString() {
		return false
	}
	return m.Status.IsNull() || strings.EqualFold(sender.Status, m.Status.ValueString())
}

func modelOf(sender commpeak.Sender) senderModel {
	return senderModel{
		ID:         types.StringValue(sender.ID),
		Name:       tfkit.OptionalString(sender.Name),
		Value:      types.StringValue(sender.Value),
		DailyLimit: types.Int64PointerValue(sender.DailyLimit),
		StreamID:   tfkit.OptionalString(sender.StreamID),
		Type:       tfkit.OptionalString(sender.Type),
		Status:     tfkit.OptionalString(sender.Status),
	}
}
