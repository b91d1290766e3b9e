data "commpeak_stream" "orders" {
  name = "Order updates"
}

# To run it by hand: terraform apply -invoke=action.commpeak_reset_stream_token.orders
action "commpeak_reset_stream_token" "orders" {
  config {
    stream_id = data.commpeak_stream.orders.id
  }
}

# To run it whenever this value changes.
resource "terraform_data" "rotated" {
  input = "2026-Q1"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.commpeak_reset_stream_token.orders]
    }
  }
}
