package tfkit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// WithTimeout bounds an operation by what the timeouts block says of it, or by
// [DefaultTimeout]: configured is a method such as plan.Timeouts.Create. A value
// that cannot be read is reported, and the operation must not go on then.
func WithTimeout(ctx context.Context, configured func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	timeout, timeoutDiags := configured(ctx, DefaultTimeout)
	diags.Append(timeoutDiags...)
	return context.WithTimeout(ctx, timeout)
}

// Save writes the state and, with every write, the identity.
func Save(ctx context.Context, model, identity any, state *tfsdk.State, resourceIdentity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, model)...)
	diags.Append(resourceIdentity.Set(ctx, identity)...)
}

// Forget takes out of the state what is gone. The framework wants an identity
// even then.
func Forget(ctx context.Context, identity any, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.State.RemoveResource(ctx)
}

// WarnOfDifferences tells of fields that the service answered otherwise than it
// was asked; object names what was written, such as `stream "A" (7)`. The state
// takes what was asked, as Terraform demands; the next plan shows the difference
// as drift.
func WarnOfDifferences(object string, fields []string, diags *diag.Diagnostics) {
	for _, field := range fields {
		diags.AddAttributeWarning(AttributePath(field), "The service stored something else",
			fmt.Sprintf("The %s was written, but the service answers with another value for %s than the configured one. The next plan shows it.", object, field))
	}
}
