data "commpeak_stream" "orders" {
  name = "Order updates"
}

# Any other entry of the list is removed.
resource "commpeak_allowed_ips" "orders" {
  stream_id = data.commpeak_stream.orders.id

  ips = [
    "203.0.113.7",      # office
    "198.51.100.0/24",  # data center, IPv4
    "2001:db8:42::/48", # data center, IPv6
  ]
}
