# Streams with the tag "shop" that are not disabled or drafts, at most 100.
list "commpeak_stream" "shop" {
  provider = commpeak

  config {
    statuses = ["ready", "sending"]
    all_tags = ["shop"]
  }
}

# All streams, with the attributes that generated configuration needs.
list "commpeak_stream" "all" {
  provider         = commpeak
  limit            = 10000
  include_resource = true
}
