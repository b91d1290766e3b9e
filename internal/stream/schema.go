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
	aboutUID = "UUID of the stream."

	aboutStatus = "Status of the stream: `ready` (prepared for use), `sending` (messages are being sent now), " +
		"`draft` (creation steps are missing, for example the WhatsApp access token), `disabled` (paused by hand), " +
		"or another value that the API returns."

	aboutCreatedAt      = "Time at which the stream was created (RFC 3339). Null if the API does not return it."
	aboutLastActivityAt = "Time of the last call of the stream's API (RFC 3339). Null if there was none, or if the API does not return it."
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

func (r *streamResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"id": "ID of the stream.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages a stream: a channel of the account that sends SMS or WhatsApp messages.",
		Attributes:          resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the stream: letters, numbers or symbols, at most 255 characters (assumed). Names do not have to be unique.",
			Required:            true,
			Validators:          []validator.String{tfkit.NotBlank(), tfkit.AssumedLength(255)},
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Type of the stream. One of `marketing`, `transactional`, `otp` (requires `otp`), `two_way`, `whatsapp` (requires `whatsapp`). " +
				"Changing this forces a new resource, with a new token.",
			Required:      true,
			Validators:    []validator.String{stringvalidator.OneOf(tfkit.TextsOf(commpeak.StreamTypes)...)},
			PlanModifiers: []planmodifier.String{replaceForType},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "Description of the stream.",
			Optional:            true,
		},
		"tags": schema.SetAttribute{
			MarkdownDescription: "Tags of the stream. Tags that do not exist are created.",
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.Set{tfkit.Elements()},
		},
		"default_sender": schema.StringAttribute{
			MarkdownDescription: "Sender ID for messages that do not specify one, for example the `value` of one of `commpeak_senders`. " +
				"If null, each request specifies its sender (*Customized* in the console). Not for streams of type `whatsapp`.",
			Optional:   true,
			Validators: []validator.String{tfkit.NotBlank()},
		},
		"demo": schema.BoolAttribute{
			MarkdownDescription: "Whether to simulate deliveries instead of sending messages (*Demo Sending* in the console; the effect is assumed). Default: `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether the stream can send. `false` pauses it (*Disable* in the console). Default: `true`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
		},
		"restricted": schema.BoolAttribute{
			MarkdownDescription: "Whether the stream refuses all addresses, instead of none, while it has no allowed IPs (*Restrict* in the console; the effect is assumed). " +
				"A list that is not empty is always enforced. Default: `false`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
		},
		"deletion_protection": schema.BoolAttribute{
			MarkdownDescription: "Whether Terraform refuses to destroy or replace the stream. The console ignores it. Default: `false`.",
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
		MarkdownDescription: "Code settings, required to create a stream of type `otp` and not allowed for other types. `{}` sets all defaults. " +
			"Terraform ignores misspelled attributes of a nested object.",
		Optional: true,
		Attributes: map[string]schema.Attribute{
			"code_generation": schema.StringAttribute{
				MarkdownDescription: "System that generates and verifies the codes. One of `commpeak`, `customer`. Default: `commpeak`.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(commpeak.CodesByCommPeak),
				Validators:          []validator.String{stringvalidator.OneOf(commpeak.CodesByCommPeak, commpeak.CodesByCustomer)},
			},
			"code_length":      otpNumber("Number of digits of a code", 4, 10, defaultCodeLength),
			"code_ttl_seconds": otpNumber("Number of seconds for which a code is valid", 30, 86_400, defaultCodeTTL),
			"max_failures":     otpNumber("Number of failed attempts after which a code is invalid", 1, 10, defaultMaxFailures),
			"sending_limit": schema.SingleNestedAttribute{
				MarkdownDescription: "Maximum number of messages in a period. If null, there is no limit.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"max_messages": schema.NumberAttribute{
						MarkdownDescription: "Number of messages, at least 1 (assumed).",
						Required:            true,
						Validators:          []validator.Number{tfkit.AssumedMinimum(1)},
					},
					"period_seconds": schema.NumberAttribute{
						MarkdownDescription: "Length of the period in seconds, at least 1 (assumed).",
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
		MarkdownDescription: fmt.Sprintf("%s, between %d and %d (assumed). Default: `%d`.", about, least, most, fallback),
		Optional:            true,
		Computed:            true,
		Default:             numberdefault.StaticBigFloat(new(big.Float).SetInt64(fallback)),
		Validators:          []validator.Number{tfkit.AssumedRange(least, most)},
	}
}

func whatsAppAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "WhatsApp settings, required to create a stream of type `whatsapp` and not allowed for other types. " +
			"Terraform ignores misspelled attributes of a nested object.",
		Optional: true,
		Attributes: map[string]schema.Attribute{
			"business_id": schema.StringAttribute{
				MarkdownDescription: "WhatsApp Business ID.",
				Required:            true,
				Validators:          []validator.String{tfkit.NotBlank()},
			},
			"access_token_wo": schema.StringAttribute{
				MarkdownDescription: "Permanent authentication token of the WhatsApp Business account, never stored in the plan or state. " +
					"It is sent when the stream is created and when `access_token_wo_version` changes. A stream without a token stays a `draft`. " +
					"Removing the argument does not remove the token from CommPeak.",
				Optional:  true,
				Sensitive: true,
				WriteOnly: true,
				Validators: []validator.String{
					tfkit.NotBlank(),
					stringvalidator.AlsoRequires(path.MatchRelative().AtParent().AtName("access_token_wo_version")),
				},
			},
			"access_token_wo_version": schema.NumberAttribute{
				MarkdownDescription: "Version of `access_token_wo`, a whole number. Changing it sends the token again.",
				Optional:            true,
				Validators:          []validator.Number{tfkit.WholeNumber()},
			},
		},
	}
}
