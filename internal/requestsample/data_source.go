// Package requestsample has the data source commpeak_stream_request_samples: the requests that send through a stream, and the request that
// its webhooks receive.
package requestsample

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewDataSource returns the data source commpeak_stream_request_samples.
func NewDataSource() datasource.DataSource {
	return &dataSource{tfkit.DataSourceBase{Type: "stream_request_samples"}}
}

type dataSource struct{ tfkit.DataSourceBase }

type samplesModel struct {
	StreamID        types.String            `tfsdk:"stream_id"`
	EventKey        types.String            `tfsdk:"event_key"`
	Requests        map[string]requestModel `tfsdk:"requests"`
	IncomingMessage *incomingMessageModel   `tfsdk:"incoming_message"`
}

type requestModel struct {
	Method  types.String            `tfsdk:"method"`
	URL     types.String            `tfsdk:"url"`
	Headers map[string]types.String `tfsdk:"headers"`
	Body    types.String            `tfsdk:"body"`
	Curl    types.String            `tfsdk:"curl"`
}

type incomingMessageModel struct {
	Body  types.String `tfsdk:"body"`
	Query types.String `tfsdk:"query"`
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Returns samples of the requests that send through a stream, and of the request that its webhooks receive.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDOfData("ID of the stream."),
			"event_key": schema.StringAttribute{
				MarkdownDescription: "Key of an event template of the stream. " +
					"The sample `event_send` then has this key and a value for each variable of the template.",
				Optional:   true,
				Validators: []validator.String{tfkit.NotBlank()},
			},
			"requests": schema.MapNestedAttribute{
				MarkdownDescription: "The requests for the type of the stream, by name: `simple_send` (all types except `whatsapp`), " +
					"`event_send` (`otp` and `transactional`, or with `event_key`), `otp_auth` and `otp_verify` (`otp`), " +
					"`whatsapp_initial`, `whatsapp_media` and `whatsapp_reply` (`whatsapp`), and `messages_status` (all types). " +
					"Empty if the provider does not recognize the type and `event_key` is not set.",
				Computed:     true,
				NestedObject: schema.NestedAttributeObject{Attributes: requestAttributes()},
			},
			"incoming_message": schema.SingleNestedAttribute{
				MarkdownDescription: "What a webhook of the stream receives for an incoming message, with made-up values. " +
					"Null unless the stream is of type `two_way` or `whatsapp`.",
				Computed: true,
				Attributes: map[string]schema.Attribute{
					"body":  schema.StringAttribute{Computed: true, MarkdownDescription: "Body of a `POST` request, as indented JSON."},
					"query": schema.StringAttribute{Computed: true, MarkdownDescription: "Query string of a `GET` request."},
				},
			},
		},
	}
}

func requestAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"method": schema.StringAttribute{Computed: true, MarkdownDescription: "HTTP method."},
		"url":    schema.StringAttribute{Computed: true, MarkdownDescription: "URL, including the trailing slash if there is one."},
		"headers": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "HTTP headers. `Authorization` contains `" + tokenVariable + "` in place of the stream's token.",
		},
		"body": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Body, as indented JSON. It contains a sender only if the stream does not have a default sender.",
		},
		"curl": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The request as a command for a POSIX shell. It reads the token from `" + tokenVariable + "`.",
		},
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[samplesModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	stream, found := tfkit.ReadStream(ctx, d.Session, model.StreamID.ValueString(), &resp.Diagnostics)
	if !found {
		return
	}
	var event *commpeak.Event
	if !model.EventKey.IsNull() {
		if event = d.event(ctx, stream, model.EventKey.ValueString(), &resp.Diagnostics); event == nil {
			return
		}
	}
	samples, err := requestSamples(d.Session.MessagingEndpoint(), stream, event)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not write the request samples", err)
		return
	}
	model.Requests = map[string]requestModel{}
	for _, sample := range samples {
		model.Requests[sample.Name] = requestFromSample(sample)
	}
	if incoming := incomingSample(stream); incoming != nil {
		model.IncomingMessage = &incomingMessageModel{types.StringValue(incoming.body()), types.StringValue(incoming.query())}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// event returns the event template of the stream with this key, or nil after it has added an error.
func (d *dataSource) event(ctx context.Context, stream commpeak.Stream, key string, diags *diag.Diagnostics) *commpeak.Event {
	var keys []string
	for event, err := range d.Session.Events(ctx, stream.ID) {
		switch {
		case errors.Is(err, commpeak.ErrNotFound):
			tfkit.AddNoSuchStream(diags, "stream_id", stream.ID)
			return nil
		case err != nil:
			tfkit.AddError(diags, "Could not list the event templates of stream "+stream.ID, err)
			return nil
		case event.Key == key:
			return &event
		}
		keys = append(keys, fmt.Sprintf("%q", event.Key))
	}
	detail := fmt.Sprintf("Stream %s does not have an event template with the key %q. ", stream.ID, key)
	if len(keys) == 0 {
		detail += "It does not have any event templates."
	} else {
		detail += "Its keys are " + strings.Join(keys, ", ") + "."
	}
	diags.AddAttributeError(path.Root("event_key"), "No such event template", detail)
	return nil
}

// tokenVariable is the shell variable that the samples contain in place of the token.
const tokenVariable = "$COMMPEAK_STREAM_TOKEN" //nolint:gosec // the variable's name, not a token.

func requestFromSample(sample requestSample) requestModel {
	return requestModel{
		Method: types.StringValue(sample.Method),
		URL:    types.StringValue(sample.URL),
		Headers: map[string]types.String{
			"Authorization": types.StringValue(tokenVariable),
			"Content-Type":  types.StringValue(sample.ContentType),
		},
		Body: types.StringValue(sample.Body),
		Curl: types.StringValue(curl(sample)),
	}
}

func curl(sample requestSample) string {
	return strings.Join([]string{
		"curl --request " + sample.Method + " " + shellQuote(sample.URL),
		// Double quotes, so that the shell expands the variable.
		`--header "Authorization: ` + tokenVariable + `"`,
		"--header " + shellQuote("Content-Type: "+sample.ContentType),
		"--data " + shellQuote(sample.Body),
	}, " \\\n  ")
}

// shellQuote quotes a text so that a POSIX shell reads it as one word.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
