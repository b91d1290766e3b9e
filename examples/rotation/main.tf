# Resets the token of a stream when var.quarter changes. The token is neither in
# the plan nor in the state. Add a receiver: see the folder receivers.

variable "quarter" {
  type    = string
  default = "2026-Q1"
}

resource "commpeak_stream" "orders" {
  name = "Order updates"
  type = "transactional"
}

resource "commpeak_stream_token" "orders" {
  stream_id = commpeak_stream.orders.id

  reset_triggers = {
    quarter = var.quarter
  }
}

# Take stream_id from the resource that resets the token, so that Terraform opens
# this after the reset. With the ID from commpeak_stream it could pass on the old
# token.
ephemeral "commpeak_stream_token" "orders" {
  stream_id = commpeak_stream_token.orders.stream_id
}
