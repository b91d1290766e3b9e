package tfkit

import (
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// WarnReadOnly warns, in a plan that changes something, that the provider is
// configured to refuse every change.
func WarnReadOnly(client *session.Session, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if client != nil && client.ReadOnly() && !req.Plan.Raw.Equal(req.State.Raw) {
		resp.Diagnostics.AddWarning("This plan cannot be applied", "The provider is configured with read_only = true: it shows what would change, and refuses to change it.")
	}
}
