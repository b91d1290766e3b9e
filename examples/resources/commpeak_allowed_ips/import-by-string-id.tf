import {
  to = commpeak_allowed_ips.orders
  id = "101"
}
