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

// fieldPaths are the attributes of the API's fields.
var fieldPaths = tfkit.Fields{
	"url":     path.Root("url"),
	"method":  path.Root("method"),
	"headers": headersPath,
	"enabled": path.Root("enabled"),
}

func (r *webhookResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"stream_id": "ID of the stream.",
		"id":        "ID of the webhook.",
	})
}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages a webhook of a stream, to which CommPeak delivers incoming messages.",
		Attributes:          resourceAttributes(),
	}
}

func resourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"stream_id": tfkit.StreamIDAttribute("ID of the stream, which must be of type `two_way` or `whatsapp`. Changing this forces a new resource."),
		"url": schema.StringAttribute{
			MarkdownDescription: "Absolute `http://` or `https://` URL that receives incoming messages, without user name and password. Put credentials in `headers_wo`.",
			Required:            true,
			Validators:          []validator.String{tfkit.StringFunc("must be an http:// or https:// URL", validateURL)},
		},
		"method": schema.StringAttribute{
			MarkdownDescription: "HTTP method of the call: `POST`, with the message as JSON in the body, or `GET`, with the message in the query. Default: `POST`.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(http.MethodPost),
			Validators:          []validator.String{stringvalidator.OneOf(commpeak.WebhookMethods...)},
		},
		"headers": schema.MapAttribute{
			MarkdownDescription: "HTTP headers of each call, stored in the state with their values. Names are case-insensitive and must be unique across `headers` and `headers_wo`.",
			ElementType:         types.StringType,
			Optional:            true,
			Sensitive:           true,
			Validators:          headerValidators(),
		},
		"headers_wo": schema.MapAttribute{
			MarkdownDescription: "HTTP headers of each call with secret values, never stored in the plan or state. " +
				"They are sent when the webhook is created, and when `headers_wo_version` or `headers` changes. " +
				"To remove these headers, remove both `headers_wo` and `headers_wo_version`.",
			ElementType: types.StringType,
			Optional:    true,
			Sensitive:   true,
			WriteOnly:   true,
			Validators:  append(headerValidators(), mapvalidator.AlsoRequires(path.MatchRoot("headers_wo_version"))),
		},
		"headers_wo_version": schema.NumberAttribute{
			MarkdownDescription: "Version of `headers_wo`, a positive whole number. Changing it sends the headers again. " +
				"It becomes 0 in the state if one of these headers was changed or removed outside of Terraform.",
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
		mapvalidator.KeysAre(tfkit.StringFunc("must be the name of an HTTP header", validateHeaderName)),
		mapvalidator.ValueStringsAre(tfkit.StringFunc("must be the value of an HTTP header", validateHeaderValue)),
	}
}

// validateURL finds what would keep the API from calling the URL.
func validateURL(text string) string {
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

func validateHeaderName(name string) string {
	if !headerName.MatchString(name) {
		return fmt.Sprintf("%q is not the name of an HTTP header: that has letters, digits and -, and neither spaces nor colons, such as X-Source.", name)
	}
	if slices.Contains(forbiddenHeaders, strings.ToLower(name)) {
		return fmt.Sprintf("%q cannot be set, because every HTTP client sets it itself. Remove it.", name)
	}
	return ""
}

// validateHeaderValue does not quote the value, which may be a secret.
func validateHeaderValue(value string) string {
	switch {
	case strings.ContainsAny(value, "\r\n"):
		return "The value of a header is one line, and this one holds a line break. If it comes from a file, trimspace() removes the last one."
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
		return "The value holds a control character, which no header can."
	case commpeak.IsHeaderMask(value):
		return "The value is nothing but asterisks, by which the API masks the values of headers: write the value itself."
	}
	return ""
}
