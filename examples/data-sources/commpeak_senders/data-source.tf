data "commpeak_senders" "approved" {
  statuses = ["approved"]
}

output "senders" {
  value = data.commpeak_senders.approved.senders[*].value
}
