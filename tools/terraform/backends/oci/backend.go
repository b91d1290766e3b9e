package oci

import (
	"github.com/hashicorp/terraform/internal/backend"
	"github.com/hashicorp/terraform/internal/backend/remote-state/inmem"
)

// New stands in for the oci backend.
func New() backend.Backend { return inmem.New() }
