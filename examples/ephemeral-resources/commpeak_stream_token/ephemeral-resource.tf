resource "commpeak_stream_token" "orders" {
  stream_id = "101"
}

ephemeral "commpeak_stream_token" "orders" {
  stream_id = commpeak_stream_token.orders.stream_id
}
