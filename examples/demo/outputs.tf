# CommPeak's staff approves senders, so they are read, not managed.
data "commpeak_senders" "approved" {
  statuses = ["approved"]
}

# All streams of the help desk, including those that Terraform does not manage.
data "commpeak_streams" "help_desk" {
  all_tags = ["help desk"]

  depends_on = [commpeak_stream.support, commpeak_stream.whatsapp]
}

# Statistics of the newsletter for the last day.
data "commpeak_stream_statistics" "newsletter" {
  stream_id = commpeak_stream.newsletter.id
  window    = "24h"
}

# A request that sends through the newsletter, without its token.
data "commpeak_stream_request_samples" "newsletter" {
  stream_id = commpeak_stream.newsletter.id
}

output "streams" {
  description = "IDs of the shop's streams."
  value = {
    newsletter = commpeak_stream.newsletter.id
    orders     = commpeak_stream.orders.id
    login      = commpeak_stream.login.id
    support    = commpeak_stream.support.id
    whatsapp   = commpeak_stream.whatsapp.id
  }
}

output "help_desk" {
  description = "All streams of the help desk."
  value       = [for stream in data.commpeak_streams.help_desk.streams : "${stream.name} (${stream.status})"]
}

output "approved_senders" {
  description = "Sender IDs that the streams may use."
  value       = data.commpeak_senders.approved.senders[*].value
}

output "newsletter_messages" {
  description = "Messages of the newsletter in the last day: total and delivered."
  value = {
    total     = data.commpeak_stream_statistics.newsletter.total
    delivered = data.commpeak_stream_statistics.newsletter.delivered
  }
}

output "newsletter_token_version" {
  description = "Increases with each reset of the newsletter's token. Pass it to the receiver's *_wo_version."
  value       = commpeak_stream_token.newsletter.version
}
