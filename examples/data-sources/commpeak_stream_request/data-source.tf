data "commpeak_stream" "orders" {
  name = "Order updates"
}

data "commpeak_stream_request" "orders" {
  stream_id = data.commpeak_stream.orders.id
}

# A command to copy into your documentation. It contains a variable in place of the token.
output "how_to_send" {
  value = data.commpeak_stream_request.orders.requests["simple_send"].curl
}
