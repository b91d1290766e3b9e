package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// ResourceBase is embedded by every resource. It names the resource and holds
// the session, which is nil while a configuration is only validated.
type ResourceBase struct {
	// Type is the name of the resource without the provider's prefix.
	Type    string
	Session *session.Session
}

// Metadata names the resource.
func (b *ResourceBase) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + b.Type
}

// Configure takes the session from the provider.
func (b *ResourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.Session = SessionFrom(req.ProviderData, &resp.Diagnostics)
}

// IsConfigured reports whether requests can be sent. They cannot while the
// provider's configuration is incomplete.
func (b *ResourceBase) IsConfigured() bool { return b.Session != nil && b.Session.IsConfigured() }

// DataSourceBase is embedded by every data source.
type DataSourceBase struct {
	// Type is the name of the data source without the provider's prefix.
	Type    string
	Session *session.Session
}

// Metadata names the data source.
func (b *DataSourceBase) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + b.Type
}

// Configure takes the session from the provider.
func (b *DataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	b.Session = SessionFrom(req.ProviderData, &resp.Diagnostics)
}

// ActionBase is embedded by every action.
type ActionBase struct {
	// Type is the name of the action without the provider's prefix.
	Type    string
	Session *session.Session
}

// Metadata names the action.
func (b *ActionBase) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + b.Type
}

// Configure takes the session from the provider.
func (b *ActionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	b.Session = SessionFrom(req.ProviderData, &resp.Diagnostics)
}

// SessionFrom returns the session that the provider hands to each of its parts.
// It is nil before the provider is configured.
func SessionFrom(providerData any, diags *diag.Diagnostics) *session.Session {
	if providerData == nil {
		return nil
	}
	run, ok := providerData.(*session.Session)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("This is a defect of the provider: it was configured with a %T.", providerData))
	}
	return run
}

// PlansOnlyChanges is implemented by a resource whose ModifyPlan has nothing to do
// for an object that does not change. It is then not called for such an object,
// unless the object has nested settings.
type PlansOnlyChanges interface{ PlansOnlyChanges() }
