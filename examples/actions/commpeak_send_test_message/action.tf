data "commpeak_stream" "orders" {
  name = "Order updates"
}

variable "release" {
  type    = string
  default = "1.0"
}

# Tells the person on duty of each release, and fails the apply unless the message arrives.
action "commpeak_send_test_message" "on_duty" {
  config {
    stream_id         = data.commpeak_stream.orders.id
    recipient         = "491701234567"
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
      actions = [action.commpeak_send_test_message.on_duty]
    }
  }
}

# Sends an event template, on its own:
# terraform apply -invoke=action.commpeak_send_test_message.delivery
action "commpeak_send_test_message" "delivery" {
  config {
    stream_id = data.commpeak_stream.orders.id
    recipient = "491701234567"
    event_key = "delivered"
    variables = {
      order = "1001"
    }
  }
}
