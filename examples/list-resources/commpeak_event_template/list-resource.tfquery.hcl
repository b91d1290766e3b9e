# Event templates of all streams with the tag "shop".
list "commpeak_event_template" "shop" {
  provider = commpeak

  config {
    streams = {
      all_tags = ["shop"]
    }
  }
}

# Event templates of one stream.
list "commpeak_event_template" "orders" {
  provider = commpeak

  config {
    stream_id = "101"
  }
}
