data "commpeak_sender" "shop" {
  value = "ACME"
}

resource "commpeak_stream" "newsletter" {
  name           = "Newsletter"
  type           = "marketing"
  default_sender = data.commpeak_sender.shop.value

  lifecycle {
    precondition {
      condition     = data.commpeak_sender.shop.approved
      error_message = "The sender ${data.commpeak_sender.shop.value} is not approved yet."
    }
  }
}
