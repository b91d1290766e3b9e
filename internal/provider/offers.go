package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/allowedip"
	"github.com/commpeak/terraform-provider-commpeak/internal/domain"
	"github.com/commpeak/terraform-provider-commpeak/internal/eventtemplate"
	"github.com/commpeak/terraform-provider-commpeak/internal/requestsample"
	"github.com/commpeak/terraform-provider-commpeak/internal/sender"
	"github.com/commpeak/terraform-provider-commpeak/internal/sms"
	"github.com/commpeak/terraform-provider-commpeak/internal/statistics"
	"github.com/commpeak/terraform-provider-commpeak/internal/stream"
	"github.com/commpeak/terraform-provider-commpeak/internal/streamtoken"
	"github.com/commpeak/terraform-provider-commpeak/internal/testmessage"
	"github.com/commpeak/terraform-provider-commpeak/internal/webhook"
	"github.com/commpeak/terraform-provider-commpeak/internal/whatsapptemplate"
)

var (
	_ provider.ProviderWithActions            = &commpeakProvider{}
	_ provider.ProviderWithEphemeralResources = &commpeakProvider{}
	_ provider.ProviderWithFunctions          = &commpeakProvider{}
	_ provider.ProviderWithListResources      = &commpeakProvider{}
)

func (p *commpeakProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		allowedip.NewResource,
		allowedip.NewWholeResource,
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

// ListResources answer `terraform query`, which needs Terraform 1.14 or newer.
func (p *commpeakProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		allowedip.NewListResource,
		allowedip.NewWholeListResource,
		eventtemplate.NewListResource,
		stream.NewListResource,
		webhook.NewListResource,
	}
}

// EphemeralResources leave no trace in a plan or state.
func (p *commpeakProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		streamtoken.NewEphemeralResource,
	}
}

// Actions need Terraform 1.14 or newer.
func (p *commpeakProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		testmessage.NewSendAction,
		streamtoken.NewResetAction,
	}
}

// Functions need no account.
func (p *commpeakProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		sms.NewSegmentsFunction,
		sms.NewVariablesFunction,
		sms.NewRenderFunction,
	}
}
