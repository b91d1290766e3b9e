output "id" {
  description = "Id of the stream."
  value       = commpeak_stream.conversation.id
}

output "webhook_id" {
  description = "Id of the webhook."
  value       = commpeak_webhook.incoming.id
}

output "sample_body" {
  description = "What the webhook sends, with made-up values, for whoever writes the receiving end."
  value       = commpeak_webhook.incoming.sample_body
}
