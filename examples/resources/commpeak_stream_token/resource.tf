data "commpeak_stream" "orders" {
  name = "Order updates"
}

resource "commpeak_stream_token" "orders" {
  stream_id = data.commpeak_stream.orders.id

  # A new value resets the token.
  reset_triggers = {
    rotated = "2026-Q1"
  }
}
