import {
  to = commpeak_event_template.shipped
  identity = {
    stream_id = "101"
    id        = "1"
  }
}
