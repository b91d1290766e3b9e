# Step 1: read the account. settled/account.tf replaces this file after the import.

data "commpeak_streams" "all" {}

data "commpeak_event_templates" "all" {
  for_each  = { for stream in data.commpeak_streams.all.streams : stream.id => stream if contains(["otp", "transactional"], stream.type) }
  stream_id = each.key
}

data "commpeak_webhooks" "all" {
  for_each  = { for stream in data.commpeak_streams.all.streams : stream.id => stream if contains(["two_way", "whatsapp"], stream.type) }
  stream_id = each.key
}

locals {
  streams         = { for stream in data.commpeak_streams.all.streams : stream.id => stream }
  event_templates = merge([for id, list in data.commpeak_event_templates.all : { for event in list.event_templates : "${id}/${event.id}" => event }]...)
  webhooks        = merge([for id, list in data.commpeak_webhooks.all : { for webhook in list.webhooks : "${id}/${webhook.id}" => webhook }]...)
}

# Becomes account.json. It contains the headers of webhooks, which may be secret.
output "account" {
  sensitive = true
  value = {
    streams         = local.streams
    event_templates = local.event_templates
    webhooks        = local.webhooks
  }
}

import {
  for_each = local.streams
  to       = commpeak_stream.all[each.key]
  id       = each.key
}

import {
  for_each = { for id, stream in local.streams : id => stream if length(stream.allowed_ips) > 0 }
  to       = commpeak_allowed_ips.all[each.key]
  id       = each.key
}

import {
  for_each = local.event_templates
  to       = commpeak_event_template.all[each.key]
  id       = each.key
}

import {
  for_each = local.webhooks
  to       = commpeak_webhook.all[each.key]
  id       = each.key
}
