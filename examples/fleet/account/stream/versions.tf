terraform {
  required_providers {
    commpeak = {
      source = "commpeak/commpeak"
    }
  }
}
