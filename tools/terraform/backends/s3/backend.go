package s3

import "github.com/hashicorp/terraform/internal/backend/remote-state/missing"

// New ends Terraform with an error.
var New = missing.Backend("s3")
