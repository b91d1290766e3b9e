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
	aboutVariables = "Names of the placeholders, each once, in the order of their first use."

	aboutEncoding = "How an SMS carries the template: `gsm7`, or `ucs2` as soon as one character needs it, which more than halves what a message holds."

	aboutSegments = "Number of messages that carry the template as it is written, placeholders included. " +
		"What is sent may take another number: the functions `render_template` and `sms_segments` tell."
)

// fieldPaths are the attributes that the API's fields stand for.
var fieldPaths = tfkit.Fields{"name": path.Root("name"), "key": path.Root("key"), "template": path.Root("template")}

var eventKey = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

func (r *eventResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"stream_id": "Id of the stream.",
		"id":        "Id of the event.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "An event of a stream: a message template that a send names by its key, and fills in. Streams of type `otp` and `transactional` have events.\n\n" +
			"What it is as SMS, and which variables it takes, shows in the plan.",
		Attributes: resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"stream_id": tfkit.StreamIDAttribute("Id of the stream, of type `otp` or `transactional`; of a stream that is created in the same run, this shows in apply only. " +
			"Changing it replaces the event template."),
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the event, at most 255 characters. Names need not be unique.",
			Required:            true,
			Validators:          []validator.String{tfkit.NotBlank(), stringvalidator.UTF8LengthAtMost(255)},
		},
		"key": schema.StringAttribute{
			MarkdownDescription: "Key that a send names the event by: 1 to 64 small letters `a`–`z`, digits and underscores, unique in its stream. " +
				"The key of an event cannot be edited: changing it replaces the event template.",
			Required:      true,
			Validators:    []validator.String{stringvalidator.RegexMatches(eventKey, "must be 1 to 64 small letters a-z, digits and underscores")},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"template": schema.StringAttribute{
			MarkdownDescription: "Text of the message, 1 to 1600 characters (Unicode code points). A placeholder is a name in single braces, such as `{code}`: " +
				"letters `A`–`Z` and `a`–`z`, digits and underscores, no digit first. Any other brace is text.",
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
