data "commpeak_stream" "orders" {
  name = "Order updates"
}

output "orders_are_enabled" {
  value = data.commpeak_stream.orders.enabled
}
