// Package testmessage defines the action commpeak_send_test_message.
package testmessage

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewSendAction returns the action commpeak_send_test_message.
func NewSendAction() action.Action { return &sendAction{tfkit.ActionBase{Type: "send_test_message"}} }

type sendAction struct{ tfkit.ActionBase }

var (
	_ action.ActionWithConfigure        = &sendAction{}
	_ action.ActionWithConfigValidators = &sendAction{}
	_ action.ActionWithModifyPlan       = &sendAction{}
)

type sendModel struct {
	StreamID        types.String `tfsdk:"stream_id"`
	Recipient       types.String `tfsdk:"recipient"`
	Text            types.String `tfsdk:"text"`
	EventKey        types.String `tfsdk:"event_key"`
	Variables       types.Map    `tfsdk:"variables"`
	Sender          types.String `tfsdk:"sender"`
	WaitForDelivery types.Bool   `tfsdk:"wait_for_delivery"`
	DeliveryTimeout types.String `tfsdk:"delivery_timeout"`
}

const defaultDeliveryTimeout = 2 * time.Minute

func (a *sendAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sends one message through a stream (*Test stream API* in the console).",
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "ID of the stream, which must not be of type `whatsapp`.",
				Required:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
			"recipient": schema.StringAttribute{
				MarkdownDescription: "Phone number as 7 to 15 digits, starting with the country code, for example `\"491701234567\"`.",
				Required:            true,
				Validators:          []validator.String{tfkit.StringFunc("must be a phone number in international digits", validateRecipient)},
			},
			"text": schema.StringAttribute{
				MarkdownDescription: "Text to send. Exactly one of `text` and `event_key` is required.",
				Optional:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"event_key": schema.StringAttribute{
				MarkdownDescription: "Key of the event template to send, for streams of type `otp` and `transactional`.",
				Optional:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"variables": schema.MapAttribute{
				MarkdownDescription: "Values of all variables of the event template. Requires `event_key`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Map{mapvalidator.AlsoRequires(path.MatchRoot("event_key")), mapvalidator.NoNullValues()},
			},
			"sender": schema.StringAttribute{
				MarkdownDescription: "Sender ID that is approved for the stream, for example `GLOBAL`. Required if the stream has no default sender.",
				Optional:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"wait_for_delivery": schema.BoolAttribute{
				MarkdownDescription: "Whether to wait until the message is delivered, and to fail if it is not. Default: `false`: the action succeeds when CommPeak accepts the message.",
				Optional:            true,
			},
			"delivery_timeout": schema.StringAttribute{
				MarkdownDescription: "Maximum time to wait for the delivery, for example `\"30s\"` or `\"5m\"`. Maximum: `\"1h\"`. Default: `\"2m\"`.",
				Optional:            true,
				Validators:          []validator.String{tfkit.StringFunc("must be a duration", validateDeliveryTimeout)},
			},
		},
	}
}

func (a *sendAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{
		actionvalidator.ExactlyOneOf(path.MatchRoot("text"), path.MatchRoot("event_key")),
	}
}

// ModifyPlan warns if apply cannot send the message.
func (a *sendAction) ModifyPlan(_ context.Context, _ action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if a.Session != nil && a.Session.ReadOnly() {
		resp.Diagnostics.AddWarning("The test message will not be sent", "The provider is configured with read_only = true, so it does not send messages.")
	}
}

func (a *sendAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config, ok := tfkit.Decode[sendModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}

	report := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	begin := time.Now()
	uuid, sent := a.send(ctx, config, report, &resp.Diagnostics)
	if sent && config.WaitForDelivery.ValueBool() {
		a.awaitDelivery(ctx, config, uuid, begin, report, &resp.Diagnostics)
	}
}

// progress shows a message while the action runs.
type progress func(format string, args ...any)

// send sends the message and returns its UUID.
func (a *sendAction) send(ctx context.Context, config sendModel, report progress, diags *diag.Diagnostics) (uuid string, sent bool) {
	ctx, cancel := a.Session.WithTimeout(ctx)
	defer cancel()
	id := config.StreamID.ValueString()
	variables := map[string]string{}
	diags.Append(config.Variables.ElementsAs(ctx, &variables, false)...)
	if diags.HasError() {
		return "", false
	}
	token, err := a.Session.StreamToken(ctx, id)
	if err != nil {
		tfkit.AddError(diags, "Could not get the token of stream "+id, err)
		return "", false
	}
	report("Sending a test message to %s through stream %s", config.Recipient.ValueString(), id)
	messages, err := a.sendMessage(ctx, token, config, variables)
	if err != nil {
		a.addSendError(ctx, config, err, diags)
		return "", false
	}
	uuid = messages[0].UUID
	report("CommPeak accepted message %s", uuid)
	return uuid, true
}

func (a *sendAction) sendMessage(ctx context.Context, token string, config sendModel, variables map[string]string) ([]commpeak.SentMessage, error) {
	recipient, sender := config.Recipient.ValueString(), config.Sender.ValueString()
	if config.EventKey.IsNull() {
		return a.Session.SendTexts(ctx, token, commpeak.TextMessage{
			Recipient: recipient, Sender: sender, Text: config.Text.ValueString(),
		})
	}
	return a.Session.SendEvent(ctx, token, config.EventKey.ValueString(), commpeak.EventMessage{
		Recipient: recipient, Sender: sender, Variables: variables,
	})
}
