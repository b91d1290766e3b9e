# Senders are approved by CommPeak's staff, so they are read, not managed.
data "commpeak_senders" "approved" {
  status = "approved"
}

# What the help desk works with, however it came to be.
data "commpeak_streams" "help_desk" {
  tags = ["help desk"]

  depends_on = [commpeak_stream.support, commpeak_stream.whatsapp]
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
