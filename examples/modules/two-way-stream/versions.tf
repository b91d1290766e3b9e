# The caller of the module configures the provider.
terraform {
  required_version = ">= 1.11"

  required_providers {
    commpeak = {
      source  = "commpeak/commpeak"
      version = ">= 0.1.0"
    }
  }
}
