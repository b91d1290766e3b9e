output "id" {
  description = "Id of the stream."
  value       = commpeak_stream.this.id
}

output "segments" {
  description = "Messages that each text takes as it is written, by event key."
  value       = { for key, event in commpeak_event_template.this : key => event.segments }
}
