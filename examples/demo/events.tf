# Event templates: the texts, with placeholders in braces.

resource "commpeak_event_template" "order_shipped" {
  stream_id = commpeak_stream.orders.id
  name      = "Order shipped"
  key       = "order_shipped"
  template  = "Your order {order} is on its way: {link}"
}

resource "commpeak_event_template" "login_code" {
  stream_id = commpeak_stream.login.id
  name      = "Login code"
  key       = "login_code"
  template  = "{code} is your Acme code. It is valid for 3 minutes."
}
