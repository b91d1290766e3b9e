data "commpeak_stream" "orders" {
  name = "Order updates"
}

data "commpeak_event_templates" "orders" {
  stream_id = data.commpeak_stream.orders.id
}

# The variables that each event template needs, by key.
output "variables" {
  value = { for event in data.commpeak_event_templates.orders.event_templates : event.key => event.variables }
}

# Event templates that take more than one SMS segment.
output "long" {
  value = [for event in data.commpeak_event_templates.orders.event_templates : event.key if event.segments > 1]
}
