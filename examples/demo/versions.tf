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

# The account comes from COMMPEAK_API_KEY.
provider "commpeak" {}
