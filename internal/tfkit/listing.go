package tfkit

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// Listing answers `terraform query` for one type of resource: T is what the API
// client lists, M the resource's model.
type Listing[T, M any] struct {
	Session *session.Session
	// Objects are listed for as long as the context lasts, and as many as are
	// asked for. An error ends the listing, and is what the user sees: Report
	// turns it into diagnostics.
	Objects func(ctx context.Context) iter.Seq2[T, error]
	Report  func(err error, diags *diag.Diagnostics)
	// Name is what the user recognises an object by.
	Name     func(T) string
	Identity func(T) any
	// Fill makes a model, which comes with every attribute null, what importing
	// the object would make it.
	Fill func(ctx context.Context, object T, model *M, diags *diag.Diagnostics)
	// Conclude, if it is set, adds warnings once everything is listed.
	Conclude func(diags *diag.Diagnostics)
}

// Serve lists into the stream of results. An error must be pushed like a result:
// a stream that merely ends looks like the end of the list. The limit is kept
// here, since nothing else keeps it.
func (l Listing[T, M]) Serve(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := l.Session.WithTimeout(ctx)
		defer cancel()
		var listed int64
		for object, err := range l.Objects(ctx) {
			if err != nil {
				var diags diag.Diagnostics
				l.Report(err, &diags)
				push(list.ListResult{Diagnostics: diags})
				return
			}
			if !push(l.result(ctx, req, object)) {
				return
			}
			listed++
			if listed == req.Limit {
				return
			}
		}
		var diags diag.Diagnostics
		if l.Conclude != nil {
			l.Conclude(&diags)
		}
		if len(diags) > 0 {
			push(list.ListResult{Diagnostics: diags})
		}
	}
}

func (l Listing[T, M]) result(ctx context.Context, req list.ListRequest, object T) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = l.Name(object)
	result.Diagnostics.Append(result.Identity.Set(ctx, l.Identity(object))...)
	if req.IncludeResource {
		l.describe(ctx, object, result.Resource, &result.Diagnostics)
	}
	return result
}

func (l Listing[T, M]) describe(ctx context.Context, object T, resource *tfsdk.Resource, diags *diag.Diagnostics) {
	var model M
	resource.Raw = withoutValues(resource.Raw.Type())
	diags.Append(resource.Get(ctx, &model)...)
	if diags.HasError() {
		return
	}
	l.Fill(ctx, object, &model, diags)
	diags.Append(resource.Set(ctx, &model)...)
}

// withoutValues is an object whose attributes are all null.
func withoutValues(typ tftypes.Type) tftypes.Value {
	values := map[string]tftypes.Value{}
	if object, ok := typ.(tftypes.Object); ok {
		for name, attribute := range object.AttributeTypes {
			values[name] = tftypes.NewValue(attribute, nil)
		}
	}
	return tftypes.NewValue(typ, values)
}
