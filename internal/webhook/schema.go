package webhook

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// fieldPaths are the attributes that the API's fields stand for.
var fieldPaths = tfkit.Fields{
	"url":     path.Root("url"),
	"method":  path.Root("method"),
	"headers": headersPath,
	"enabled": path.Root("enabled"),
}

func (r *webhookResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"stream_id": "Id of the stream.",
		"id":        "Id of the webhook.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A webhook of a stream: where the service delivers incoming messages. Streams of type `two_way` and `whatsapp` have them.\n\n" +
			"The service keeps the headers of a webhook in one list, which `headers` and `headers_wo` write together. " +
			"Headers that were written through `headers_wo` are never in the state; every other header that the webhook has is, as drift of `headers` if it is not configured. " +
			"A value that was not set through Terraform is not taken into the state, since it may be secret: the header stands there as `********`.\n\n" +
			"Where the service masks the values of headers (`********`), a changed value is not found as drift; a header that appeared or vanished is.\n\n" +
			"**Importing** takes all headers into `headers`, since nothing tells which of them were write-only. Where the configuration has `headers_wo`, or the service masks values, " +
			"the next plan therefore shows one update, which sends all configured headers and takes the others out of the state.\n\n" +
			"A plan that creates a webhook lists those of the stream, and warns of one of the same URL that it has not read, with an `import` block for it: " +
			"a run that was killed may have left it behind, and it would be called, too.",
		Attributes: resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"stream_id": tfkit.StreamIDAttribute("Id of the stream, which must be of type `two_way` or `whatsapp`. Changing it replaces the webhook."),
		"url": schema.StringAttribute{
			MarkdownDescription: "Where incoming messages go: an absolute `http://` or `https://` URL without user name and password. Credentials belong into `headers_wo`.",
			Required:            true,
			Validators:          []validator.String{tfkit.Text("must be an http:// or https:// URL", urlFault)},
		},
		"method": schema.StringAttribute{
			MarkdownDescription: "How the URL is called: `POST`, with the message as JSON in the body, or `GET`, with the message in the query. Default: `POST`.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(http.MethodPost),
			Validators:          []validator.String{stringvalidator.OneOf(commpeak.WebhookMethods...)},
		},
		"headers": schema.MapAttribute{
			MarkdownDescription: "HTTP headers of each call: values by names. The case of a name does not matter, and no name may be there twice, be it here and in `headers_wo`. " +
				"The values are kept in the state; plans do not show them.",
			ElementType: types.StringType,
			Optional:    true,
			Sensitive:   true,
			Validators:  headerValidators(),
		},
		"headers_wo": schema.MapAttribute{
			MarkdownDescription: "More HTTP headers of each call, for values that are secret: they are sent to the service and kept nowhere else, neither in the plan nor in the state. " +
				"They are sent when the webhook is created, whenever `headers_wo_version` changes, and along with every change of `headers`, since the service takes only the whole list. " +
				"A change of `headers` therefore needs them to be set still. Remove both `headers_wo` and `headers_wo_version` to remove these headers.",
			ElementType: types.StringType,
			Optional:    true,
			Sensitive:   true,
			WriteOnly:   true,
			Validators:  append(headerValidators(), mapvalidator.AlsoRequires(path.MatchRoot("headers_wo_version"))),
		},
		"headers_wo_version": schema.NumberAttribute{
			MarkdownDescription: "Version of `headers_wo`, a positive whole number: changing it sends the headers again. " +
				"It becomes 0 in the state if one of these headers was changed or removed outside of Terraform, so that the next apply sends them.",
			Optional:   true,
			Validators: []validator.Number{tfkit.Between(changedVersion+1, math.MaxInt64)},
		},
		"enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether the webhook is called. Default: `true`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
		},
		"id": tfkit.IDAttribute("webhook"),
	}
}

func headerValidators() []validator.Map {
	return []validator.Map{
		mapvalidator.NoNullValues(),
		mapvalidator.KeysAre(tfkit.Text("must be the name of an HTTP header", headerNameFault)),
		mapvalidator.ValueStringsAre(tfkit.Text("must be the value of an HTTP header", headerValueFault)),
	}
}

// urlFault finds what would keep the service from calling the URL.
func urlFault(text string) string {
	parsed, err := url.Parse(text)
	switch {
	case strings.ContainsFunc(text, unicode.IsSpace):
		return "It holds white space."
	case err != nil:
		return "It cannot be read as a URL."
	case !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://"), parsed.Hostname() == "":
		return "It is not an absolute URL that begins with http:// or https://, for example https://example.com/incoming."
	case parsed.User != nil:
		return "It holds a user name or password, which would be shown in plans and logs: send them in a header of headers_wo, such as Authorization."
	}
	return ""
}

// forbiddenHeaders are the headers that an HTTP client sets itself.
var forbiddenHeaders = []string{"host", "content-length", "transfer-encoding", "connection"}

// A token, as HTTP has it.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func headerNameFault(name string) string {
	if !headerName.MatchString(name) {
		return fmt.Sprintf("%q is not the name of an HTTP header: that has letters, digits and -, and neither spaces nor colons, such as X-Source.", name)
	}
	if slices.Contains(forbiddenHeaders, strings.ToLower(name)) {
		return fmt.Sprintf("%q cannot be set, because every HTTP client sets it itself. Remove it.", name)
	}
	return ""
}

// headerValueFault does not quote the value, which may be a secret.
func headerValueFault(value string) string {
	switch {
	case strings.ContainsAny(value, "\r\n"):
		return "The value of a header is one line, and this one holds a line break. If it comes from a file, trimspace() removes the last one."
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
		return "The value holds a control character, which no header can."
	case commpeak.IsHeaderMask(value):
		return "The value is nothing but asterisks, by which the service masks the values of headers: write the value itself."
	}
	return ""
}
