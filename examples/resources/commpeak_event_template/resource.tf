data "commpeak_stream" "orders" {
  name = "Order updates"
}

resource "commpeak_event_template" "shipped" {
  stream_id = data.commpeak_stream.orders.id
  name      = "Order shipped"
  key       = "order_shipped"
  template  = "Order {order} is on its way. Track it: {link}"
}

# Fail the plan if this message needs more than one SMS segment.
resource "commpeak_event_template" "refunded" {
  stream_id = data.commpeak_stream.orders.id
  name      = "Order refunded"
  key       = "order_refunded"
  template  = "We have refunded {amount} for order {order}."

  lifecycle {
    postcondition {
      condition     = self.segments == 1
      error_message = "The template takes ${self.segments} segments in ${self.encoding}."
    }
  }
}
