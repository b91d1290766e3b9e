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

# Reads the API key from COMMPEAK_API_KEY.
provider "commpeak" {}
