# Disabled OTP and transactional streams of the shop.
data "commpeak_streams" "paused" {
  types    = ["otp", "transactional"]
  all_tags = ["shop"]
  statuses = ["disabled"]
}

output "paused" {
  value = { for stream in data.commpeak_streams.paused.streams : stream.id => stream.name }
}
