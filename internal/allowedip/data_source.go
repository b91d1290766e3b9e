package allowedip

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewDataSource returns the data source commpeak_allowed_ips.
func NewDataSource() datasource.DataSource { return &dataSource{} }

type dataSource struct{ client *session.Session }

var _ datasource.DataSourceWithConfigure = &dataSource{}

type dataModel struct {
	StreamID       types.String `tfsdk:"stream_id"`
	IPs            types.Set    `tfsdk:"ips"`
	Restricted     types.Bool   `tfsdk:"restricted"`
	OpenToEveryone types.Bool   `tfsdk:"open_to_everyone"`
}

func dataModelOf(stream commpeak.Stream) dataModel {
	return dataModel{
		StreamID:       types.StringValue(stream.ID),
		IPs:            spelledLike(nil, stream.AllowedIPs),
		Restricted:     types.BoolPointerValue(stream.Restricted),
		OpenToEveryone: openToEveryone(stream),
	}
}

// openToEveryone is null where it depends on a restriction that is not
// reported.
func openToEveryone(stream commpeak.Stream) types.Bool {
	switch {
	case len(stream.AllowedIPs) > 0:
		return types.BoolValue(slices.ContainsFunc(stream.AllowedIPs, isEverything))
	case stream.Restricted == nil:
		return types.BoolNull()
	}
	return types.BoolValue(!*stream.Restricted)
}

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_allowed_ips"
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = tfkit.Client(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The addresses and prefixes that may call a stream's API. " + aboutList,
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "Id of the stream.",
				Required:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
			"ips": schema.SetAttribute{
				MarkdownDescription: "The addresses and prefixes in canonical form: a prefix of one address is that address. An entry that is neither comes as it was written. Empty for no list.",
				Computed:            true,
				ElementType:         types.StringType,
			},
			"restricted": schema.BoolAttribute{
				MarkdownDescription: "Whether the stream is closed to everyone while its list is empty. Null where the service does not report it.",
				Computed:            true,
			},
			"open_to_everyone": schema.BoolAttribute{
				MarkdownDescription: "Whether any address may call the stream's API: its list is empty and it is not restricted, or the list holds `0.0.0.0/0` or `::/0`, " +
					"each of which lets in every address of its kind. Null where that depends on a restriction which the service does not report.",
				Computed: true,
			},
		},
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultTimeout)
	defer cancel()
	id := config.StreamID.ValueString()
	stream, err := d.client.Stream(ctx, id)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", id)
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, "Could not read the allowed IPs of the stream "+id, err)
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, dataModelOf(stream))...)
	}
}
