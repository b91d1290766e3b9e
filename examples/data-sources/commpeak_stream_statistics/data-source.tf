data "commpeak_stream" "orders" {
  name = "Order updates"
}

data "commpeak_stream_statistics" "today" {
  stream_id = data.commpeak_stream.orders.id
  window    = "24h"
}

# Warn in every plan while fewer than 90 % of the messages are delivered.
check "orders_arrive" {
  assert {
    condition     = coalesce(data.commpeak_stream_statistics.today.delivery_rate, 1) >= 0.9
    error_message = "Of ${data.commpeak_stream_statistics.today.total} messages, only ${data.commpeak_stream_statistics.today.delivered} were delivered within 24 hours."
  }
}

# A period that is over: its figures do not change any more and can be used in outputs.
data "commpeak_stream_statistics" "january" {
  stream_id = data.commpeak_stream.orders.id
  from      = "2026-01-01T00:00:00Z"
  to        = "2026-01-31T23:59:59Z"
}

output "messages_in_january" {
  value = data.commpeak_stream_statistics.january.total
}
