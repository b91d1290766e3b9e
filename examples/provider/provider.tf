terraform {
  required_providers {
    commpeak = {
      source  = "commpeak/commpeak"
      version = "~> 0.1.0"
    }
  }
}

# Reads the API key from COMMPEAK_API_KEY.
provider "commpeak" {}

resource "commpeak_stream" "newsletter" {
  name = "Newsletter"
  type = "marketing"
}
