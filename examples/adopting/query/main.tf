terraform {
  required_version = ">= 1.14"
  required_providers {
    commpeak = {
      source = "commpeak/commpeak"
    }
  }
}

# The API key comes from the environment: COMMPEAK_API_KEY.
provider "commpeak" {}
