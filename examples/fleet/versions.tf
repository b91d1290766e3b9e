terraform {
  # Write-only arguments, which keep the WhatsApp token out of the state, need
  # Terraform or OpenTofu 1.11.
  required_version = ">= 1.11"

  required_providers {
    commpeak = {
      source  = "commpeak/commpeak"
      version = ">= 0.1.0"
    }
  }
}

# One account for each environment. Leave COMMPEAK_API_KEY unset, so that a block
# without an alias fails instead of changing the wrong account.

provider "commpeak" {
  alias   = "dev"
  api_key = var.dev_api_key
}

provider "commpeak" {
  alias   = "staging"
  api_key = var.staging_api_key
}

provider "commpeak" {
  alias   = "production"
  api_key = var.production_api_key
}
