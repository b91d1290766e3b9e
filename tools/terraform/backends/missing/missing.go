// Package missing stands in for backends whose libraries are left out of the pinned Terraform, which is built for tests.
package missing

import (
	"fmt"
	"os"

	"github.com/hashicorp/terraform/internal/backend"
)

// Backend returns the constructor of a backend that this Terraform does not have. The constructor ends the program: an error
// from the backend itself would come too late, because Terraform first rejects each argument that the backend's schema lacks.
func Backend(name string) func() backend.Backend {
	return func() backend.Backend {
		fmt.Fprintf(os.Stderr, "\nError: This Terraform is built for tests and has no %s backend.\n\nUse a released Terraform.\n", name)
		os.Exit(1)
		return nil
	}
}
