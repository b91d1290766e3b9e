// Package whatsapptemplate offers the message templates of a WhatsApp stream.
package whatsapptemplate

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_whatsapp_templates.
func NewListDataSource() datasource.DataSource { return &listDataSource{} }

type listDataSource struct{ client *session.Session }

type listModel struct {
	StreamID  types.String    `tfsdk:"stream_id"`
	Templates []templateModel `tfsdk:"templates"`
}

type templateModel struct {
	ID       types.String `tfsdk:"id"`
	Name     types.String `tfsdk:"name"`
	Language types.String `tfsdk:"language"`
	Category types.String `tfsdk:"category"`
	Status   types.String `tfsdk:"status"`
	Body     types.String `tfsdk:"body"`
}

// templateModelOf shows a template; what the service does not report is null.
func templateModelOf(template commpeak.WhatsAppTemplate) templateModel {
	return templateModel{
		ID:       types.StringValue(template.ID),
		Name:     types.StringValue(template.Name),
		Language: tfkit.OptionalString(template.Language),
		Category: tfkit.OptionalString(template.Category),
		Status:   tfkit.OptionalString(template.Status),
		Body:     tfkit.OptionalString(template.Body),
	}
}

func (d *listDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_whatsapp_templates"
}

func (d *listDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = tfkit.Client(req.ProviderData, &resp.Diagnostics)
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	const notReported = " Null where the service does not report it."
	resp.Schema = schema.Schema{
		MarkdownDescription: "The message templates of a WhatsApp stream. They are made and approved at WhatsApp; CommPeak shows them.",
		Attributes: map[string]schema.Attribute{
			"stream_id": schema.StringAttribute{
				MarkdownDescription: "Id of the stream, which must be of type `whatsapp`.",
				Required:            true,
				Validators:          []validator.String{tfkit.StreamID()},
			},
			"templates": schema.ListNestedAttribute{
				MarkdownDescription: "The templates, in the order in which the service lists them.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the template, as WhatsApp numbers it."},
					"name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the template. Templates of several languages may share one."},
					"language": schema.StringAttribute{Computed: true, MarkdownDescription: "Code of the language, such as `en_US`." + notReported},
					"category": schema.StringAttribute{Computed: true, MarkdownDescription: "What the template is for, as WhatsApp spells it, such as `MARKETING`, `UTILITY` or `AUTHENTICATION`." + notReported},
					"status":   schema.StringAttribute{Computed: true, MarkdownDescription: "Whether it may be used, as WhatsApp spells it, such as `APPROVED`, `PENDING` or `REJECTED`." + notReported},
					"body":     schema.StringAttribute{Computed: true, MarkdownDescription: "Text of the template." + notReported},
				}},
			},
		},
	}
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultTimeout)
	defer cancel()
	streamID := model.StreamID.ValueString()
	templates, err := d.client.WhatsAppTemplates(ctx, streamID)
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(&resp.Diagnostics, "stream_id", streamID)
		return
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, "Could not list the WhatsApp templates of the stream "+streamID, err)
		return
	}
	model.Templates = []templateModel{}
	for _, template := range templates {
		model.Templates = append(model.Templates, templateModelOf(template))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
