data "commpeak_stream" "orders" {
  name = "Order updates"
}

data "commpeak_event_templates" "orders" {
  stream_id = data.commpeak_stream.orders.id
}

# What a program must supply to send each event.
output "variables" {
  value = { for event in data.commpeak_event_templates.orders.event_templates : event.key => event.variables }
}

# Templates that cost more than one message.
output "long" {
  value = [for event in data.commpeak_event_templates.orders.event_templates : event.key if event.segments > 1]
}
