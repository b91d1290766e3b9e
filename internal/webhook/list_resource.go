package webhook

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListResource returns the list resource commpeak_webhook.
func NewListResource() list.ListResource {
	return &webhookResource{tfkit.ResourceBase{Type: "webhook"}}
}

var _ list.ListResourceWithConfigure = &webhookResource{}

func (r *webhookResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the webhooks of streams for `terraform query`, in ascending order of the IDs of the streams.",
		Attributes:          tfkit.ParentAttributes(", of type `two_way` or `whatsapp`"),
	}
}

func (r *webhookResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config tfkit.Parents
	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	type webhook = tfkit.Child[commpeak.Webhook]
	tfkit.Listing[webhook, resourceModel]{
		Session: r.Session,
		Objects: func(ctx context.Context) iter.Seq2[webhook, error] {
			return tfkit.Children(ctx, r.Session, config, commpeak.WebhookStreamTypes, func(ctx context.Context, stream commpeak.Stream) iter.Seq2[commpeak.Webhook, error] {
				return r.Session.Webhooks(ctx, stream.ID)
			})
		},
		Report: func(err error, diags *diag.Diagnostics) { config.Report("webhooks", err, diags) },
		Name:   func(w webhook) string { return w.Stream.Name + ": " + w.Object.URL },
		Identity: func(w webhook) any {
			return identityModel{types.StringValue(w.Stream.ID), types.StringValue(w.Object.ID)}
		},
		Fill: func(ctx context.Context, w webhook, model *resourceModel, diags *diag.Diagnostics) {
			model.StreamID = types.StringValue(w.Stream.ID)
			model.fromAPI(ctx, w.Object, nil, diags)
			model.applyImportDefaults()
		},
	}.Serve(ctx, req, stream)
}
