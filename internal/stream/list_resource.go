package stream

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListResource returns the list resource commpeak_stream.
func NewListResource() list.ListResource { return &streamResource{tfkit.ResourceBase{Type: "stream"}} }

var _ list.ListResourceWithConfigure = &streamResource{}

func (r *streamResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the streams of the account for `terraform query`, in ascending order of their IDs.",
		Attributes:          tfkit.StreamFilterOfList(),
	}
}

// List lists streams by documented calls alone.
func (r *streamResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config tfkit.StreamFilter
	diags := req.Config.Get(ctx, &config)
	filter := config.ToAPI(&diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	var others []string
	tfkit.Listing[commpeak.Stream, resourceModel]{
		Session: r.Session,
		Objects: func(ctx context.Context) iter.Seq2[commpeak.Stream, error] {
			return r.manageable(ctx, filter, &others)
		},
		Report: func(err error, diags *diag.Diagnostics) { tfkit.AddError(diags, "Could not list the streams", err) },
		Name:   func(stream commpeak.Stream) string { return stream.Name },
		Identity: func(stream commpeak.Stream) any {
			return identityModel{ID: types.StringValue(stream.ID)}
		},
		Fill: func(ctx context.Context, stream commpeak.Stream, model *resourceModel, diags *diag.Diagnostics) {
			model.fromAPI(ctx, stream, diags)
			model.applyImportDefaults()
		},
		Conclude: func(diags *diag.Diagnostics) { warnOfOthers(others, diags) },
	}.Serve(ctx, req, stream)
}

// manageable are the streams that pass the filter. Those of a type that the
// resource does not know are left out, and named in others.
func (r *streamResource) manageable(ctx context.Context, filter commpeak.StreamFilter, others *[]string) iter.Seq2[commpeak.Stream, error] {
	return func(yield func(commpeak.Stream, error) bool) {
		for stream, err := range r.Session.Streams(ctx) {
			if err == nil && !filter.Matches(stream) {
				continue
			}
			if err == nil && !slices.Contains(commpeak.StreamTypes, stream.Type) {
				*others = append(*others, fmt.Sprintf("%q (%s, %s)", stream.Name, stream.ID, stream.Type))
				continue
			}
			if !yield(stream, err) || err != nil {
				return
			}
		}
	}
}

func warnOfOthers(others []string, diags *diag.Diagnostics) {
	if len(others) > 0 {
		diags.AddWarning("Streams left out",
			fmt.Sprintf("These streams pass the filters, but are of a type that the resource commpeak_stream cannot manage: %s. "+
				"The data source commpeak_streams lists them.", strings.Join(others, ", ")))
	}
}
