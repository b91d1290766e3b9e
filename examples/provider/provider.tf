terraform {
  required_providers {
    commpeak = {
      source  = "commpeak/commpeak"
      version = "~> 0.1"
    }
  }
}

# The API key comes from the environment: export COMMPEAK_API_KEY=...
provider "commpeak" {}

resource "commpeak_stream" "newsletter" {
  name = "Newsletter"
  type = "marketing"
}
