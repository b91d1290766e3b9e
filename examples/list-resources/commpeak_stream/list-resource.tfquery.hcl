# The streams of the shop that may send, 100 at most unless a limit says otherwise.
list "commpeak_stream" "shop" {
  provider = commpeak

  config {
    statuses = ["ready", "sending"]
    tags     = ["shop"]
  }
}

# Every stream, with all of its attributes, for configuration to be generated from.
list "commpeak_stream" "all" {
  provider         = commpeak
  limit            = 10000
  include_resource = true
}
