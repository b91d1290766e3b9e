# Who may send, and where answers go.

# Orders are sent by the shop and by the warehouse. Other entries, such as one
# that somebody adds in the console, are left alone.
resource "commpeak_allowed_ip" "orders" {
  for_each = toset(["203.0.113.7", "198.51.100.0/24"])

  stream_id = commpeak_stream.orders.id
  ip        = each.value
}

# Codes are sent from one place and no other: here, an extra entry is drift.
resource "commpeak_allowed_ips" "login" {
  stream_id = commpeak_stream.login.id
  ips       = ["203.0.113.7", "2001:db8:42::/48"]
}

# The newsletter's token is renewed each quarter. It is in no plan and no state:
# whoever needs it opens the ephemeral resource commpeak_stream_token.
resource "commpeak_stream_token" "newsletter" {
  stream_id = commpeak_stream.newsletter.id

  reset_triggers = {
    quarter = var.quarter
  }
}

# What customers write goes to the help desk's own system.
resource "commpeak_webhook" "support" {
  stream_id = commpeak_stream.support.id
  url       = "https://desk.acme.example/hooks/sms"

  headers = {
    "X-Source" = "commpeak"
  }
}
