package allowedip

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

const aboutForms = "IPv4 or IPv6 address or prefix, without bits set beyond the length of the prefix. " +
	"Different spellings of an address are the same: `203.0.113.7` and `203.0.113.7/32`, or `2001:DB8::1` and `2001:db8::1/128`."

// The attributes of the API's fields.
var (
	entryFieldPaths = tfkit.Fields{"ipAcl": path.Root("ip")}
	listFieldPaths  = tfkit.Fields{"ipAcl": path.Root("ips")}
)

func ipValidator() validator.String {
	return tfkit.StringFunc("must be an IP address or prefix", validateIP)
}

func (r *allowedIPResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"stream_id": "ID of the stream.",
		"ip":        "The address or prefix.",
	})
}

func allowedIPSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages one address or prefix that may send through a stream. Other entries of its list are left unchanged.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDAttribute("ID of the stream. Changing it replaces the resource."),
			"ip": schema.StringAttribute{
				MarkdownDescription: aboutForms + " Changing this forces a new resource.",
				Required:            true,
				Validators:          []validator.String{ipValidator()},
				PlanModifiers:       []planmodifier.String{suppressEquivalentIP{}, stringplanmodifier.RequiresReplace()},
			},
		},
	}
}

func (r *allowedIPsResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{"stream_id": "ID of the stream."})
}

func allowedIPsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages all addresses and prefixes that may send through a stream. Other entries are drift.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDAttribute("ID of the stream. Changing it replaces the resource."),
			"ips": schema.SetAttribute{
				MarkdownDescription: "Addresses and prefixes. An empty set opens the stream, unless it is restricted. " + aboutForms,
				CustomType:          newIPSetType(),
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(ipValidator()), uniqueIPs{}},
			},
		},
	}
}

// suppressEquivalentIP plans the spelling of the state if the configuration means the same address.
// Semantic equality of types does not help: it does not run at plan time, and RequiresReplace
// ignores it. A set is always planned as configured, because an element that becomes known at
// apply must not change how the others are spelled.
type suppressEquivalentIP struct{}

func (suppressEquivalentIP) Description(context.Context) string {
	return "A different spelling of the same address changes nothing."
}

func (k suppressEquivalentIP) MarkdownDescription(ctx context.Context) string {
	return k.Description(ctx)
}

func (suppressEquivalentIP) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if equalIP(req.PlanValue, req.StateValue) {
		resp.PlanValue = req.StateValue
	}
}

// uniqueIPs rejects a set that contains one entry in two spellings.
type uniqueIPs struct{}

func (uniqueIPs) Description(context.Context) string             { return "must contain each entry only once" }
func (e uniqueIPs) MarkdownDescription(c context.Context) string { return e.Description(c) }

func (uniqueIPs) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	spelled := map[string]string{}
	list, _ := knownEntries(ipSet{req.ConfigValue})
	for _, entry := range list {
		other, found := spelled[commpeak.CanonicalIP(entry)]
		if found {
			resp.Diagnostics.AddAttributeError(req.Path, "One entry in two spellings",
				fmt.Sprintf("%q and %q are the same. Keep one of them.", other, entry))
		}
		spelled[commpeak.CanonicalIP(entry)] = entry
	}
}
