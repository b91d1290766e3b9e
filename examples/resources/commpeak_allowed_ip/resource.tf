data "commpeak_stream" "orders" {
  name = "Order updates"
}

# The office may send. What else is on the list stays as it is.
resource "commpeak_allowed_ip" "office" {
  stream_id = data.commpeak_stream.orders.id
  ip        = "203.0.113.7"

  # The new address is allowed before the old one is removed.
  lifecycle {
    create_before_destroy = true
  }
}

# So may everything in the data centre.
resource "commpeak_allowed_ip" "data_centre" {
  stream_id = data.commpeak_stream.orders.id
  ip        = "2001:db8:42::/48"
}
