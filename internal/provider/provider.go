// Package provider turns the provider's configuration into an API client, and
// holds the one list of everything that the provider offers.
package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// New returns the provider's constructor, as a server of plugins wants it.
// Settings that a configuration leaves out are looked up with getenv. What no
// user can set is set by adjust.
func New(version string, getenv func(string) string, adjust ...func(*commpeak.Config)) func() provider.Provider {
	return func() provider.Provider {
		return &commpeakProvider{version: version, getenv: getenv, adjust: adjust}
	}
}

// typeName is the prefix of the names of all that the provider offers.
const typeName = "commpeak"

type commpeakProvider struct {
	version string
	getenv  func(string) string
	adjust  []func(*commpeak.Config)
}

func (p *commpeakProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

func (p *commpeakProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages the streams of a CommPeak account: the messaging channels (SMS and WhatsApp) of its Streams API.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				MarkdownDescription: "API key of the account (console: Settings > API Keys), not the token of a stream. " +
					"Environment variable: `COMMPEAK_API_KEY`, which keeps it out of the configuration.",
				Optional:   true,
				Sensitive:  true,
				Validators: []validator.String{tfkit.Text("must be an API key", apiKeyFault)},
			},
			"endpoint": schema.StringAttribute{
				MarkdownDescription: "Base URL of the management API. Plain `http://` is accepted for this machine's own addresses only. " +
					"Environment variable: `COMMPEAK_ENDPOINT`. Default: `" + commpeak.DefaultEndpoint + "`.",
				Optional:   true,
				Validators: []validator.String{tfkit.Text("must be an https:// URL", endpointFault)},
			},
			"messaging_endpoint": schema.StringAttribute{
				MarkdownDescription: "Base URL of the run-time API, which sends messages. Plain `http://` is accepted for this machine's own addresses only. " +
					"Environment variable: `COMMPEAK_MESSAGING_ENDPOINT`. Default: `" + commpeak.DefaultMessagingEndpoint + "`.",
				Optional:   true,
				Validators: []validator.String{tfkit.Text("must be an https:// URL", endpointFault)},
			},
			"ca_file": schema.StringAttribute{
				MarkdownDescription: "File of further certificate authorities to trust beside those of this machine, in PEM form, as for a proxy that looks into TLS. " +
					"A relative path starts in the folder where Terraform runs. Environment variable: `COMMPEAK_CA_FILE`.",
				Optional:   true,
				Validators: []validator.String{tfkit.NotBlank()},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "How long to wait for the answer to one attempt of a request, as a duration such as `\"30s\"` or `\"1m\"`; at most `\"10m\"`. Default: `\"30s\"`. " +
					"`operation_timeout` bounds a whole operation.",
				CustomType: timetypes.GoDurationType{},
				Optional:   true,
				Validators: []validator.String{tfkit.Text("must be a duration above zero", requestTimeoutFault)},
			},
			"operation_timeout": schema.StringAttribute{
				MarkdownDescription: "Maximum time for one create, read, update or delete, including its retries, as a duration such as `\"10m\"`; at most `\"24h\"`. " +
					"Default: `\"5m\"`.",
				CustomType: timetypes.GoDurationType{},
				Optional:   true,
				Validators: []validator.String{tfkit.Text("must be a duration above zero", operationTimeoutFault)},
			},
			"max_retries": schema.NumberAttribute{
				MarkdownDescription: fmt.Sprintf("How often a request is tried again after a passing fault (0–20). Default: %d. "+
					"Reads and deletes are repeated after any such fault, other writes only when the request surely did nothing.", commpeak.DefaultMaxRetries),
				Optional:   true,
				Validators: []validator.Number{tfkit.Between(0, 20)},
			},
			"requests_per_second": schema.Float64Attribute{
				MarkdownDescription: "The most requests to send each second, such as `10` or `0.5`. Default: no limit but the service's own, which is obeyed in any case.",
				Optional:            true,
				Validators:          []validator.Float64{float64validator.Between(0.01, 10_000)},
			},
			"read_only": schema.BoolAttribute{
				MarkdownDescription: "Refuse every write before it is sent. Plans still show what would change, so use it in pipelines that only look for drift. " +
					"Environment variable: `COMMPEAK_READ_ONLY` (`true` or `false`). Default: `false`.",
				Optional: true,
			},
		},
	}
}
