// Package domain offers the short-link domains of the account.
package domain

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewListDataSource returns the data source commpeak_domains.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{tfkit.DataSourceBase{Type: "domains"}}
}

type listDataSource struct{ tfkit.DataSourceBase }

type listModel struct {
	Domains []domainModel `tfsdk:"domains"`
}

type domainModel struct {
	ID     types.String `tfsdk:"id"`
	Name   types.String `tfsdk:"name"`
	IP     types.String `tfsdk:"ip"`
	Status types.String `tfsdk:"status"`
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the domains for short links in messages.",
		Attributes: map[string]schema.Attribute{
			"domains": schema.ListNestedAttribute{
				MarkdownDescription: "The domains, in the order in which the API returns them.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the domain."},
					"name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the domain, for example `go.example.com`."},
					"ip":   schema.StringAttribute{Computed: true, MarkdownDescription: "Address that the domain points to."},
					"status": schema.StringAttribute{
						Computed: true, MarkdownDescription: "One of `configured`, `pending`, `blocked`, `reached_limit`, or another value as the API returns it.",
					},
				}},
			},
		},
	}
}

func (d *listDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()
	model := listModel{Domains: []domainModel{}}
	for domain, err := range d.Session.Domains(ctx) {
		if err != nil {
			tfkit.AddError(&resp.Diagnostics, "Could not list the domains", err)
			return
		}
		model.Domains = append(model.Domains, domainModel{
			ID:     types.StringValue(domain.ID),
			Name:   types.StringValue(domain.Name),
			IP:     tfkit.OptionalString(domain.IP),
			Status: tfkit.OptionalString(domain.Status),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
