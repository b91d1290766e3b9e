data "commpeak_stream" "orders" {
  name = "Order updates"
}

output "orders_are_flowing" {
  value = data.commpeak_stream.orders.status != "disabled"
}
