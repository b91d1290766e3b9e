data "commpeak_stream" "orders" {
  name = "Order updates"
}

data "commpeak_stream_request" "orders" {
  stream_id = data.commpeak_stream.orders.id
}

# For a team's own documentation: the command holds a variable where the token belongs.
output "how_to_send" {
  value = data.commpeak_stream_request.orders.requests["simple_send"].curl
}
