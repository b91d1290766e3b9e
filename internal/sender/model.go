// Package sender offers the sender IDs of the account.
package sender

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

type senderModel struct {
	ID         types.String `tfsdk:"id"`
	Name       types.String `tfsdk:"name"`
	Value      types.String `tfsdk:"value"`
	DailyLimit types.Int64  `tfsdk:"daily_limit"`
	StreamID   types.String `tfsdk:"stream_id"`
	Type       types.String `tfsdk:"type"`
	Status     types.String `tfsdk:"status"`
	Approved   types.Bool   `tfsdk:"approved"`
}

func senderAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the sender."},
		"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Label of the sender in the console."},
		"value":       schema.StringAttribute{Computed: true, MarkdownDescription: "Text or number that recipients see. Use it as `default_sender` of a stream."},
		"daily_limit": schema.Int64Attribute{Computed: true, MarkdownDescription: "Maximum number of messages a day; null if there is no limit."},
		"stream_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the only stream that may use the sender; null if every stream may."},
		"type":        schema.StringAttribute{Computed: true, MarkdownDescription: "Kind of sender, as the API returns it."},
		"status":      schema.StringAttribute{Computed: true, MarkdownDescription: "One of `approved`, `pending`, `rejected`, or another value as the API returns it."},
		"approved":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether `status` is `approved`."},
	}
}

func modelFromAPI(sender commpeak.Sender) senderModel {
	return senderModel{
		ID:         types.StringValue(sender.ID),
		Name:       tfkit.OptionalString(sender.Name),
		Value:      types.StringValue(sender.Value),
		DailyLimit: types.Int64PointerValue(sender.DailyLimit),
		StreamID:   tfkit.OptionalString(sender.StreamID),
		Type:       tfkit.OptionalString(sender.Type),
		Status:     tfkit.OptionalString(sender.Status),
		Approved:   types.BoolValue(isApproved(sender)),
	}
}

func isApproved(sender commpeak.Sender) bool { return sender.Status == commpeak.SenderApproved }
