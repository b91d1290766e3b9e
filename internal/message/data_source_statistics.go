package message

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewStatisticsDataSource returns the data source commpeak_stream_statistics.
func NewStatisticsDataSource() datasource.DataSource {
	return &statisticsDataSource{tfkit.DataSourceBase{Type: "stream_statistics"}}
}

type statisticsDataSource struct{ tfkit.DataSourceBase }

var (
	_ datasource.DataSourceWithConfigValidators = &statisticsDataSource{}
	_ datasource.DataSourceWithValidateConfig   = &statisticsDataSource{}
)

type statisticsModel struct {
	StreamID types.String      `tfsdk:"stream_id"`
	Window   types.String      `tfsdk:"window"`
	From     timetypes.RFC3339 `tfsdk:"from"`
	To       timetypes.RFC3339 `tfsdk:"to"`
	countsModel
}

// aboutMoving is what users should know of every window that ends now.
const aboutMoving = "A window ends when it is read, so its figures move between two plans. That alone changes nothing that Terraform manages and makes no plan non-empty; " +
	"but an output, or an argument of a resource, that is made of a figure changes with it."

func (d *statisticsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := countAttributes()
	attributes["stream_id"] = tfkit.StreamIDOfData("Id of the stream.")
	attributes["window"] = schema.StringAttribute{
		MarkdownDescription: "How far to count back from now, such as `\"90m\"`, `\"24h\"` or `\"168h\"` (a week). Either this or `from` is needed.",
		Optional:            true,
		Validators:          []validator.String{tfkit.Text("must be a length of time", windowFault)},
	}
	attributes["from"] = schema.StringAttribute{
		MarkdownDescription: "Count messages sent from this time on (RFC 3339, to the second), such as `\"2026-01-01T00:00:00Z\"`.",
		CustomType:          timetypes.RFC3339Type{},
		Optional:            true,
	}
	attributes["to"] = schema.StringAttribute{
		MarkdownDescription: "Count messages sent up to this time (RFC 3339, to the second, which belongs to it). Default: now. Needs `from`.",
		CustomType:          timetypes.RFC3339Type{},
		Optional:            true,
		Validators:          []validator.String{stringvalidator.AlsoRequires(path.MatchRoot("from"))},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "How many messages a stream sent, and what became of them, as on the tab *Info* of the console.\n\n" +
			"Reading it costs one request for each of the six statuses, however many messages there are: the service counts them, and no list of messages is downloaded. " +
			"Where there are none at all, one more request finds out whether the stream exists.\n\n" +
			aboutMoving + " With `from` and `to` both in the past the figures settle.",
		Attributes: attributes,
	}
}

func (d *statisticsDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("window"), path.MatchRoot("from")),
	}
}

// ValidateConfig finds a period that ends before it begins.
func (d *statisticsDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config statisticsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.From.IsUnknown() || config.To.IsUnknown() || config.To.IsNull() {
		return
	}
	if from, to := moment(config.From), moment(config.To); to.Before(from) {
		resp.Diagnostics.AddAttributeError(path.Root("to"), "The period ends before it begins",
			"It begins "+config.From.ValueString()+" and ends "+config.To.ValueString()+".")
	}
}

// moment is the zero time for no value.
func moment(value timetypes.RFC3339) time.Time {
	parsed, _ := time.Parse(time.RFC3339, value.ValueString()) // its type has validated it.
	return parsed
}

// filter is the period as it is now.
func (m statisticsModel) filter(now time.Time) commpeak.MessageFilter {
	filter := commpeak.MessageFilter{StreamID: m.StreamID.ValueString(), From: moment(m.From), To: moment(m.To)}
	if window, err := time.ParseDuration(m.Window.ValueString()); err == nil {
		// The end stays open: a clock of the service's that is ahead of this
		// machine's must not hide the last message.
		filter.From = now.Add(-window)
	}
	return filter
}

func (d *statisticsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[statisticsModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	counts, err := d.Session.MessageCounts(ctx, model.filter(time.Now()))
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not count the messages of stream "+model.StreamID.ValueString(), err)
		return
	}
	model.countsModel = countsOf(counts)
	if model.Total.ValueInt64() == 0 {
		// The search knows no streams: it finds nothing for one that is not there.
		if _, found := readStream(ctx, d.Session, model.StreamID.ValueString(), &resp.Diagnostics); !found {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
