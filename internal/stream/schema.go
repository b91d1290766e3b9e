package stream

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/numberdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Texts that the resource and the data sources share.
const (
	aboutUID = "UUID of the stream, as the service knows it (`streamUid`)."

	aboutStatus = "What the stream is doing: `ready` (prepared for use), `sending` (messages are being sent now), " +
		"`draft` (creation steps are missing, such as the WhatsApp access token) or `disabled` (paused by hand). " +
		"Another status comes as the service spells it."

	aboutCreatedAt      = "When the stream was created (RFC 3339); null where the service does not report it."
	aboutLastActivityAt = "When the stream's API was last called (RFC 3339); null for never, or where the service does not report it."
)

// fieldPaths are the attributes that the API's fields stand for.
var fieldPaths = tfkit.Fields{
	"name":                                   path.Root("name"),
	"type":                                   path.Root("type"),
	"description":                            path.Root("description"),
	"streamTags":                             path.Root("tags"),
	"defaultSender":                          path.Root("default_sender"),
	"demo":                                   path.Root("demo"),
	"restricted":                             path.Root("restricted"),
	"state":                                  path.Root("enabled"),
	"otpSettings":                            otpPath,
	"otpSettings.codeGeneration":             otpPath.AtName("code_generation"),
	"otpSettings.codeLength":                 otpPath.AtName("code_length"),
	"otpSettings.codeTtl":                    otpPath.AtName("code_ttl_seconds"),
	"otpSettings.maxFailures":                otpPath.AtName("max_failures"),
	"otpSettings.sendingLimit":               otpPath.AtName("sending_limit"),
	"otpSettings.sendingLimit.messages":      otpPath.AtName("sending_limit").AtName("max_messages"),
	"otpSettings.sendingLimit.periodSeconds": otpPath.AtName("sending_limit").AtName("period_seconds"),
	"whatsApp":                               whatsAppPath,
	"whatsApp.businessId":                    whatsAppPath.AtName("business_id"),
	"whatsApp.accessToken":                   tokenPath,
}

func typeNames() []string {
	names := make([]string, len(commpeak.StreamTypes))
	for i, name := range commpeak.StreamTypes {
		names[i] = string(name)
	}
	return names
}

func (r *streamResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"id": "Id of the stream.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A stream: one sending channel of the account (SMS or WhatsApp), with its own token, tags and settings.\n\n" +
			"A stream's token is no part of this resource and is never in its state. Deleting a stream deletes its event templates, webhooks and token with it.\n\n" +
			"**Interrupted runs.** Names are not unique, and nothing tells the service that two requests for a stream are one. A run that is killed between the service making " +
			"a stream and Terraform saving it leaves one behind that Terraform knows nothing of. So a plan that creates a stream lists those of the account, once, " +
			"and warns of one of the same name and type that it has not read: with its id, the time at which it was made, and an `import` block for it.\n\n" +
			"Where the service does not report a setting, no drift is found in it, and importing takes its default.",
		Attributes: resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the stream: any letters, numbers or symbols, at most 255 characters. Names need not be unique.",
			Required:            true,
			Validators:          []validator.String{tfkit.NotBlank(), tfkit.AssumedLength(255)},
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Type of the stream: `marketing`, `transactional`, `otp` (needs the attribute `otp`), `two_way` or `whatsapp` (needs the attribute `whatsapp`). " +
				"The type of a stream cannot be edited: changing it replaces the stream, and its token with it.",
			Required:      true,
			Validators:    []validator.String{stringvalidator.OneOf(typeNames()...)},
			PlanModifiers: []planmodifier.String{replaceForType},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "What the stream is for, in your own words.",
			Optional:            true,
		},
		"tags": schema.SetAttribute{
			MarkdownDescription: "Tags of the stream, created on the fly by their values.",
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.Set{tfkit.Elements()},
		},
		"default_sender": schema.StringAttribute{
			MarkdownDescription: "Sender ID for messages that name none, such as the `value` of one of `commpeak_senders`. " +
				"Without it, each request chooses its sender (*Customized* in the console). Not for streams of type `whatsapp`.",
			Optional:   true,
			Validators: []validator.String{tfkit.NotBlank()},
		},
		"demo": schema.BoolAttribute{
			MarkdownDescription: "Demo Sending: deliveries are simulated and nothing is sent. Default: `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether the stream may send; `false` pauses it (*Disable* in the console). Default: `true`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
		},
		"restricted": schema.BoolAttribute{
			MarkdownDescription: "Whether a stream without allowed IPs is closed to everyone instead of open to everyone (*Restrict* in the console). " +
				"A list that is not empty is enforced in any case. Default: `false`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
		},
		"deletion_protection": schema.BoolAttribute{
			MarkdownDescription: "Whether Terraform refuses to destroy or replace the stream. It is kept by Terraform alone: the console does not know it. Default: `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"otp":        otpAttribute(),
		"whatsapp":   whatsAppAttribute(),
		"id":         tfkit.IDAttribute("stream"),
		"uid":        tfkit.StableAttribute(aboutUID),
		"created_at": tfkit.StableAttribute(aboutCreatedAt),
	}
}

var replaceForType = stringplanmodifier.RequiresReplaceIf(
	func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		resp.RequiresReplace = replacesType(req.StateValue, req.PlanValue)
	}, "A different type replaces the stream.", "A different type replaces the stream.")

func otpAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Code settings, required with type `otp` and not allowed with any other; `{}` takes all defaults. " +
			"Mind the spelling of what is in it: Terraform drops attributes of an object that it does not know.",
		Optional: true,
		Attributes: map[string]schema.Attribute{
			"code_generation": schema.StringAttribute{
				MarkdownDescription: "Who makes the codes: `commpeak`, which makes, sends and verifies them, or `customer`, whose own system does. Default: `commpeak`.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(commpeak.CodesByCommPeak),
				Validators:          []validator.String{stringvalidator.OneOf(commpeak.CodesByCommPeak, commpeak.CodesByCustomer)},
			},
			"code_length":      otpNumber("Digits of a code", 4, 10, defaultCodeLength),
			"code_ttl_seconds": otpNumber("Seconds for which a code is valid", 30, 86_400, defaultCodeTTL),
			"max_failures":     otpNumber("Wrong tries after which a code is dead", 1, 10, defaultMaxFailures),
			"sending_limit": schema.SingleNestedAttribute{
				MarkdownDescription: "The most messages within a period. Without it there is no limit.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"max_messages": schema.NumberAttribute{
						MarkdownDescription: "Number of messages, at least 1.",
						Required:            true,
						Validators:          []validator.Number{tfkit.AssumedMinimum(1)},
					},
					"period_seconds": schema.NumberAttribute{
						MarkdownDescription: "Length of the period in seconds, at least 1.",
						Required:            true,
						Validators:          []validator.Number{tfkit.AssumedMinimum(1)},
					},
				},
			},
		},
	}
}

func otpNumber(about string, least, most, fallback int64) schema.Attribute {
	return schema.NumberAttribute{
		MarkdownDescription: fmt.Sprintf("%s (%d–%d). Default: `%d`.", about, least, most, fallback),
		Optional:            true,
		Computed:            true,
		Default:             numberdefault.StaticBigFloat(new(big.Float).SetInt64(fallback)),
		Validators:          []validator.Number{tfkit.AssumedRange(least, most)},
	}
}

func whatsAppAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "WhatsApp settings, required with type `whatsapp` and not allowed with any other.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"business_id": schema.StringAttribute{
				MarkdownDescription: "WhatsApp Business ID.",
				Required:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"access_token_wo": schema.StringAttribute{
				MarkdownDescription: "Permanent authentication token of the WhatsApp Business account. It is sent to the service and kept nowhere else: neither in the plan nor in the state. " +
					"It is sent when the stream is created and whenever `access_token_wo_version` changes. A WhatsApp stream without a token stays a `draft`.",
				Optional:  true,
				Sensitive: true,
				WriteOnly: true,
				Validators: []validator.String{
					tfkit.NotBlank(),
					stringvalidator.AlsoRequires(path.MatchRelative().AtParent().AtName("access_token_wo_version")),
				},
			},
			"access_token_wo_version": schema.NumberAttribute{
				MarkdownDescription: "Version of `access_token_wo`, any whole number: changing it sends the token again.",
				Optional:            true,
				Validators:          []validator.Number{tfkit.WholeNumber()},
			},
		},
	}
}
