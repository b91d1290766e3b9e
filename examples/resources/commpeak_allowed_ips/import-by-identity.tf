import {
  to = commpeak_allowed_ips.orders
  identity = {
    stream_id = "101"
  }
}
