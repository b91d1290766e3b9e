// Package statistics has the data sources that count messages: commpeak_stream_statistics for one stream, and
// commpeak_realtime_performance for many.
package statistics

import (
	"context"
	"fmt"
	"time"

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

// NewDataSource returns the data source commpeak_stream_statistics.
func NewDataSource() datasource.DataSource {
	return &dataSource{tfkit.DataSourceBase{Type: "stream_statistics"}}
}

type dataSource struct{ tfkit.DataSourceBase }

var (
	_ datasource.DataSourceWithConfigValidators = &dataSource{}
	_ datasource.DataSourceWithValidateConfig   = &dataSource{}
)

type statisticsModel struct {
	StreamID types.String `tfsdk:"stream_id"`
	Window   types.String `tfsdk:"window"`
	From     types.String `tfsdk:"from"`
	To       types.String `tfsdk:"to"`
	countsModel
	Received       types.Int64  `tfsdk:"received"`
	LastReceivedAt types.String `tfsdk:"last_received_at"`
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := countAttributes()
	attributes["stream_id"] = tfkit.StreamIDOfData("ID of the stream.")
	attributes["window"] = schema.StringAttribute{
		MarkdownDescription: "How far to count back from now, for example `\"90m\"`, `\"24h\"` or `\"168h\"` (a week). Set either this or `from`.",
		Optional:            true,
		Validators:          []validator.String{tfkit.StringFunc("must be a duration", validateWindow)},
	}
	attributes["from"] = schema.StringAttribute{
		MarkdownDescription: "Start of the period (RFC 3339, to the second), for example `\"2026-01-01T00:00:00Z\"`.",
		Optional:            true,
		Validators:          []validator.String{tfkit.StringFunc("must be a time in RFC 3339 format", validateTime)},
	}
	attributes["to"] = schema.StringAttribute{
		MarkdownDescription: "End of the period (RFC 3339, to the second, inclusive). Requires `from`. Default: now.",
		Optional:            true,
		Validators: []validator.String{
			tfkit.StringFunc("must be a time in RFC 3339 format", validateTime), stringvalidator.AlsoRequires(path.MatchRoot("from")),
		},
	}
	attributes["received"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of messages that the stream received."}
	attributes["last_received_at"] = schema.StringAttribute{
		Computed: true, MarkdownDescription: "Time of the last message that the stream received (RFC 3339); null if there is none.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Counts the messages that a stream sent, in all and by status, and the messages that it received.",
		Attributes:          attributes,
	}
}

func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("window"), path.MatchRoot("from")),
	}
}

// ValidateConfig finds a period that ends before it begins.
func (d *dataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config statisticsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.From.IsUnknown() || config.To.IsUnknown() || config.To.IsNull() {
		return
	}
	if from, to := moment(config.From), moment(config.To); !to.IsZero() && to.Before(from) {
		resp.Diagnostics.AddAttributeError(path.Root("to"), "The period ends before it begins",
			"It begins "+config.From.ValueString()+" and ends "+config.To.ValueString()+".")
	}
}

// moment returns the time, or the zero time for null.
func moment(value types.String) time.Time {
	parsed, _ := time.Parse(time.RFC3339, value.ValueString()) // It was validated.
	return parsed
}

// validateTime returns what is wrong with a time.
func validateTime(text string) string {
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		return fmt.Sprintf("%q is not a time. Write it with date, time and zone, for example \"2026-01-01T00:00:00Z\".", text)
	}
	return ""
}

// filter returns the filter for the period that ends now.
func (m statisticsModel) filter(now time.Time) commpeak.MessageFilter {
	filter := commpeak.MessageFilter{StreamID: m.StreamID.ValueString(), From: moment(m.From), To: moment(m.To)}
	if window, err := time.ParseDuration(m.Window.ValueString()); err == nil {
		// The end stays open, so that the last message counts if the clock of the API is ahead.
		filter.From = now.Add(-window)
	}
	return filter
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[statisticsModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	filter := model.filter(time.Now())
	counts, err := d.Session.MessageCounts(ctx, filter)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not count the messages of stream "+model.StreamID.ValueString(), err)
		return
	}
	received, last, err := d.Session.LastReceived(ctx, commpeak.ReceivedMessageFilter{StreamID: filter.StreamID, From: filter.From, To: filter.To})
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not count the messages that stream "+model.StreamID.ValueString()+" received", err)
		return
	}
	model.countsModel, model.Received, model.LastReceivedAt = countsFromAPI(counts), types.Int64Value(received), tfkit.Time(last)
	if counts.ByStatus == nil {
		warnOfIgnoredFilter(&resp.Diagnostics)
	}
	if counts.Total+received == 0 {
		// A search for messages of a stream that does not exist finds none.
		if _, found := tfkit.ReadStream(ctx, d.Session, model.StreamID.ValueString(), &resp.Diagnostics); !found {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
