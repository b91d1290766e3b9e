package statistics

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_realtime_performance.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{tfkit.DataSourceBase{Type: "realtime_performance"}}
}

type listDataSource struct{ tfkit.DataSourceBase }

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
	PerMinute      types.Float64 `tfsdk:"messages_per_minute"`
	countsModel
}

const (
	defaultWindow = time.Hour
	// parallelCounts is the maximum number of streams that are counted at a time.
	parallelCounts = 4
)

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := tfkit.StreamFilterOfData()
	attributes["window"] = schema.StringAttribute{
		MarkdownDescription: "How far to count back from now, for example `\"15m\"` or `\"24h\"`. Default: `\"1h\"`.",
		Optional:            true,
		Validators:          []validator.String{tfkit.StringFunc("must be a duration", validateWindow)},
	}
	attributes["streams"] = schema.ListNestedAttribute{
		MarkdownDescription: "The streams, in ascending order of their IDs.",
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: performanceAttributes()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Counts the messages of streams up to now, as on the page *Realtime Performance* of the console.",
		Attributes:          attributes,
	}
}

func performanceAttributes() map[string]schema.Attribute {
	attributes := countAttributes()
	for name, about := range map[string]string{
		"id":               "ID of the stream.",
		"name":             "Name of the stream.",
		"type":             "Type of the stream.",
		"status":           "One of `ready`, `sending`, `draft`, `disabled`, or another value as the API returns it.",
		"last_activity_at": "Time of the last call of the stream's API (RFC 3339); null if there was none, or if the API does not return it.",
	} {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	attributes["messages_per_minute"] = schema.Float64Attribute{
		Computed: true, MarkdownDescription: "Messages per minute: `total` divided by the minutes of the window.",
	}
	return attributes
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model realtimeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	filter := model.ToAPI(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	streams, err := d.streams(ctx, filter)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not list the streams", err)
		return
	}
	counts, err := d.count(ctx, streams, model.window())
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not count the messages of the streams", err)
		return
	}
	model.Streams = make([]performanceModel, len(streams))
	isIgnored := false
	for i, stream := range streams {
		model.Streams[i] = performanceFromAPI(stream, counts[i], model.window())
		isIgnored = isIgnored || counts[i].ByStatus == nil
	}
	if isIgnored {
		warnOfIgnoredFilter(&resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (d *listDataSource) streams(ctx context.Context, filter commpeak.StreamFilter) ([]commpeak.Stream, error) {
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()
	var streams []commpeak.Stream
	for stream, err := range d.Session.Streams(ctx) {
		if err != nil {
			return nil, err
		}
		if filter.Matches(stream) {
			streams = append(streams, stream)
		}
	}
	return streams, nil
}

func (m realtimeModel) window() time.Duration {
	return tfkit.Duration(m.Window, defaultWindow)
}

// count counts what each of the streams sent within the window, a few streams at a
// time. The time limit of an operation is for each stream: thousands may take longer.
func (d *listDataSource) count(ctx context.Context, streams []commpeak.Stream, window time.Duration) ([]commpeak.MessageCounts, error) {
	from := time.Now().Add(-window)
	counts := make([]commpeak.MessageCounts, len(streams))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelCounts)
	for i, stream := range streams {
		group.Go(func() (err error) {
			ctx, cancel := d.Session.WithTimeout(ctx)
			defer cancel()
			counts[i], err = d.Session.MessageCounts(ctx, commpeak.MessageFilter{StreamID: stream.ID, From: from})
			return err
		})
	}
	return counts, group.Wait()
}

func performanceFromAPI(stream commpeak.Stream, counts commpeak.MessageCounts, window time.Duration) performanceModel {
	model := performanceModel{
		ID:             types.StringValue(stream.ID),
		Name:           types.StringValue(stream.Name),
		Type:           types.StringValue(string(stream.Type)),
		Status:         tfkit.OptionalString(string(stream.State)),
		LastActivityAt: tfkit.Time(stream.LastActivityAt),
		countsModel:    countsFromAPI(counts),
	}
	model.PerMinute = types.Float64Value(float64(model.Total.ValueInt64()) / window.Minutes())
	return model
}
