data "commpeak_stream" "orders" {
  name = "Order updates"
}

# The stream's token, reset each quarter, and whenever somebody leaves the team.
resource "commpeak_stream_token" "orders" {
  stream_id = data.commpeak_stream.orders.id

  reset_triggers = {
    quarter = "2026Q1"
    team    = "Ann, Bob, Cem"
  }
}
