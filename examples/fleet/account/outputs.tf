output "stream_ids" {
  description = "IDs of the streams by key."
  value       = { for key, stream in module.stream : key => stream.id }
}

output "long_texts" {
  description = "Texts that take more than one SMS segment: number of segments by stream and event key."
  value       = merge([for key, stream in module.stream : { for event, segments in stream.segments : "${key}/${event}" => segments if segments > 1 }]...)
}
