data "commpeak_stream" "orders" {
  name = "Order updates"
}

# These may send, and nobody else: any other entry of the list is removed.
resource "commpeak_allowed_ips" "orders" {
  stream_id = data.commpeak_stream.orders.id

  ips = [
    "203.0.113.7",      # the office
    "198.51.100.0/24",  # the data centre
    "2001:db8:42::/48", # the same, IPv6
  ]
}
