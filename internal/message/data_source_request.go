package message

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewRequestDataSource returns the data source commpeak_stream_request.
func NewRequestDataSource() datasource.DataSource {
	return &requestDataSource{tfkit.DataSourceBase{Type: "stream_request"}}
}

type requestDataSource struct{ tfkit.DataSourceBase }

type requestsModel struct {
	StreamID types.String            `tfsdk:"stream_id"`
	Requests map[string]requestModel `tfsdk:"requests"`
}

type requestModel struct {
	Method  types.String            `tfsdk:"method"`
	URL     types.String            `tfsdk:"url"`
	Headers map[string]types.String `tfsdk:"headers"`
	Body    types.String            `tfsdk:"body"`
	Curl    types.String            `tfsdk:"curl"`
}

func (d *requestDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "How to send through a stream: the endpoint, headers and request body to copy, as on the tab *Request API* of the console. " +
			"Reading it costs one request.\n\n" +
			"The stream's token is never part of it: where the token belongs, the samples say `" + tokenVariable + "`, a variable of the shell. " +
			"The ephemeral resource `commpeak_stream_token` shows the token.\n\n" +
			"~> **Of the requests that it shows**, CommPeak documents `simple_send`, `event_send`, `messages_status` and `otp_auth`. " +
			"Of `otp_verify` it documents the path alone, and the three of WhatsApp are this provider's assumption.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDOfData("Id of the stream."),
			"requests": schema.MapNestedAttribute{
				MarkdownDescription: "The requests that fit the stream's type, by kind: `simple_send` (texts; not WhatsApp), `event_send` (event templates; OTP and transactional), " +
					"`otp_auth` and `otp_verify` (one-time passwords; OTP), `whatsapp_initial`, `whatsapp_media` and `whatsapp_reply` (WhatsApp), and `messages_status` (all). " +
					"Empty for a type that the provider does not know.",
				Computed:     true,
				NestedObject: schema.NestedAttributeObject{Attributes: requestAttributes()},
			},
		},
	}
}

func requestAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"method":  schema.StringAttribute{Computed: true, MarkdownDescription: "HTTP method."},
		"url":     schema.StringAttribute{Computed: true, MarkdownDescription: "Whole URL, below the provider's `messaging_endpoint`. A closing slash belongs to it."},
		"headers": schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "HTTP headers; `Authorization` takes the stream's token alone, without `Bearer`."},
		"body":    schema.StringAttribute{Computed: true, MarkdownDescription: "A sample of the body, as indented JSON. It names a sender only where the stream has no default sender."},
		"curl":    schema.StringAttribute{Computed: true, MarkdownDescription: "The same as a command for a POSIX shell that has the token in `" + tokenVariable + "`."},
	}
}

func (d *requestDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[requestsModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	stream, found := readStream(ctx, d.Session, model.StreamID.ValueString(), &resp.Diagnostics)
	if !found {
		return
	}
	samples, err := requestSamples(d.Session.MessagingEndpoint(), stream)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Could not write the requests", err)
		return
	}
	model.Requests = map[string]requestModel{}
	for _, sample := range samples {
		model.Requests[sample.Kind] = requestModelOf(sample)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// tokenVariable is what stands for the token in a sample.
const tokenVariable = "$COMMPEAK_STREAM_TOKEN" //nolint:gosec // the variable's name, not a token.

func requestModelOf(sample requestSample) requestModel {
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
		"curl --request " + sample.Method + " " + quoted(sample.URL),
		// Double quotes: the shell fills in the variable.
		`--header "Authorization: ` + tokenVariable + `"`,
		"--header " + quoted("Content-Type: "+sample.ContentType),
		"--data " + quoted(sample.Body),
	}, " \\\n  ")
}

// quoted makes one word of a POSIX shell of the text.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
