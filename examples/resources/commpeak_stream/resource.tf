# Orders and deliveries, sent under the shop's own name.
resource "commpeak_stream" "orders" {
  name                = "Order updates"
  type                = "transactional"
  description         = "Confirmations, deliveries and refunds"
  tags                = ["shop", "checkout"]
  default_sender      = "ACME"
  deletion_protection = true
}

# Codes for signing in, made and checked by CommPeak.
resource "commpeak_stream" "login" {
  name       = "Login codes"
  type       = "otp"
  tags       = ["shop"]
  restricted = true

  otp = {
    code_length  = 6
    code_ttl     = 180
    max_failures = 3
    sending_limit = {
      messages = 5
      period   = 600
    }
  }
}

# The help desk on WhatsApp. The token is sent to CommPeak and kept nowhere else.
variable "whatsapp_token" {
  type      = string
  ephemeral = true
}

resource "commpeak_stream" "support" {
  name = "Support on WhatsApp"
  type = "whatsapp"

  whatsapp = {
    business_id             = "102290129340398"
    access_token_wo         = var.whatsapp_token
    access_token_wo_version = 1 # raise it to send a new token
  }

  timeouts {
    create = "2m"
  }
}
