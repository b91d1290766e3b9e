data "commpeak_stream" "replies" {
  name = "Replies"
}

# Each reply goes to the shop's own system.
resource "commpeak_webhook" "shop" {
  stream_id = data.commpeak_stream.replies.id
  url       = "https://shop.example.com/sms/incoming"

  headers = {
    "X-Source" = "commpeak"
  }
}

# The help desk wants a key, which is sent to CommPeak and kept nowhere else.
variable "desk_key" {
  type      = string
  ephemeral = true
}

resource "commpeak_webhook" "desk" {
  stream_id = data.commpeak_stream.replies.id
  url       = "https://desk.example.com/hooks/commpeak"

  headers_wo = {
    "Authorization" = "Bearer ${var.desk_key}"
  }
  headers_wo_version = 1 # raise it to send a new key
}

# For whoever writes the receiving end.
output "what_the_desk_receives" {
  value = commpeak_webhook.desk.sample_body
}
