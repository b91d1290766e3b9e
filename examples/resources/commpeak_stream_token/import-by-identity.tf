import {
  to = commpeak_stream_token.orders
  identity = {
    stream_id = "101"
  }
}
