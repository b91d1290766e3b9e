# Every OTP or transactional stream of the shop that is paused.
data "commpeak_streams" "paused" {
  types    = ["otp", "transactional"]
  tags     = ["shop"]
  statuses = ["disabled"]
}

output "paused" {
  value = { for stream in data.commpeak_streams.paused.streams : stream.id => stream.name }
}
