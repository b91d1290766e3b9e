package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// WarnOfDuplicate warns, in the plan of a create, of an object that is just like
// the one to be created and that Terraform has not read in this run; about says
// what is alike.
func WarnOfDuplicate(at path.Path, object, resourceType, importID, about string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(at, fmt.Sprintf("The account may have this %s already", object),
		fmt.Sprintf("Terraform has not read it in this run, and %s. If an interrupted run has made it, creating another one leaves a duplicate. Import it instead, with this block:\n\n"+
			"import {\n  to = %s.NAME\n  id = %q\n}\n\n"+
			"NAME is that of this resource. If it is another resource's, or somebody else's, all is well.", about, resourceType, importID))
}
