data "commpeak_stream" "replies" {
  name = "Replies"
}

data "commpeak_webhooks" "replies" {
  stream_id = data.commpeak_stream.replies.id
}

output "receivers_of_replies" {
  value = [for webhook in data.commpeak_webhooks.replies.webhooks : webhook.url if webhook.enabled]
}
