import {
  to = commpeak_stream_token.orders
  id = "101"
}
