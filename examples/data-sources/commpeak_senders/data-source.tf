data "commpeak_senders" "approved" {
  status = "approved"
}

resource "commpeak_stream" "newsletter" {
  name           = "Newsletter"
  type           = "marketing"
  default_sender = one([for sender in data.commpeak_senders.approved.senders : sender.value if sender.value == "ACME"])
}
