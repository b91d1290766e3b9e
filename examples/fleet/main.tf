# Forty streams of an online shop in three accounts. streams.auto.tfvars describes
# the streams. This file describes how the accounts differ.

module "dev" {
  source      = "./account"
  providers   = { commpeak = commpeak.dev }
  environment = "dev"
  streams     = var.streams

  settings = {
    demo                = true
    deletion_protection = false
    sender              = "GLOBAL"
    help_desk           = "https://desk.dev.acme.example/hooks"

    networks = {
      shop      = ["203.0.113.64/28"]
      warehouse = ["203.0.113.64/28"]
      office    = ["198.51.100.0/25", "2001:db8:0:d000::/56"]
    }
  }
}

module "staging" {
  source      = "./account"
  providers   = { commpeak = commpeak.staging }
  environment = "staging"
  streams     = var.streams

  settings = {
    demo                = true
    deletion_protection = false
    sender              = "GLOBAL"
    help_desk           = "https://desk.staging.acme.example/hooks"

    networks = {
      shop      = ["203.0.113.32/28"]
      warehouse = ["203.0.113.48/28"]
      office    = ["198.51.100.0/25"]
    }
  }
}

module "production" {
  source      = "./account"
  providers   = { commpeak = commpeak.production }
  environment = "production"
  streams     = var.streams

  settings = {
    demo                = false
    deletion_protection = true
    sender              = "ACME"
    help_desk           = "https://desk.acme.example/hooks"

    networks = {
      shop      = ["203.0.113.0/28", "2001:db8:0:5000::/56"]
      warehouse = ["203.0.113.16/28"]
      office    = ["198.51.100.128/25"]
    }
  }

  whatsapp_access_token = var.whatsapp_access_token
}
