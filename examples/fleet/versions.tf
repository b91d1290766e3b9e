terraform {
  # Write-only attributes, which keep the WhatsApp token out of the state, came
  # with 1.11 to Terraform and OpenTofu alike.
  required_version = ">= 1.11"

  required_providers {
    commpeak = {
      source  = "commpeak/commpeak"
      version = ">= 0.1.0"
    }
  }
}

# One account for each environment, and none for what names none: without
# COMMPEAK_API_KEY, it fails instead of landing in the wrong account.

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
