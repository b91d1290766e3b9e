module github.com/hashicorp/terraform/internal/backend/remote-state/missing

go 1.26
