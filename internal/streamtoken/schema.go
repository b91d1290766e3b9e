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
		"stream_id": "Id of the stream.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Owns the token of a stream: the credential that messages are sent with. A stream has one token; declare this once for a stream.\n\n" +
			"- **Creating** it resets the token: whoever sends with the old one no longer can. **Importing** it takes over the living token instead, without a reset.\n" +
			"- **Changing a value of `reset_triggers`** replaces it, which resets the token once, with `create_before_destroy` or without.\n" +
			"- **Destroying** it resets the token once more, so that nobody sends with it any longer, but only while the living token is the one that this resource owns.\n" +
			"- A token that was **reset elsewhere**, in the console say, is taken over as it is and never reset for that: the plan shows another `fingerprint`, " +
			"and `version` has grown already, so that whatever carries the token is sent the new one by the same apply.\n\n" +
			"The token is not in the state, unless `store_token` says so. To hand it on, open the ephemeral resource `commpeak_stream_token`, " +
			"and give `version` to the receiver's `*_wo_version`.",
		Attributes: resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"stream_id": tfkit.StreamIDAttribute("Id of the stream. Changing it replaces the resource: the old stream's token and the new one's are both reset."),
		"reset_triggers": schema.MapAttribute{
			MarkdownDescription: "Any values that, when one of them changes, reset the token, such as a quarter or a `time_rotating` resource's `id`. " +
				"A value that is not known while planning counts as changed. The first triggers of an imported token reset nothing.",
			ElementType: types.StringType,
			Optional:    true,
			PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplaceIf(triggersReset,
				"A changed value resets the token.", "A changed value resets the token.")},
		},
		"store_token": schema.BoolAttribute{
			MarkdownDescription: "Whether the token is kept in the state, as `token`. Everybody who can read the state can then send with it. " +
				"Switching this resets nothing. Default: `false`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
		},
		"token": schema.StringAttribute{
			MarkdownDescription: "The living token; null unless `store_token` is `true`.",
			Computed:            true,
			Sensitive:           true,
		},
		"fingerprint": schema.StringAttribute{
			MarkdownDescription: "Fingerprint of the token that this resource owns: it changes with the token, and tells nothing about it. " +
				"It is salted, so fingerprints of one token in two places differ.",
			Computed: true,
		},
		"version": schema.Int64Attribute{
			MarkdownDescription: "Version of the living token: it grows with each reset, here or elsewhere, and is made for the `*_wo_version` of whatever is handed the token. " +
				"It is the time of the reset, or of noticing it, in milliseconds since 1970.",
			Computed: true,
		},
		"reset_at": schema.StringAttribute{
			MarkdownDescription: "When the token was last reset (RFC 3339). For a reset elsewhere, when it was noticed; null for an imported token that was not reset since.",
			Computed:            true,
		},
	}
}
