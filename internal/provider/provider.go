// Package provider defines the provider: its configuration, the API session made from it, and
// the list of its resources, data sources, list resources, ephemeral resources, actions and
// functions.
package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commpeak/terraform-provider-commpeak/internal/allowedip"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/domain"
	"github.com/commpeak/terraform-provider-commpeak/internal/eventtemplate"
	"github.com/commpeak/terraform-provider-commpeak/internal/requestsample"
	"github.com/commpeak/terraform-provider-commpeak/internal/sender"
	"github.com/commpeak/terraform-provider-commpeak/internal/sms"
	"github.com/commpeak/terraform-provider-commpeak/internal/statistics"
	"github.com/commpeak/terraform-provider-commpeak/internal/stream"
	"github.com/commpeak/terraform-provider-commpeak/internal/streamtoken"
	"github.com/commpeak/terraform-provider-commpeak/internal/testmessage"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
	"github.com/commpeak/terraform-provider-commpeak/internal/webhook"
	"github.com/commpeak/terraform-provider-commpeak/internal/whatsapptemplate"
)

var (
	_ provider.ProviderWithActions            = &commpeakProvider{}
	_ provider.ProviderWithEphemeralResources = &commpeakProvider{}
	_ provider.ProviderWithFunctions          = &commpeakProvider{}
	_ provider.ProviderWithListResources      = &commpeakProvider{}
)

// New returns the provider's constructor. Settings that a configuration leaves out are looked
// up with getenv. Tests change client settings that users cannot set with clientOptions.
func New(version string, getenv func(string) string, clientOptions ...func(*commpeak.Config)) func() provider.Provider {
	return func() provider.Provider {
		return &commpeakProvider{version: version, getenv: getenv, clientOptions: clientOptions}
	}
}

// typeName is the prefix of the names of resources, data sources and actions.
const typeName = "commpeak"

type commpeakProvider struct {
	version       string
	getenv        func(string) string
	clientOptions []func(*commpeak.Config)
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
				MarkdownDescription: "API key of the account (console: *Settings > API Keys*), not the token of a stream. " +
					"Environment variable: `COMMPEAK_API_KEY`, which keeps the key out of the configuration.",
				Optional:   true,
				Sensitive:  true,
				Validators: []validator.String{tfkit.StringFunc("must be an API key", validateAPIKey)},
			},
			"endpoint": schema.StringAttribute{
				MarkdownDescription: "Base URL of the management API. Must start with `https://`, except for addresses of this machine. " +
					"Environment variable: `COMMPEAK_ENDPOINT`. Default: `" + commpeak.DefaultEndpoint + "`.",
				Optional:   true,
				Validators: []validator.String{tfkit.StringFunc("must be an https:// URL", validateEndpoint)},
			},
			"messaging_endpoint": schema.StringAttribute{
				MarkdownDescription: "Base URL of the messaging API, which sends messages and one-time passwords. Must start with `https://`, except for addresses of this machine. " +
					"Environment variable: `COMMPEAK_MESSAGING_ENDPOINT`. Default: `" + commpeak.DefaultMessagingEndpoint + "`.",
				Optional:   true,
				Validators: []validator.String{tfkit.StringFunc("must be an https:// URL", validateEndpoint)},
			},
			"ca_file": schema.StringAttribute{
				MarkdownDescription: "PEM file of certificate authorities to trust in addition to the authorities of this machine, for example for a proxy that inspects TLS. " +
					"A relative path starts in the working directory. Environment variable: `COMMPEAK_CA_FILE`.",
				Optional:   true,
				Validators: []validator.String{tfkit.NotBlank()},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "Maximum time for one attempt of a request, as a duration, for example `\"1m\"`. Maximum: `\"10m\"`. " +
					"`operation_timeout` limits a whole operation. Default: `\"30s\"`.",
				Optional:   true,
				Validators: []validator.String{tfkit.StringFunc("must be a duration above zero", validateRequestTimeout)},
			},
			"operation_timeout": schema.StringAttribute{
				MarkdownDescription: "Maximum time for one create, read, update or delete, including its retries, as a duration, for example `\"10m\"`. Maximum: `\"24h\"`. " +
					"Default: `\"5m\"`.",
				Optional:   true,
				Validators: []validator.String{tfkit.StringFunc("must be a duration above zero", validateOperationTimeout)},
			},
			"max_retries": schema.NumberAttribute{
				MarkdownDescription: fmt.Sprintf("Number of times that a request is repeated after a temporary failure, from 0 to 20. "+
					"Creates and token resets are repeated only if the request was not carried out. Default: %d.", commpeak.DefaultMaxRetries),
				Optional:   true,
				Validators: []validator.Number{tfkit.Between(0, 20)},
			},
			"requests_per_second": schema.Float64Attribute{
				MarkdownDescription: "Maximum number of requests per second, for example `10` or `0.5`. The limits of the API (HTTP 429) are respected in any case. Default: no limit.",
				Optional:            true,
				Validators:          []validator.Float64{float64validator.Between(0.01, 10_000)},
			},
			"read_only": schema.BoolAttribute{
				MarkdownDescription: "Reject every write before it is sent. Plans still show what would change, so use it in pipelines that only detect drift. " +
					"Environment variable: `COMMPEAK_READ_ONLY` (`true` or `false`). Default: `false`.",
				Optional: true,
			},
		},
	}
}

func (p *commpeakProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		allowedip.NewResource,
		allowedip.NewAllowedIPsResource,
		eventtemplate.NewResource,
		stream.NewResource,
		streamtoken.NewResource,
		webhook.NewResource,
	}
}

func (p *commpeakProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		allowedip.NewDataSource,
		domain.NewListDataSource,
		eventtemplate.NewListDataSource,
		requestsample.NewDataSource,
		sender.NewDataSource,
		sender.NewListDataSource,
		statistics.NewDataSource,
		statistics.NewListDataSource,
		stream.NewDataSource,
		stream.NewListDataSource,
		webhook.NewListDataSource,
		whatsapptemplate.NewListDataSource,
	}
}

// ListResources need Terraform 1.14 or later (terraform query).
func (p *commpeakProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		allowedip.NewListResource,
		allowedip.NewAllowedIPsListResource,
		eventtemplate.NewListResource,
		stream.NewListResource,
		webhook.NewListResource,
	}
}

// EphemeralResources need Terraform 1.10 or later.
func (p *commpeakProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		streamtoken.NewEphemeralResource,
	}
}

// Actions need Terraform 1.14 or later.
func (p *commpeakProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		testmessage.NewSendAction,
		streamtoken.NewResetAction,
	}
}

// Functions need Terraform 1.8 or later, and no account.
func (p *commpeakProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		sms.NewSegmentsFunction,
		sms.NewVariablesFunction,
		sms.NewRenderFunction,
	}
}
