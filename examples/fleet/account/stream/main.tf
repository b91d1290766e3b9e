# One stream with its event templates, allowed IPs and webhook.

resource "commpeak_stream" "this" {
  name        = var.stream.name
  type        = var.stream.type
  description = var.stream.description
  tags        = var.stream.tags
  otp         = var.stream.otp
  demo        = var.settings.demo

  # WhatsApp messages do not have a sender ID.
  default_sender = var.stream.type == "whatsapp" ? null : var.settings.sender

  # Without allowed networks the stream is closed instead of open to any address.
  restricted = true

  deletion_protection = var.settings.deletion_protection && var.stream.protected

  whatsapp = var.stream.whatsapp == null ? null : {
    business_id             = var.stream.whatsapp.business_id
    access_token_wo         = var.whatsapp_access_token
    access_token_wo_version = var.stream.whatsapp.access_token_version
  }
}

# The complete list: an entry that is added in the console is drift.
resource "commpeak_allowed_ips" "this" {
  stream_id = commpeak_stream.this.id
  ips       = flatten([for network in var.stream.allowed_from : var.settings.networks[network]])
}

resource "commpeak_event_template" "this" {
  for_each = var.stream.events

  stream_id = commpeak_stream.this.id
  name      = title(replace(each.key, "_", " "))
  key       = each.key
  template  = each.value
}

resource "commpeak_webhook" "this" {
  count = var.stream.webhook == null ? 0 : 1

  stream_id = commpeak_stream.this.id
  url       = "${var.settings.help_desk}/${var.stream.webhook}"
}
