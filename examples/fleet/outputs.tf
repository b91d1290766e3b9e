output "stream_ids" {
  description = "Ids of the streams, by environment and key."
  value = {
    dev        = module.dev.stream_ids
    staging    = module.staging.stream_ids
    production = module.production.stream_ids
  }
}

output "long_texts" {
  description = "Texts that take more than one SMS as they are written, and are paid for as such: messages by stream and event key."
  value       = module.production.long_texts
}
