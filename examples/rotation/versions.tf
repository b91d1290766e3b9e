terraform {
  # Ephemeral resources came with 1.10, the write-only arguments that take what
  # they hold with 1.11, to Terraform and OpenTofu alike.
  required_version = ">= 1.11"

  required_providers {
    commpeak = {
      source  = "commpeak/commpeak"
      version = ">= 0.1.0"
    }
  }
}

# The account comes from COMMPEAK_API_KEY.
provider "commpeak" {}
