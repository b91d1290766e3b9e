data "commpeak_realtime_performance" "shop" {
  all_tags = ["shop"]
  window   = "15m"
}

# Warn in every plan while messages are rejected.
check "nothing_is_rejected" {
  assert {
    condition = alltrue([for stream in data.commpeak_realtime_performance.shop.streams : stream.rejected == 0])
    error_message = join("\n", [
      for stream in data.commpeak_realtime_performance.shop.streams :
      "${stream.name}: ${stream.rejected} of ${stream.total} messages rejected" if stream.rejected > 0
    ])
  }
}
