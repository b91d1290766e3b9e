resource "commpeak_stream" "login" {
  name       = "Login codes"
  type       = "otp"
  tags       = ["shop"]
  restricted = true

  otp = {
    code_length      = 6
    code_ttl_seconds = 180
    max_failures     = 3

    # At most 5 messages in 10 minutes.
    sending_limit = {
      max_messages   = 5
      period_seconds = 600
    }
  }
}
