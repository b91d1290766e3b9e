// Package whatsapptemplate offers the message templates of a WhatsApp stream.
package whatsapptemplate

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_whatsapp_templates.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{tfkit.DataSourceBase{Type: "whatsapp_templates"}}
}

type listDataSource struct{ tfkit.DataSourceBase }

type listModel struct {
	StreamID  types.String    `tfsdk:"stream_id"`
	Templates []templateModel `tfsdk:"whatsapp_templates"`
}

type templateModel struct {
	ID       types.String `tfsdk:"id"`
	Name     types.String `tfsdk:"name"`
	Language types.String `tfsdk:"language"`
	Category types.String `tfsdk:"category"`
	Status   types.String `tfsdk:"status"`
	Body     types.String `tfsdk:"body"`
}

// templateModelOf shows a template; what the API does not report is null.
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

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	const notReported = " Null if the API does not return it."
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the message templates of a WhatsApp stream, which are created and approved at WhatsApp.",
		Attributes: map[string]schema.Attribute{
			"stream_id": tfkit.StreamIDOfData("ID of the stream, which must be of type `whatsapp`."),
			"whatsapp_templates": schema.ListNestedAttribute{
				MarkdownDescription: "The templates, in the order in which the API returns them.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":       schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the template at WhatsApp."},
					"name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the template. Templates in several languages can have the same name."},
					"language": schema.StringAttribute{Computed: true, MarkdownDescription: "Language code, for example `en_US`." + notReported},
					"category": schema.StringAttribute{Computed: true, MarkdownDescription: "Category, as WhatsApp returns it, for example `MARKETING`, `UTILITY` or `AUTHENTICATION`." + notReported},
					"status":   schema.StringAttribute{Computed: true, MarkdownDescription: "Status, as WhatsApp returns it, for example `APPROVED`, `PENDING` or `REJECTED`." + notReported},
					"body":     schema.StringAttribute{Computed: true, MarkdownDescription: "Text of the template." + notReported},
				}},
			},
		},
	}
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	streamID := model.StreamID.ValueString()
	templates, err := d.Session.WhatsAppTemplates(ctx, streamID)
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
