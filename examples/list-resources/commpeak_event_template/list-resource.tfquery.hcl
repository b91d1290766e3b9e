# The event templates of the streams of the shop.
list "commpeak_event_template" "shop" {
  provider = commpeak

  config {
    streams = {
      tags = ["shop"]
    }
  }
}

# Those of one stream.
list "commpeak_event_template" "orders" {
  provider = commpeak

  config {
    stream_id = "101"
  }
}
