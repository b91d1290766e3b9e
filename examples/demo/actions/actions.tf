# Needs Terraform 1.14 or later. Copy this file to the folder above to use it.

# terraform apply -invoke=action.commpeak_send_test_message.hello
action "commpeak_send_test_message" "hello" {
  config {
    stream_id         = commpeak_stream.newsletter.id
    recipient         = "491701234567"
    text              = "Acme says hello"
    wait_for_delivery = true
  }
}
