package stream

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Terraform plans a forced replacement (-replace, replace_triggered_by) a second
// time, without the prior state but with its private state. The private state
// therefore contains whether the stream is protected.

// protectionKey is the private-state key of deletion_protection. Every stream has it.
const protectionKey = "deletion_protection"

// storeProtection stores deletion_protection in the private state.
func storeProtection(ctx context.Context, model resourceModel, private tfkit.PrivateState, diags *diag.Diagnostics) {
	value := fmt.Sprint(model.DeletionProtection.ValueBool())
	stored, keyDiags := private.GetKey(ctx, protectionKey)
	diags.Append(keyDiags...)
	if string(stored) != value {
		diags.Append(private.SetKey(ctx, protectionKey, []byte(value))...)
	}
}

// isReplacement reports whether a create replaces a stream, and whether that stream is protected.
func isReplacement(ctx context.Context, private tfkit.PrivateState, diags *diag.Diagnostics) (replaces, isProtected bool) {
	stored, keyDiags := private.GetKey(ctx, protectionKey)
	diags.Append(keyDiags...)
	return stored != nil, string(stored) == "true"
}

func refuseWhenProtected(model resourceModel, diags *diag.Diagnostics) {
	if model.DeletionProtection.ValueBool() {
		addProtected(model, diags)
	}
}

func addProtected(model resourceModel, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("deletion_protection"), "The stream is protected from deletion",
		fmt.Sprintf("The state of %s has deletion_protection = true, so Terraform does not destroy or replace it. Nothing was changed. "+
			"Removing the protection takes two applies: first set deletion_protection = false, without the change that destroys or replaces the stream, and apply. "+
			"Then destroy or replace it.", model.displayName()))
}
