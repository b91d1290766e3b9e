# A token that is renewed each quarter and handed to whoever sends with it. It is
# in no plan and no state.

resource "commpeak_stream" "orders" {
  name = "Order updates"
  type = "transactional"
}

# Another quarter replaces this resource, which resets the token, once. If
# somebody resets it in the console instead, the next apply takes over the new
# one. Either way, `version` grows.
resource "commpeak_stream_token" "orders" {
  stream_id = commpeak_stream.orders.id

  reset_triggers = {
    quarter = var.quarter
  }
}

# The order matters. Terraform opens an ephemeral resource while planning, where
# it sees the token of before the reset, and once more in apply. There it opens
# after all that it refers to: with the id from commpeak_stream_token it waits
# for the reset and sees the new token, with the id from commpeak_stream it would
# not wait. (`depends_on = [commpeak_stream_token.orders]` does the same.)
ephemeral "commpeak_stream_token" "orders" {
  stream_id = commpeak_stream_token.orders.stream_id
}

# Who gets the token: whatever has a write-only argument and a version for it,
# such as a secret in a vault. Here it is another stream, so that the example
# needs no other provider. The new token is sent when the version changes.
resource "commpeak_stream" "receiver" {
  name = "Receiver of the token"
  type = "whatsapp"

  whatsapp = {
    business_id             = "102290129340398"
    access_token_wo         = ephemeral.commpeak_stream_token.orders.token
    access_token_wo_version = commpeak_stream_token.orders.version
  }
}
