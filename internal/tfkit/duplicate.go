package tfkit

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// WarnOfDuplicate warns, in the plan of a create, of an object of the account that is like the
// one to be created. It states what the account contains, and nothing about what Terraform
// manages. The summary contains the ID, because Terraform folds warnings of equal summaries.
func WarnOfDuplicate(at path.Path, summary, detail, resourceType, importID string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(at, summary, detail+" If no resource manages the existing object yet, import it instead:\n\n"+importBlock(resourceType, importID))
}
