# The streams of an online shop: one for each kind of message.

# Offers to customers who opted in.
resource "commpeak_stream" "newsletter" {
  name           = "Acme newsletter"
  type           = "marketing"
  description    = "Weekly offers to customers who opted in"
  tags           = ["acme", "newsletter"]
  default_sender = var.sender
  demo           = !var.live
}

# Updates about orders.
resource "commpeak_stream" "orders" {
  name                = "Acme orders"
  type                = "transactional"
  description         = "Order confirmations, deliveries and refunds"
  tags                = ["acme", "checkout"]
  default_sender      = var.sender
  demo                = !var.live
  deletion_protection = var.live
}

# Login codes, which CommPeak generates and verifies.
resource "commpeak_stream" "login" {
  name                = "Acme login codes"
  type                = "otp"
  description         = "One-time codes for signing in"
  tags                = ["acme", "checkout"]
  default_sender      = var.sender
  demo                = !var.live
  deletion_protection = var.live

  otp = {
    code_length      = 6
    code_ttl_seconds = 180
    max_failures     = 3
    sending_limit = {
      max_messages   = 5
      period_seconds = 600
    }
  }
}

# Conversations with the help desk. Each request specifies the sender.
resource "commpeak_stream" "support" {
  name        = "Acme support"
  type        = "two_way"
  description = "Questions to the help desk, and its answers"
  tags        = ["acme", "help desk"]
  demo        = !var.live
}

# Conversations on WhatsApp.
resource "commpeak_stream" "whatsapp" {
  name        = "Acme on WhatsApp"
  type        = "whatsapp"
  description = "The help desk on WhatsApp"
  tags        = ["acme", "help desk"]
  demo        = !var.live

  whatsapp = {
    business_id             = var.whatsapp_business_id
    access_token_wo         = var.whatsapp_access_token
    access_token_wo_version = var.whatsapp_access_token_version
  }
}
