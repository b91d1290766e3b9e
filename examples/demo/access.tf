# Allowed IPs, tokens and webhooks.

# The shop and the warehouse send order updates. Other entries, for example entries
# added in the console, are left unchanged.
resource "commpeak_allowed_ip" "orders" {
  for_each = toset(["203.0.113.7", "198.51.100.0/24"])

  stream_id = commpeak_stream.orders.id
  ip        = each.value
}

# Only the login service sends codes: any other entry is drift.
resource "commpeak_allowed_ips" "login" {
  stream_id = commpeak_stream.login.id
  ips       = ["203.0.113.7", "2001:db8:42::/48"]
}

# The newsletter's token is reset each quarter. It is stored neither in the plan nor
# in the state: use the ephemeral resource commpeak_stream_token to pass it on.
resource "commpeak_stream_token" "newsletter" {
  stream_id = commpeak_stream.newsletter.id

  reset_triggers = {
    quarter = var.quarter
  }
}

# The help desk's system receives what customers write.
resource "commpeak_webhook" "support" {
  stream_id = commpeak_stream.support.id
  url       = "https://desk.acme.example/hooks/sms"

  headers = {
    "X-Source" = "commpeak"
  }
}
