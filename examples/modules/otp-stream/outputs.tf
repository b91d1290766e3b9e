output "id" {
  description = "Id of the stream. It is the token's, so that whoever opens the token by it waits for its reset."
  value       = commpeak_stream_token.codes.stream_id
}

output "events" {
  description = "By the keys of the texts: the variables that a request must fill in, and the messages that the text takes."
  value = {
    for key, event in commpeak_event_template.codes : key => {
      variables = event.variables
      segments  = event.segments
    }
  }
}

output "token_version" {
  description = "Grows with each reset of the token, made for the *_wo_version of whatever is handed it."
  value       = commpeak_stream_token.codes.version
}

output "token_fingerprint" {
  description = "Changes with the token, and tells nothing about it."
  value       = commpeak_stream_token.codes.fingerprint
}
