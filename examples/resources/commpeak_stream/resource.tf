resource "commpeak_stream" "orders" {
  name                = "Order updates"
  type                = "transactional" # or "marketing", "two_way"
  description         = "Confirmations, deliveries and refunds"
  tags                = ["shop", "checkout"]
  default_sender      = "ACME"
  deletion_protection = true
}
