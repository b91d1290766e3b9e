output "stream_ids" {
  description = "Ids of the streams, by key."
  value       = { for key, stream in module.stream : key => stream.id }
}

output "long_texts" {
  description = "Messages that a text takes, by stream and event key, where it takes more than one."
  value       = merge([for key, stream in module.stream : { for event, segments in stream.segments : "${key}/${event}" => segments if segments > 1 }]...)
}
