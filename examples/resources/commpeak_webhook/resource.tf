data "commpeak_stream" "replies" {
  name = "Replies"
}

resource "commpeak_webhook" "shop" {
  stream_id = data.commpeak_stream.replies.id
  url       = "https://shop.example.com/sms/incoming"

  headers = {
    "X-Source" = "commpeak"
  }
}

# A webhook with a secret header.
variable "desk_key" {
  type      = string
  ephemeral = true
}

resource "commpeak_webhook" "desk" {
  stream_id = data.commpeak_stream.replies.id
  url       = "https://desk.example.com/hooks/commpeak"

  headers_wo = {
    "Authorization" = "Bearer ${var.desk_key}" # sent to CommPeak, never stored
  }
  headers_wo_version = 1 # increase it to send a new key
}
