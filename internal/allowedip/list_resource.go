package allowedip

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListResource returns the list resource commpeak_allowed_ip.
func NewListResource() list.ListResource {
	return &allowedIPResource{allowedIPBase{tfkit.ResourceBase{Type: "allowed_ip"}}}
}

// NewAllowedIPsListResource returns the list resource commpeak_allowed_ips.
func NewAllowedIPsListResource() list.ListResource {
	return &allowedIPsResource{allowedIPBase{tfkit.ResourceBase{Type: "allowed_ips"}}}
}

var (
	_ list.ListResourceWithConfigure = &allowedIPResource{}
	_ list.ListResourceWithConfigure = &allowedIPsResource{}
)

func (r *allowedIPResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the single allowed IPs of streams for `terraform query`, in ascending order of the IDs of the streams.",
		Attributes:          tfkit.ParentAttributes(""),
	}
}

// List lists entries by documented calls alone.
func (r *allowedIPResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config tfkit.Parents
	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	type entry = tfkit.Child[string]
	var others []string
	tfkit.Listing[entry, allowedIPModel]{
		Session: r.Session,
		Objects: func(ctx context.Context) iter.Seq2[entry, error] {
			return tfkit.Children(ctx, r.Session, config, nil, func(_ context.Context, stream commpeak.Stream) iter.Seq2[string, error] {
				return each(manageable(stream, &others))
			})
		},
		Report: func(err error, diags *diag.Diagnostics) { config.Report("allowed IPs", err, diags) },
		Name:   func(e entry) string { return e.Stream.Name + ": " + e.Object },
		Identity: func(e entry) any {
			return allowedIPIdentity{types.StringValue(e.Stream.ID), types.StringValue(e.Object)}
		},
		Fill: func(_ context.Context, e entry, model *allowedIPModel, _ *diag.Diagnostics) {
			model.StreamID, model.IP = types.StringValue(e.Stream.ID), types.StringValue(e.Object)
		},
		Conclude: func(diags *diag.Diagnostics) { warnOfOthers(others, diags) },
	}.Serve(ctx, req, stream)
}

func (r *allowedIPsResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the allowed IPs of streams, one list for each stream, for `terraform query`. Streams without allowed IPs are omitted.",
		Attributes:          tfkit.ParentAttributes(""),
	}
}

// List lists whole lists by documented calls alone.
func (r *allowedIPsResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config tfkit.Parents
	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	type whole = tfkit.Child[[]string]
	var others []string
	tfkit.Listing[whole, allowedIPsModel]{
		Session: r.Session,
		Objects: func(ctx context.Context) iter.Seq2[whole, error] {
			return tfkit.Children(ctx, r.Session, config, nil, func(_ context.Context, stream commpeak.Stream) iter.Seq2[[]string, error] {
				list := manageable(stream, &others)
				if len(list) == 0 || len(list) < len(stream.AllowedIPs) {
					return each[[]string](nil)
				}
				return each([][]string{list})
			})
		},
		Report:   func(err error, diags *diag.Diagnostics) { config.Report("allowed IPs", err, diags) },
		Name:     func(w whole) string { return w.Stream.Name + ": " + strings.Join(w.Object, ", ") },
		Identity: func(w whole) any { return allowedIPsIdentity{types.StringValue(w.Stream.ID)} },
		Fill: func(_ context.Context, w whole, model *allowedIPsModel, _ *diag.Diagnostics) {
			model.StreamID, model.IPs = types.StringValue(w.Stream.ID), preserveSpellings(nil, w.Object)
		},
		Conclude: func(diags *diag.Diagnostics) { warnOfOthers(others, diags) },
	}.Serve(ctx, req, stream)
}

// each lists what cannot fail.
func each[T any](objects []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, object := range objects {
			if !yield(object, nil) {
				return
			}
		}
	}
}

// manageable are the entries of a stream's list that a configuration can say.
// The others are named in others.
func manageable(stream commpeak.Stream, others *[]string) []string {
	var list []string
	for _, entry := range stream.AllowedIPs {
		if validateIP(entry) != "" {
			*others = append(*others, fmt.Sprintf("%q of the stream %q (%s)", entry, stream.Name, stream.ID))
			continue
		}
		list = append(list, entry)
	}
	return list
}

func warnOfOthers(others []string, diags *diag.Diagnostics) {
	if len(others) > 0 {
		diags.AddWarning("Allowed IPs left out",
			fmt.Sprintf("These entries are neither addresses nor prefixes, so they cannot be configured: %s. Correct them in the console.", strings.Join(others, ", ")))
	}
}
