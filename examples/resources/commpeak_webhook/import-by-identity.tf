import {
  to = commpeak_webhook.shop
  identity = {
    stream_id = "101"
    id        = "1"
  }
}
