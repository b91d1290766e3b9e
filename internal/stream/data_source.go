package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewDataSource returns the data source commpeak_stream.
func NewDataSource() datasource.DataSource { return &dataSource{tfkit.DataSourceBase{Type: "stream"}} }

type dataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigValidators = &dataSource{}

// dataModel is a stream as a data source shows it.
type dataModel struct {
	fields
	Status         types.String `tfsdk:"status"`
	LastActivityAt types.String `tfsdk:"last_activity_at"`
	AllowedIPs     types.Set    `tfsdk:"allowed_ips"`
	CallerID       types.String `tfsdk:"caller_id"`
	WhatsApp       types.Object `tfsdk:"whatsapp"`
}

var whatsAppDataTypes = map[string]attr.Type{"business_id": types.StringType}

// dataModelFromAPI returns the model of a stream. Fields that the API does not return are null.
func dataModelFromAPI(stream commpeak.Stream) dataModel {
	model := dataModel{
		fields:         fields{Tags: types.SetNull(types.StringType)},
		Status:         tfkit.OptionalString(string(stream.State)),
		LastActivityAt: tfkit.Time(stream.LastActivityAt),
		AllowedIPs:     tfkit.StringSet(stream.AllowedIPs),
		CallerID:       tfkit.OptionalString(stream.CallerID),
		WhatsApp:       types.ObjectNull(whatsAppDataTypes),
	}
	model.OTP = types.ObjectNull(otpTypes)
	model.fromAPI(stream)
	if len(stream.Tags) == 0 {
		model.Tags = types.SetValueMust(types.StringType, []attr.Value{})
	}
	if stream.WhatsApp != nil {
		model.WhatsApp = types.ObjectValueMust(whatsAppDataTypes, map[string]attr.Value{
			"business_id": types.StringValue(stream.WhatsApp.BusinessID),
		})
	}
	return model
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := streamAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the stream. Exactly one of `id` and `name` is required.",
		Optional:            true, Computed: true,
		Validators: []validator.String{tfkit.StreamID()},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Exact name of the stream. If several streams have it, use `id`.",
		Optional:            true, Computed: true,
		Validators: []validator.String{tfkit.NotBlank()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a stream of the account by its ID or its exact name.",
		Attributes:          attributes,
	}
}

// streamAttributes describe a stream that is shown, not managed.
func streamAttributes() map[string]schema.Attribute {
	const notReported = " Null if the API does not return it."
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the stream."},
		"uid":         schema.StringAttribute{Computed: true, MarkdownDescription: aboutUID},
		"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the stream."},
		"type":        schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the stream: " + listOf(tfkit.TextsOf(commpeak.StreamTypes)) + ", or another value that the API returns."},
		"description": schema.StringAttribute{Computed: true, MarkdownDescription: "Description of the stream, null if there is none."},
		"tags":        schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Tags of the stream."},
		"allowed_ips": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Addresses and prefixes that may call the stream's API."},
		"default_sender": schema.StringAttribute{
			Computed: true, MarkdownDescription: "Sender ID for messages that do not specify one. Null for *Customized*, or if the API does not return it.",
		},
		"caller_id":        schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the caller ID of a voice stream; null for other types."},
		"demo":             schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether deliveries are simulated." + notReported},
		"enabled":          schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the stream can send: `false` while it is paused by hand."},
		"restricted":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the stream refuses all addresses while it has no allowed IPs." + notReported},
		"status":           schema.StringAttribute{Computed: true, MarkdownDescription: aboutStatus},
		"created_at":       schema.StringAttribute{Computed: true, MarkdownDescription: aboutCreatedAt},
		"last_activity_at": schema.StringAttribute{Computed: true, MarkdownDescription: aboutLastActivityAt},
		"otp": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Code settings of a stream of type `otp`." + notReported,
			Attributes: map[string]schema.Attribute{
				"code_generation":  schema.StringAttribute{Computed: true, MarkdownDescription: "System that generates the codes: `commpeak` or `customer`."},
				"code_length":      schema.NumberAttribute{Computed: true, MarkdownDescription: "Number of digits of a code."},
				"code_ttl_seconds": schema.NumberAttribute{Computed: true, MarkdownDescription: "Number of seconds for which a code is valid."},
				"max_failures":     schema.NumberAttribute{Computed: true, MarkdownDescription: "Number of failed attempts after which a code is invalid."},
				"sending_limit": schema.SingleNestedAttribute{
					Computed:            true,
					MarkdownDescription: "Maximum number of messages in a period, null if there is no limit.",
					Attributes: map[string]schema.Attribute{
						"max_messages":   schema.NumberAttribute{Computed: true, MarkdownDescription: "Number of messages."},
						"period_seconds": schema.NumberAttribute{Computed: true, MarkdownDescription: "Length of the period in seconds."},
					},
				},
			},
		},
		"whatsapp": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "WhatsApp settings of a stream of type `whatsapp`." + notReported,
			Attributes: map[string]schema.Attribute{
				"business_id": schema.StringAttribute{Computed: true, MarkdownDescription: "WhatsApp Business ID."},
			},
		},
	}
}

func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, ok := tfkit.Decode[dataModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	stream := d.find(ctx, config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, dataModelFromAPI(stream))...)
}

// find returns the one stream of that id or name.
func (d *dataSource) find(ctx context.Context, config dataModel, diags *diag.Diagnostics) commpeak.Stream {
	if id := config.ID.ValueString(); id != "" {
		stream, err := d.Session.Stream(ctx, id)
		if errors.Is(err, commpeak.ErrNotFound) {
			tfkit.AddNoSuchStream(diags, "id", id)
		} else if err != nil {
			tfkit.AddError(diags, "Could not read the stream "+id, err)
		}
		return stream
	}
	name := config.Name.ValueString()
	var found []commpeak.Stream
	for stream, err := range d.Session.Streams(ctx) {
		if err != nil {
			tfkit.AddError(diags, fmt.Sprintf("Could not look for the stream %q", name), err)
			return commpeak.Stream{}
		}
		if stream.Name == name {
			found = append(found, stream)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	diags.AddAttributeError(path.Root("name"), "No single stream of that name", whichOf(name, found))
	return commpeak.Stream{}
}

func whichOf(name string, found []commpeak.Stream) string {
	if len(found) == 0 {
		return fmt.Sprintf("The account has no stream named %q. The name must be exact, capitals included; commpeak_streams finds streams by a part of their name.", name)
	}
	ids := make([]string, len(found))
	for i, stream := range found {
		ids[i] = stream.ID
	}
	return fmt.Sprintf("The account has %d streams named %q. Choose one by its id: %s.", len(found), name, strings.Join(ids, ", "))
}
