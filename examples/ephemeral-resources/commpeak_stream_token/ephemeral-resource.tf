resource "commpeak_stream" "orders" {
  name = "Order updates"
  type = "transactional"
}

resource "commpeak_stream_token" "orders" {
  stream_id = commpeak_stream.orders.id
}

# With stream_id from the resource that resets the token, it is shown after the
# reset. Give ephemeral.commpeak_stream_token.orders.token to a write-only
# argument, and commpeak_stream_token.orders.version to its version.
ephemeral "commpeak_stream_token" "orders" {
  stream_id = commpeak_stream_token.orders.stream_id
}
