import {
  to = commpeak_allowed_ip.office
  identity = {
    stream_id = "101"
    ip        = "203.0.113.7"
  }
}
