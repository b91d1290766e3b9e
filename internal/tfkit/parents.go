package tfkit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// Parents is the configuration of a list resource whose objects belong to streams: one stream, the
// streams that a filter selects, or all streams.
type Parents struct {
	StreamID types.String  `tfsdk:"stream_id"`
	Streams  *StreamFilter `tfsdk:"streams"`
}

// ParentAttributes are the attributes of [Parents]. The text which describes streams that can have
// such objects.
func ParentAttributes(which string) map[string]list.Attribute {
	return map[string]list.Attribute{
		"stream_id": list.StringAttribute{
			MarkdownDescription: "Only objects of this stream" + which + ".",
			Optional:            true,
			Validators:          []validator.String{StreamID()},
		},
		"streams": list.SingleNestedAttribute{
			MarkdownDescription: "Only objects of streams that pass these filters, which are those of the list resource `commpeak_stream`. Conflicts with `stream_id`.",
			Optional:            true,
			Attributes:          StreamFilterOfList(),
			Validators:          []validator.Object{objectvalidator.ConflictsWith(path.MatchRoot("stream_id"))},
		},
	}
}

// Child is an object and the stream that it belongs to.
type Child[T any] struct {
	Stream commpeak.Stream
	Object T
}

// childlessError is the error for a stream of a type that has no such objects.
type childlessError struct{ stream commpeak.Stream }

func (e childlessError) Error() string {
	return fmt.Sprintf("the stream %q (%s) is of type %q", e.stream.Name, e.stream.ID, e.stream.Type)
}

// Children lists what hangs on the chosen streams, one stream after the other.
// Streams of other types than these are not asked; nil means any type. A stream
// that vanishes on the way has nothing to list.
func Children[T any](ctx context.Context, client *session.Session, chosen Parents, wanted []commpeak.StreamType,
	children func(context.Context, commpeak.Stream) iter.Seq2[T, error],
) iter.Seq2[Child[T], error] {
	return func(yield func(Child[T], error) bool) {
		for stream, err := range chosen.streams(ctx, client) {
			named := !chosen.StreamID.IsNull()
			barren := err == nil && wanted != nil && !slices.Contains(wanted, stream.Type)
			switch {
			case barren && named:
				err = childlessError{stream}
			case barren:
				continue
			}
			if err != nil {
				yield(Child[T]{}, err)
				return
			}
			for object, err := range children(ctx, stream) {
				if errors.Is(err, commpeak.ErrNotFound) && !named {
					break
				}
				if !yield(Child[T]{stream, object}, err) || err != nil {
					return
				}
			}
		}
	}
}

// streams are those that are chosen.
func (p Parents) streams(ctx context.Context, client *session.Session) iter.Seq2[commpeak.Stream, error] {
	return func(yield func(commpeak.Stream, error) bool) {
		if !p.StreamID.IsNull() {
			yield(client.Stream(ctx, p.StreamID.ValueString()))
			return
		}
		var filter commpeak.StreamFilter
		if p.Streams != nil {
			var diags diag.Diagnostics
			if filter = p.Streams.ToAPI(&diags); diags.HasError() {
				yield(commpeak.Stream{}, errors.New(diags.Errors()[0].Detail()))
				return
			}
		}
		for stream, err := range client.Streams(ctx) {
			if err == nil && !filter.Matches(stream) {
				continue
			}
			if !yield(stream, err) || err != nil {
				return
			}
		}
	}
}

// Report tells why the objects could not be listed; what names them, such as
// "webhooks".
func (p Parents) Report(what string, err error, diags *diag.Diagnostics) {
	var childless childlessError
	switch {
	case errors.As(err, &childless):
		diags.AddAttributeError(path.Root("stream_id"), "A stream of this type has no "+what, capital(err.Error())+".")
	case errors.Is(err, commpeak.ErrNotFound) && !p.StreamID.IsNull():
		AddNoSuchStream(diags, "stream_id", p.StreamID.ValueString())
	default:
		AddError(diags, "Could not list the "+what, err)
	}
}
