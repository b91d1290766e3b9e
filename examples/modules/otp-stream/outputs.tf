output "id" {
  description = "ID of the stream, taken from the token's resource, so that an ephemeral resource opens after the reset."
  value       = commpeak_stream_token.codes.stream_id
}

output "events" {
  description = "Variables and SMS segments of each text, by key."
  value = {
    for key, event in commpeak_event_template.codes : key => {
      variables = event.variables
      segments  = event.segments
    }
  }
}

output "token_version" {
  description = "Increases with each reset of the token. Pass it to the receiver's *_wo_version."
  value       = commpeak_stream_token.codes.version
}

output "token_fingerprint" {
  description = "Changes with the token, and does not reveal it."
  value       = commpeak_stream_token.codes.fingerprint
}
