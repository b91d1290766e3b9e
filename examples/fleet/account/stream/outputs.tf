output "id" {
  description = "ID of the stream."
  value       = commpeak_stream.this.id
}

output "segments" {
  description = "SMS segments of each text by event key."
  value       = { for key, event in commpeak_event_template.this : key => event.segments }
}
