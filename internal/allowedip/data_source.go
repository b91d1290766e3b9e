package allowedip

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewDataSource returns the data source commpeak_allowed_ips.
func NewDataSource() datasource.DataSource {
	return &dataSource{tfkit.DataSourceBase{Type: "allowed_ips"}}
}

type dataSource struct{ tfkit.DataSourceBase }

var _ datasource.DataSourceWithConfigure = &dataSource{}

type dataModel struct {
	StreamID       types.String `tfsdk:"stream_id"`
	IPs            types.Set    `tfsdk:"ips"`
	Restricted     types.Bool   `tfsdk:"restricted"`
	OpenToEveryone types.Bool   `tfsdk:"open_to_everyone"`
}

func dataModelFromAPI(stream commpeak.Stream) dataModel {
	return dataModel{
		StreamID:       types.StringValue(stream.ID),
		IPs:            tfkit.StringSet(stream.AllowedIPs),
		Restricted:     types.BoolPointerValue(stream.Restricted),
		OpenToEveryone: openToEveryone(stream),
	}
}

// openToEveryone is null where it depends on a restriction that is not
// reported.
func openToEveryone(stream commpeak.Stream) types.Bool {
	switch {
	case len(stream.AllowedIPs) > 0:
		return types.BoolValue(slices.ContainsFunc(stream.AllowedIPs, isAnyAddress))
	case stream.Restricted == nil:
		return types.BoolNull()
	}
	return types.BoolValue(!*stream.Restricted)
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the addresses and prefixes that may send through a stream.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDOfData("ID of the stream."),
			"ips": schema.SetAttribute{
				MarkdownDescription: "Addresses and prefixes in canonical form. Entries that are neither are returned unchanged. Empty if the stream has no list.",
				Computed:            true,
				ElementType:         types.StringType,
			},
			"restricted": schema.BoolAttribute{
				MarkdownDescription: "Whether the stream refuses all addresses while its list is empty. Null if the API does not return it.",
				Computed:            true,
			},
			"open_to_everyone": schema.BoolAttribute{
				MarkdownDescription: "Whether all addresses may send through the stream: the list is empty and the stream is not restricted, or the list contains `0.0.0.0/0` or `::/0`. " +
					"Null if it depends on `restricted`, which the API does not return.",
				Computed: true,
			},
		},
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, ok := tfkit.Decode[dataModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	id := config.StreamID.ValueString()
	stream, err := d.Session.Stream(ctx, id)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", id)
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, "Could not read the allowed IPs of the stream "+id, err)
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, dataModelFromAPI(stream))...)
	}
}
