// Package testmessage has the action commpeak_send_test_message.
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

// defaultDeliveryTimeout is that of a configuration that names none.
const defaultDeliveryTimeout = 2 * time.Minute

func (a *sendAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sends one message through a stream, as *Test stream API* of the console does. Needs Terraform 1.14 or later.\n\n" +
			"The message is a real one, and charged, unless the stream is a demo. The stream's allowed IPs are enforced: the address that Terraform runs at must be among them. " +
			"The action asks the service for the stream's token, and shows it nowhere. A message whose sending failed is not sent again unless it surely did not go out. " +
			"With the provider's `read_only` nothing is sent. " +
			"Plans show the configuration of an action: put nothing secret into `text` or `variables`.\n\n" +
			"Run it on its own with `terraform apply -invoke=action.commpeak_send_test_message.NAME`, or from the `action_trigger` of a resource's `lifecycle`.",
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "Id of the stream to send through. Not one of type `whatsapp`: those send templates and replies alone.",
				Required:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
			"recipient": schema.StringAttribute{
				MarkdownDescription: "Phone number in international digits alone, country code first, such as `\"491701234567\"`: no `+`, no `00`, no spaces; 7–15 digits.",
				Required:            true,
				Validators:          []validator.String{tfkit.Text("must be a phone number in international digits", recipientFault)},
			},
			"text": schema.StringAttribute{
				MarkdownDescription: "Text to send. Either this or `event_key` is needed.",
				Optional:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"event_key": schema.StringAttribute{
				MarkdownDescription: "Key of an event template of the stream to send, on streams of type `otp` and `transactional`.",
				Optional:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"variables": schema.MapAttribute{
				MarkdownDescription: "Values of the template's `{variables}`, every one of which is needed. Only with `event_key`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Map{mapvalidator.AlsoRequires(path.MatchRoot("event_key")), mapvalidator.NoNullValues()},
			},
			"sender": schema.StringAttribute{
				MarkdownDescription: "Sender ID that the recipient sees, approved for the stream; `GLOBAL` is shared and approved for all. Default: the stream's default sender, without which it is needed.",
				Optional:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"wait_for_delivery": schema.BoolAttribute{
				MarkdownDescription: "Whether to wait until the message is delivered. If it is not, or not in time, the action fails. Default: `false`, which is content with a message that the service accepted.",
				Optional:            true,
			},
			"delivery_timeout": schema.StringAttribute{
				MarkdownDescription: "How long to wait for the delivery, such as `\"30s\"` or `\"5m\"`; at most `\"1h\"`. Default: `\"2m\"`.",
				Optional:            true,
				Validators:          []validator.String{tfkit.Text("must be a length of time", deliveryTimeoutFault)},
			},
		},
	}
}

func (a *sendAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{
		actionvalidator.ExactlyOneOf(path.MatchRoot("text"), path.MatchRoot("event_key")),
	}
}

// ModifyPlan tells in the plan what would fail in the apply.
func (a *sendAction) ModifyPlan(_ context.Context, _ action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if a.Session != nil && a.Session.ReadOnly() {
		resp.Diagnostics.AddWarning("The test message will not be sent", "The provider is configured with read_only = true: a message is a write, and refused.")
	}
}

func (a *sendAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config, ok := tfkit.Decode[sendModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}

	tell := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	begin := time.Now()
	uuid, sent := a.send(ctx, config, tell, &resp.Diagnostics)
	if sent && config.WaitForDelivery.ValueBool() {
		a.awaitDelivery(ctx, config, uuid, begin, tell, &resp.Diagnostics)
	}
}

// progress tells the user how the action is getting on.
type progress func(format string, args ...any)

// send sends the message and returns the service's name for it.
func (a *sendAction) send(ctx context.Context, config sendModel, tell progress, diags *diag.Diagnostics) (uuid string, sent bool) {
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
	tell("Sending a test message to %s through stream %s", config.Recipient.ValueString(), id)
	messages, err := a.sendMessage(ctx, token, config, variables)
	if err != nil {
		a.explain(ctx, config, err, diags)
		return "", false
	}
	uuid = messages[0].UUID
	tell("The service accepted message %s", uuid)
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
