package eventtemplate

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

// NewListResource returns the list resource commpeak_event_template.
func NewListResource() list.ListResource {
	return &eventResource{tfkit.ResourceBase{Type: "event_template"}}
}

var _ list.ListResourceWithConfigure = &eventResource{}

func (r *eventResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the event templates of streams for `terraform query`, in ascending order of the IDs of the streams.",
		Attributes:          tfkit.ParentAttributes(", of type `otp` or `transactional`"),
	}
}

func (r *eventResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config tfkit.Parents
	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	type event = tfkit.Child[commpeak.Event]
	tfkit.Listing[event, resourceModel]{
		Session: r.Session,
		Objects: func(ctx context.Context) iter.Seq2[event, error] {
			return tfkit.Children(ctx, r.Session, config, commpeak.EventStreamTypes, func(ctx context.Context, stream commpeak.Stream) iter.Seq2[commpeak.Event, error] {
				return r.Session.Events(ctx, stream.ID)
			})
		},
		Report: func(err error, diags *diag.Diagnostics) { config.Report("event templates", err, diags) },
		Name:   func(e event) string { return e.Stream.Name + ": " + e.Object.Key },
		Identity: func(e event) any {
			return identityModel{types.StringValue(e.Stream.ID), types.StringValue(e.Object.ID)}
		},
		Fill: func(_ context.Context, e event, model *resourceModel, _ *diag.Diagnostics) {
			model.StreamID = types.StringValue(e.Stream.ID)
			model.fields = fieldsFromAPI(e.Object)
		},
	}.Serve(ctx, req, stream)
}
