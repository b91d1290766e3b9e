package streamtoken

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewEphemeralResource returns the ephemeral resource commpeak_stream_token.
func NewEphemeralResource() ephemeral.EphemeralResource { return &tokenEphemeral{} }

type tokenEphemeral struct{ session *session.Session }

var _ ephemeral.EphemeralResourceWithConfigure = &tokenEphemeral{}

type ephemeralModel struct {
	StreamID types.String `tfsdk:"stream_id"`
	Token    types.String `tfsdk:"token"`
}

func (e *tokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_stream_token"
}

func (e *tokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the current token of a stream (*Show token* in the console) without storing it in a plan or state.",
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "ID of the stream.",
				Required:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
			"token": schema.StringAttribute{
				MarkdownDescription: "Current token. It is the value of the `Authorization` header, without `Bearer`.",
				Computed:            true,
				Sensitive:           true,
			},
		},
	}
}

func (e *tokenEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.session = tfkit.SessionFrom(req.ProviderData, &resp.Diagnostics)
}

func (e *tokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	model, ok := tfkit.Decode[ephemeralModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := e.session.WithTimeout(ctx)
	defer cancel()

	token, err := e.session.StreamToken(ctx, model.StreamID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", model.StreamID.ValueString())
		return
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, "Could not read the token of stream "+model.StreamID.ValueString(), err)
		return
	}
	model.Token = types.StringValue(token)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
}
