import {
  to = commpeak_stream.orders
  id = "101"
}
