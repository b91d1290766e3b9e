terraform {
  required_version = ">= 1.11"
  required_providers {
    commpeak = {
      source = "commpeak/commpeak"
    }
  }
}

# Reads the API key from COMMPEAK_API_KEY.
provider "commpeak" {}
