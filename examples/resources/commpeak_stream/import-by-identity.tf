import {
  to = commpeak_stream.orders
  identity = {
    id = "101"
  }
}
