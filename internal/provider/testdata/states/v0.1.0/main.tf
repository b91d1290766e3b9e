# Every resource, once with all that it can hold and once with as little as it
# needs, as users of this version wrote it.

terraform {
  required_providers {
    commpeak = {
      source = "commpeak/commpeak"
    }
  }
}

# Private state has a fingerprint of what is written only. To see whether it is
# still understood, the test sets this to another value.
variable "secret" {
  type      = string
  ephemeral = true
  default   = "made-up-and-opens-nothing"
}

# It also tells an imported token, whose first triggers reset nothing. The test
# sets some.
variable "first_triggers" {
  type    = map(string)
  default = null
}

resource "commpeak_stream" "smallest" {
  name = "Newsletter"
  type = "marketing"
}

resource "commpeak_stream" "transactional" {
  name                = "Order updates"
  type                = "transactional"
  description         = "Confirmations, deliveries and refunds: „Grüße“, 注文"
  tags                = ["shop", "checkout"]
  default_sender      = "ACME"
  demo                = true
  enabled             = false
  restricted          = true
  deletion_protection = true
}

resource "commpeak_stream" "codes" {
  name = "Codes of ours"
  type = "otp"
  otp  = {}
}

resource "commpeak_stream" "own_codes" {
  name = "Codes of the shop's own system"
  type = "otp"

  otp = {
    code_generation  = "customer"
    code_length      = 8
    code_ttl_seconds = 180
    max_failures     = 5
    sending_limit    = { max_messages = 5, period_seconds = 600 }
  }
}

resource "commpeak_stream" "replies" {
  name = "Replies"
  type = "two_way"
}

resource "commpeak_stream" "whatsapp_draft" {
  name = "WhatsApp, not set up yet"
  type = "whatsapp"

  whatsapp = {
    business_id = "102290129340397"
  }
}

resource "commpeak_stream" "whatsapp" {
  name = "WhatsApp"
  type = "whatsapp"

  whatsapp = {
    business_id             = "102290129340398"
    access_token_wo         = "access-token-${var.secret}"
    access_token_wo_version = 3
  }
}

import {
  to = commpeak_stream.imported
  id = "101"
}

resource "commpeak_stream" "imported" {
  name = "Made by hand"
  type = "two_way"
}

resource "commpeak_event_template" "smallest" {
  stream_id = commpeak_stream.codes.id
  name      = "Login"
  key       = "login"
  template  = "Welcome back"
}

resource "commpeak_event_template" "full" {
  stream_id = commpeak_stream.transactional.id
  name      = "Order shipped"
  key       = "order_shipped_1"
  template  = "您的订单 {order} 已发货, {name}: {link} ({order})"
}

resource "commpeak_webhook" "smallest" {
  stream_id = commpeak_stream.replies.id
  url       = "https://shop.example.com/sms/incoming"
}

resource "commpeak_webhook" "full" {
  stream_id          = commpeak_stream.replies.id
  url                = "https://desk.example.com/hooks?from=commpeak"
  method             = "GET"
  headers            = { "X-Source" = "commpeak", "x-desk" = "7" }
  headers_wo         = { "Authorization" = "Basic ${var.secret}", "X-Key" = var.secret }
  headers_wo_version = 2
  enabled            = false
}

resource "commpeak_webhook" "only_secret_headers" {
  stream_id          = commpeak_stream.whatsapp.id
  url                = "https://desk.example.com/hooks/whatsapp"
  headers_wo         = { "Authorization" = "Basic ${var.secret}" }
  headers_wo_version = 1
}

resource "commpeak_allowed_ip" "smallest" {
  stream_id = commpeak_stream.smallest.id
  ip        = "203.0.113.7"
}

resource "commpeak_allowed_ip" "spelled" {
  stream_id = commpeak_stream.smallest.id
  ip        = "2001:DB8:0:42::/64"
}

resource "commpeak_allowed_ips" "none" {
  stream_id = commpeak_stream.transactional.id
  ips       = []
}

resource "commpeak_allowed_ips" "full" {
  stream_id = commpeak_stream.own_codes.id
  ips       = ["198.51.100.0/24", "203.0.113.9/32", "2001:DB8::1", "203.0.113.7"]
}

resource "commpeak_stream_token" "smallest" {
  stream_id = commpeak_stream.codes.id
}

resource "commpeak_stream_token" "full" {
  stream_id      = commpeak_stream.own_codes.id
  reset_triggers = { quarter = "2026Q1", reason = "" }
  store_token    = true
}

import {
  to = commpeak_stream_token.imported
  id = "101"
}

resource "commpeak_stream_token" "imported" {
  stream_id      = commpeak_stream.imported.id
  reset_triggers = var.first_triggers
}
