# Senders are approved by CommPeak's staff, so they are read, not managed.
data "commpeak_senders" "approved" {
  status = "approved"
}

# What the help desk works with, however it came to be.
data "commpeak_streams" "help_desk" {
  tags = ["help desk"]

  depends_on = [commpeak_stream.support, commpeak_stream.whatsapp]
}

# How the newsletter fared within a day.
data "commpeak_stream_statistics" "newsletter" {
  stream_id = commpeak_stream.newsletter.id
  window    = "24h"
}

# How to send through the newsletter, without its token.
data "commpeak_stream_request" "newsletter" {
  stream_id = commpeak_stream.newsletter.id
}

output "streams" {
  description = "Ids of the shop's streams."
  value = {
    newsletter = commpeak_stream.newsletter.id
    orders     = commpeak_stream.orders.id
    login      = commpeak_stream.login.id
    support    = commpeak_stream.support.id
    whatsapp   = commpeak_stream.whatsapp.id
  }
}

output "help_desk" {
  description = "Every stream of the account that the help desk works with."
  value       = [for stream in data.commpeak_streams.help_desk.streams : "${stream.name} (${stream.status})"]
}

output "approved_senders" {
  description = "Sender IDs that the streams may use."
  value       = data.commpeak_senders.approved.senders[*].value
}

output "newsletter_messages" {
  description = "Messages of the newsletter within a day: all, and those that arrived."
  value = {
    total     = data.commpeak_stream_statistics.newsletter.total
    delivered = data.commpeak_stream_statistics.newsletter.delivered
  }
}

output "newsletter_token_version" {
  description = "Grows with each reset of the newsletter's token, so that whatever carries it is sent the new one."
  value       = commpeak_stream_token.newsletter.version
}
