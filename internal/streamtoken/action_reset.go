package streamtoken

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewResetAction returns the action commpeak_reset_stream_token.
func NewResetAction() action.Action {
	return &resetAction{tfkit.ActionBase{Type: "reset_stream_token"}}
}

type resetAction struct{ tfkit.ActionBase }

var (
	_ action.ActionWithConfigure  = &resetAction{}
	_ action.ActionWithModifyPlan = &resetAction{}
)

type resetModel struct {
	StreamID types.String `tfsdk:"stream_id"`
}

func (a *resetAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Resets the token of a stream (*Reset token* in the console).",
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "ID of the stream.",
				Required:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
		},
	}
}

// ModifyPlan warns if the action cannot be carried out.
func (a *resetAction) ModifyPlan(_ context.Context, _ action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if a.Session != nil && a.Session.ReadOnly() {
		resp.Diagnostics.AddWarning("This action cannot be carried out", "The provider is configured with read_only = true, so it does not reset the token.")
	}
}

func (a *resetAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	model, ok := tfkit.Decode[resetModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := a.Session.WithTimeout(ctx)
	defer cancel()

	id := model.StreamID.ValueString()
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Resetting the token of stream %s…", id)})
	if _, err := reset(ctx, a.Session, id, anyToken); err != nil {
		addResetError(&resp.Diagnostics, id, err)
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("The token of stream %s was reset. The old token no longer works.", id)})
}
