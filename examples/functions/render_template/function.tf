locals {
  template = "Order {order} is on its way. Track it: {link}"
  sample = provider::commpeak::render_template(local.template, {
    order = "4711"
    link  = "https://shop.example.com/t/4711"
  })
}

# The segments of a typical message instead of those of its template.
output "segments" {
  value = provider::commpeak::sms_segments(local.sample).segments
}
