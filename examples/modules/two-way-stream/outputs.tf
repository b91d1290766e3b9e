output "id" {
  description = "ID of the stream."
  value       = commpeak_stream.conversation.id
}

output "webhook_id" {
  description = "ID of the webhook."
  value       = commpeak_webhook.incoming.id
}

output "incoming_message" {
  description = "What the webhook receives, with made-up values: the body of a POST, or the query of a GET."
  value       = data.commpeak_stream_request_samples.conversation.incoming_message
}
