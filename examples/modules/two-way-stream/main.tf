# A two-way stream, and a webhook that passes incoming messages to your system.
#
#   module "help_desk" {
#     source = "./two-way-stream"
#
#     name    = "Help desk"
#     webhook = { url = "https://desk.example.com/hooks/sms" }
#
#     secret_headers         = { Authorization = "Bearer ${var.desk_key}" }
#     secret_headers_version = 1 # increase it to send new headers
#   }
#
# The secret headers are sent to CommPeak, and stored neither in the plan nor in the
# state.

resource "commpeak_stream" "conversation" {
  name                = var.name
  type                = "two_way"
  description         = var.description
  tags                = var.tags
  default_sender      = var.default_sender
  demo                = var.demo
  deletion_protection = var.deletion_protection
}

data "commpeak_stream_request_samples" "conversation" {
  stream_id = commpeak_stream.conversation.id
}

resource "commpeak_webhook" "incoming" {
  stream_id          = commpeak_stream.conversation.id
  url                = var.webhook.url
  method             = var.webhook.method
  headers            = var.webhook.headers
  headers_wo         = var.secret_headers
  headers_wo_version = var.secret_headers_version
  enabled            = var.webhook.enabled
}
