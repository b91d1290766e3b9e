data "commpeak_stream" "orders" {
  name = "Order updates"
}

# By hand: terraform apply -invoke=action.commpeak_reset_stream_token.orders
action "commpeak_reset_stream_token" "orders" {
  config {
    stream_id = data.commpeak_stream.orders.id
  }
}

# And by itself, as soon as somebody joins or leaves the team.
resource "terraform_data" "team" {
  input = ["Ann", "Bob", "Cem"]

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.commpeak_reset_stream_token.orders]
    }
  }
}
