package streamtoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

func (r *tokenResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"stream_id": "ID of the stream.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages the token of a stream, the credential that messages are sent with.",
		Attributes:          resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"stream_id": tfkit.StreamIDAttribute("ID of the stream. Changing this forces a new resource, which resets the tokens of both streams."),
		"reset_triggers": schema.MapAttribute{
			MarkdownDescription: "Values that reset the token when one of them changes, for example a quarter or the `id` of a `time_rotating` resource. " +
				"A value that is unknown during the plan counts as changed. The first triggers after an import do not reset the token.",
			ElementType: types.StringType,
			Optional:    true,
			PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplaceIf(requiresReset,
				"A changed value resets the token.", "A changed value resets the token.")},
		},
		"store_token": schema.BoolAttribute{
			MarkdownDescription: "Whether to store the token in the state, as `token`. Anyone with access to the state can then send messages. " +
				"Changing this does not reset the token. Default: `false`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
		},
		"token": schema.StringAttribute{
			MarkdownDescription: "Current token. Null unless `store_token` is `true`.",
			Computed:            true,
			Sensitive:           true,
		},
		"fingerprint": schema.StringAttribute{
			MarkdownDescription: "Salted hash of the token, which changes with every reset. Fingerprints of the same token in two resources differ.",
			Computed:            true,
		},
		"version": schema.Int64Attribute{
			MarkdownDescription: "Version of the current token, which increases with every reset. Use it as the `*_wo_version` of the resource that receives the token. " +
				"It is the time of the reset, or of the refresh that detected it, in milliseconds since 1970.",
			Computed: true,
		},
		"reset_at": schema.StringAttribute{
			MarkdownDescription: "Time of the last reset (RFC 3339). For a reset elsewhere, the time of the refresh that detected it. Null if the token was not reset since its import.",
			Computed:            true,
		},
	}
}
