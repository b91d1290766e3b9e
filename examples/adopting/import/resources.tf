# All objects of the account, by ID.

resource "commpeak_stream" "all" {
  for_each = local.streams

  name           = each.value.name
  type           = each.value.type
  description    = each.value.description
  tags           = length(each.value.tags) > 0 ? each.value.tags : null
  default_sender = each.value.default_sender
  demo           = each.value.demo
  enabled        = each.value.enabled
  restricted     = each.value.restricted
  whatsapp       = each.value.whatsapp

  otp = each.value.type != "otp" ? null : {
    code_generation  = try(each.value.otp.code_generation, null)
    code_length      = try(each.value.otp.code_length, null)
    code_ttl_seconds = try(each.value.otp.code_ttl_seconds, null)
    max_failures     = try(each.value.otp.max_failures, null)
    sending_limit    = try(each.value.otp.sending_limit, null)
  }
}

resource "commpeak_allowed_ips" "all" {
  for_each = { for id, stream in local.streams : id => stream if length(stream.allowed_ips) > 0 }

  stream_id = commpeak_stream.all[each.key].id
  ips       = each.value.allowed_ips
}

resource "commpeak_event_template" "all" {
  for_each = local.event_templates

  stream_id = commpeak_stream.all[split("/", each.key)[0]].id
  name      = each.value.name
  key       = each.value.key
  template  = each.value.template
}

resource "commpeak_webhook" "all" {
  for_each = local.webhooks

  stream_id = commpeak_stream.all[split("/", each.key)[0]].id
  url       = each.value.url
  method    = each.value.method
  headers   = try(length(each.value.headers), 0) > 0 ? each.value.headers : null
  enabled   = each.value.enabled
}
