package s3

import (
	"github.com/hashicorp/terraform/internal/backend"
	"github.com/hashicorp/terraform/internal/backend/remote-state/inmem"
)

// New stands in for the s3 backend.
func New() backend.Backend { return inmem.New() }
