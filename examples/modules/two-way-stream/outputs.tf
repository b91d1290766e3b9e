output "id" {
  description = "ID of the stream."
  value       = commpeak_stream.conversation.id
}

output "webhook_id" {
  description = "ID of the webhook."
  value       = commpeak_webhook.incoming.id
}

output "sample_body" {
  description = "An incoming message with made-up values, as the webhook sends it."
  value       = commpeak_webhook.incoming.sample_body
}
