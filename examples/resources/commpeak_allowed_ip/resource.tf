data "commpeak_stream" "orders" {
  name = "Order updates"
}

resource "commpeak_allowed_ip" "office" {
  stream_id = data.commpeak_stream.orders.id
  ip        = "203.0.113.7"
}

resource "commpeak_allowed_ip" "data_center" {
  stream_id = data.commpeak_stream.orders.id
  ip        = "2001:db8:42::/48"
}
