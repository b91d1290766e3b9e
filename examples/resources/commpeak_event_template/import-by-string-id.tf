import {
  to = commpeak_event_template.shipped
  id = "101/order_shipped"
}
