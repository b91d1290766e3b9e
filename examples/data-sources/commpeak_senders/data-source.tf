data "commpeak_senders" "approved" {
  status = "approved"
}

resource "commpeak_stream" "newsletter" {
  name           = "Newsletter"
  type           = "marketing"
  default_sender = "ACME"

  # Fail the plan if the sender does not exist or is not approved.
  lifecycle {
    precondition {
      condition     = contains(data.commpeak_senders.approved.senders[*].value, "ACME")
      error_message = "The account does not have an approved sender \"ACME\"."
    }
  }
}
