# The messages of Acme, an online shop: one stream for each kind.

# Offers, to customers who asked for them.
resource "commpeak_stream" "newsletter" {
  name           = "Acme newsletter"
  type           = "marketing"
  description    = "Weekly offers to customers who opted in"
  tags           = ["acme", "newsletter"]
  default_sender = var.sender
  demo           = !var.live
}

# What happens to an order.
resource "commpeak_stream" "orders" {
  name                = "Acme orders"
  type                = "transactional"
  description         = "Order confirmations, deliveries and refunds"
  tags                = ["acme", "checkout"]
  default_sender      = var.sender
  demo                = !var.live
  deletion_protection = var.live
}

# Codes for signing in: CommPeak makes them and checks them.
resource "commpeak_stream" "login" {
  name                = "Acme login codes"
  type                = "otp"
  description         = "One-time codes for signing in"
  tags                = ["acme", "checkout"]
  default_sender      = var.sender
  demo                = !var.live
  deletion_protection = var.live

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

# Customers write, and the help desk answers. It names the sender each time.
resource "commpeak_stream" "support" {
  name        = "Acme support"
  type        = "two_way"
  description = "Questions to the help desk, and its answers"
  tags        = ["acme", "help desk"]
  demo        = !var.live
}

# The same on WhatsApp.
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
