output "stream_ids" {
  description = "IDs of the streams by environment and key."
  value = {
    dev        = module.dev.stream_ids
    staging    = module.staging.stream_ids
    production = module.production.stream_ids
  }
}

output "long_texts" {
  description = "Texts that take more than one SMS segment, which are paid separately: number of segments by stream and event key."
  value       = module.production.long_texts
}
