package eventtemplate

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Texts that the resource and the data source share.
const (
	aboutVariables = "Names of the placeholders, in the order of their first use."

	aboutEncoding = "Encoding of the template as SMS: `gsm7`, or `ucs2` if a character is not in the GSM alphabet, with less than half as many characters in a segment."

	aboutSegments = "Number of SMS segments of the template, including its placeholders. " +
		"For the text of a message, use the functions `render_template` and `sms_segments`."
)

// fieldPaths are the attributes of the API's fields.
var fieldPaths = tfkit.Fields{"name": path.Root("name"), "key": path.Root("key"), "template": path.Root("template")}

var eventKey = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

func (r *eventResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"stream_id": "ID of the stream.",
		"id":        "ID of the event.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages an event template of a stream: a message text with placeholders, which a send selects by its key.",
		Attributes:          resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"stream_id": tfkit.StreamIDAttribute("ID of the stream, which must be of type `otp` or `transactional`. Changing this forces a new resource."),
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the event, at most 255 characters. Names do not have to be unique.",
			Required:            true,
			Validators:          []validator.String{tfkit.NotBlank(), stringvalidator.UTF8LengthAtMost(255)},
		},
		"key": schema.StringAttribute{
			MarkdownDescription: "Key that selects the event in a send: 1 to 64 lowercase letters `a`–`z`, digits and underscores, unique in the stream. " +
				"Changing this forces a new resource.",
			Required:      true,
			Validators:    []validator.String{stringvalidator.RegexMatches(eventKey, "must be 1 to 64 lowercase letters a-z, digits and underscores")},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"template": schema.StringAttribute{
			MarkdownDescription: "Text of the message, 1 to 1600 characters (Unicode code points). A placeholder is a name in single braces, for example `{code}`: " +
				"letters `A`–`Z` and `a`–`z`, digits and underscores, not starting with a digit. All other braces are text.",
			Required:   true,
			Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 1600)},
		},
		"id": tfkit.IDAttribute("event template"),
		"variables": schema.ListAttribute{
			MarkdownDescription: aboutVariables,
			ElementType:         types.StringType,
			Computed:            true,
		},
		"encoding": schema.StringAttribute{MarkdownDescription: aboutEncoding, Computed: true},
		"segments": schema.Int64Attribute{MarkdownDescription: aboutSegments, Computed: true},
	}
}
