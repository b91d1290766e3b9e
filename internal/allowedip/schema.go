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

const (
	aboutList = "A list that is not empty is always enforced. A stream whose list is empty is open to everyone, " +
		"unless it is restricted (`restricted` of `commpeak_stream`), which closes it. Removing or replacing a resource never empties the list of an open stream."

	aboutOtherWriters = "The API stores the list as one string without a version. The provider reads it, writes it with its own changes, and reads it back. " +
		"Changes that Terraform makes to one stream at the same time are combined into one request. An entry that a different program adds between the read and the write is lost. " +
		"An entry of Terraform's that a different program removes is written again, or shows as drift in the next plan."

	aboutForms = "an IPv4 or IPv6 address or a prefix. A prefix of one address is that address: `203.0.113.7` and `203.0.113.7/32` are the same, " +
		"and so are `2001:DB8::1` and `2001:db8::1/128`. A different spelling sends no request. A prefix must not have bits set beyond its length."
)

// The attributes that the API's field stands for.
var (
	entryFieldPaths = tfkit.Fields{"ipAcl": path.Root("ip")}
	listFieldPaths  = tfkit.Fields{"ipAcl": path.Root("ips")}
)

func ipValidator() validator.String { return tfkit.Text("must be an IP address or prefix", validateIP) }

func (r *entryResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{
		"stream_id": "Id of the stream.",
		"ip":        "The address or prefix.",
	})
}

func entrySchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages one address or prefix that may call a stream's API. Other entries of the stream's list are left unchanged. " +
			"To manage the whole list, use `commpeak_allowed_ips`, but not both on one stream.\n\n" +
			aboutList + " The last entry therefore stays on the list when it is destroyed.\n\n" +
			aboutOtherWriters,
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDAttribute("Id of the stream. Changing it replaces the resource."),
			"ip": schema.StringAttribute{
				MarkdownDescription: "The address or prefix: " + aboutForms + " Changing it replaces the resource.",
				Required:            true,
				Validators:          []validator.String{ipValidator()},
				PlanModifiers:       []planmodifier.String{keepSpelling{}, stringplanmodifier.RequiresReplace()},
			},
		},
	}
}

func (r *wholeResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = tfkit.Identity(map[string]string{"stream_id": "Id of the stream."})
}

func listSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages all addresses and prefixes that may call a stream's API. An entry that is not configured is drift and is removed. " +
			"To manage single entries and leave the others unchanged, use `commpeak_allowed_ip`, but not both on one stream.\n\n" +
			aboutList + " Destroying this resource leaves the list as it is.\n\n" +
			aboutOtherWriters,
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDAttribute("Id of the stream. Changing it replaces the resource."),
			"ips": schema.SetAttribute{
				MarkdownDescription: "The addresses and prefixes, each " + aboutForms + " The same entry in two spellings is an error. " +
					"An empty set opens the stream, unless it is restricted.",
				CustomType:  newIPSetType(),
				ElementType: types.StringType,
				Required:    true,
				Validators:  []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(ipValidator()), eachOnce{}},
			},
		},
	}
}

// keepSpelling plans the spelling of the state if the configuration means the same address.
// Semantic equality of types does not help: it does not run at plan time, and RequiresReplace
// ignores it. A set is always planned as configured, because an element that becomes known at
// apply must not change how the others are spelled.
type keepSpelling struct{}

func (keepSpelling) Description(context.Context) string {
	return "A different spelling of the same address changes nothing."
}

func (k keepSpelling) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

func (keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if sameIP(req.PlanValue, req.StateValue) {
		resp.PlanValue = req.StateValue
	}
}

// eachOnce refuses a set that holds one entry in two spellings.
type eachOnce struct{}

func (eachOnce) Description(context.Context) string             { return "each entry once" }
func (e eachOnce) MarkdownDescription(c context.Context) string { return e.Description(c) }

func (eachOnce) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	spelled := map[string]string{}
	list, _ := entries(ipSet{req.ConfigValue})
	for _, entry := range list {
		other, found := spelled[commpeak.CanonicalIP(entry)]
		if found {
			resp.Diagnostics.AddAttributeError(req.Path, "One entry in two spellings",
				fmt.Sprintf("%q and %q are the same. Keep one of them.", other, entry))
		}
		spelled[commpeak.CanonicalIP(entry)] = entry
	}
}
