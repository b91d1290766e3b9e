data "commpeak_stream" "orders" {
  name = "Order updates"
}

variable "release" {
  type    = string
  default = "1.0"
}

# Send a text after each release, and fail the apply if it is not delivered.
action "commpeak_send_test_message" "release" {
  config {
    stream_id         = data.commpeak_stream.orders.id
    recipient         = "447700900123"
    text              = "Release ${var.release} is out"
    sender            = "GLOBAL"
    wait_for_delivery = true
  }
}

resource "terraform_data" "release" {
  input = var.release

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.commpeak_send_test_message.release]
    }
  }
}

# Send an event template by hand:
# terraform apply -invoke=action.commpeak_send_test_message.delivered
action "commpeak_send_test_message" "delivered" {
  config {
    stream_id = data.commpeak_stream.orders.id
    recipient = "447700900123"
    event_key = "delivered"
    variables = {
      order = "1001"
    }
  }
}
