data "commpeak_stream" "orders" {
  name = "Order updates"
}

data "commpeak_allowed_ips" "orders" {
  stream_id = data.commpeak_stream.orders.id
}

# Warn in every plan if any address may send, or if that is not known.
check "orders_are_not_open" {
  assert {
    condition     = coalesce(data.commpeak_allowed_ips.orders.open_to_everyone, true) == false
    error_message = "Any address may send through the stream ${data.commpeak_stream.orders.name}."
  }
}

output "orders_allowed_ips" {
  value = data.commpeak_allowed_ips.orders.ips
}
