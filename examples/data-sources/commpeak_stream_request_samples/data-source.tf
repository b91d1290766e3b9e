data "commpeak_stream" "orders" {
  name = "Order updates"
}

data "commpeak_stream_request_samples" "orders" {
  stream_id = data.commpeak_stream.orders.id
  event_key = "order_shipped"
}

# A command to copy into your documentation. It contains a variable in place of the token.
output "how_to_send" {
  value = data.commpeak_stream_request_samples.orders.requests["event_send"].curl
}
