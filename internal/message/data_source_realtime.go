package message

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewRealtimeDataSource returns the data source commpeak_realtime_performance.
func NewRealtimeDataSource() datasource.DataSource {
	return &realtimeDataSource{tfkit.DataSourceBase{Type: "realtime_performance"}}
}

type realtimeDataSource struct{ tfkit.DataSourceBase }

type realtimeModel struct {
	tfkit.StreamFilter
	Window  types.String       `tfsdk:"window"`
	Streams []performanceModel `tfsdk:"streams"`
}

type performanceModel struct {
	ID             types.String  `tfsdk:"id"`
	Name           types.String  `tfsdk:"name"`
	Type           types.String  `tfsdk:"type"`
	Status         types.String  `tfsdk:"status"`
	LastActivityAt types.String  `tfsdk:"last_activity_at"`
	RatePerMinute  types.Float64 `tfsdk:"rate_per_minute"`
	countsModel
}

const (
	// defaultWindow is that of a configuration that names none.
	defaultWindow = time.Hour
	// parallelCounts bounds how many streams are counted at a time.
	parallelCounts = 4
)

func (d *realtimeDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := tfkit.StreamFilterOfData()
	attributes["window"] = schema.StringAttribute{
		MarkdownDescription: "How far to count back from now, such as `\"15m\"` or `\"24h\"`. Default: `\"1h\"`.",
		Optional:            true,
		Validators:          []validator.String{tfkit.Text("must be a length of time", windowFault)},
	}
	attributes["streams"] = schema.ListNestedAttribute{
		MarkdownDescription: "The streams, in ascending order of their ids.",
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: performanceAttributes()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "What the streams of the account are doing, as on the console's page *Realtime Performance*. A stream is listed if it passes every filter that is set; " +
			"without any filter, all streams are.\n\n" +
			fmt.Sprintf("Reading it costs one request for each hundred streams of the account and, of the streams that are listed, one for each that sent nothing within the window and seven for each that did; "+
				"%d streams are counted at a time. No list of messages is downloaded. In a large account, choose streams by the filters, and set the provider's `requests_per_second`.\n\n", parallelCounts) +
			aboutMoving,
		Attributes: attributes,
	}
}

func performanceAttributes() map[string]schema.Attribute {
	attributes := countAttributes()
	for name, about := range map[string]string{
		"id":               "Id of the stream.",
		"name":             "Name of the stream.",
		"type":             "Type of the stream.",
		"status":           "What the stream is doing: `ready`, `sending`, `draft` or `disabled`; another status comes as the service spells it.",
		"last_activity_at": "When the stream's API was last called (RFC 3339); null for never, or where the service does not report it.",
	} {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	attributes["rate_per_minute"] = schema.Float64Attribute{
		Computed: true, MarkdownDescription: "Messages a minute: `total` divided by the minutes of the window.",
	}
	return attributes
}

func (d *realtimeDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model realtimeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	filter := model.ToAPI(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()
	var streams []commpeak.Stream
	for stream, err := range d.Session.Streams(ctx) {
		if err != nil {
			tfkit.AddError(&resp.Diagnostics, "Could not list the streams", err)
			return
		}
		if filter.Matches(stream) {
			streams = append(streams, stream)
		}
	}
	var err error
	if model.Streams, err = d.count(ctx, streams, model.window()); err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not count the messages of the streams", err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (m realtimeModel) window() time.Duration {
	if window, err := time.ParseDuration(m.Window.ValueString()); err == nil {
		return window
	}
	return defaultWindow
}

// count counts what each of the streams sent within the window, a few streams
// at a time.
func (d *realtimeDataSource) count(ctx context.Context, streams []commpeak.Stream, window time.Duration) ([]performanceModel, error) {
	from := time.Now().Add(-window)
	models := make([]performanceModel, len(streams))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelCounts)
	for i, stream := range streams {
		group.Go(func() error {
			counts, err := d.countOf(ctx, commpeak.MessageFilter{StreamID: stream.ID, From: from})
			models[i] = performanceOf(stream, counts, window)
			return err
		})
	}
	return models, group.Wait()
}

// countOf asks for each status only where there is anything to count.
func (d *realtimeDataSource) countOf(ctx context.Context, filter commpeak.MessageFilter) (map[commpeak.MessageStatus]int64, error) {
	if all, err := d.Session.CountMessages(ctx, filter); err != nil || all == 0 {
		return nil, err
	}
	return d.Session.MessageCounts(ctx, filter)
}

func performanceOf(stream commpeak.Stream, counts map[commpeak.MessageStatus]int64, window time.Duration) performanceModel {
	model := performanceModel{
		ID:             types.StringValue(stream.ID),
		Name:           types.StringValue(stream.Name),
		Type:           types.StringValue(string(stream.Type)),
		Status:         tfkit.OptionalString(string(stream.State)),
		LastActivityAt: tfkit.Time(stream.LastActivityAt),
		countsModel:    countsOf(counts),
	}
	model.RatePerMinute = types.Float64Value(float64(model.Total.ValueInt64()) / window.Minutes())
	return model
}
