locals {
  plain   = provider::commpeak::sms_segments("Your order is on its way.")
  euro    = provider::commpeak::sms_segments("That makes 12 €.")
  unicode = provider::commpeak::sms_segments("Your order is on its way 🚚")
}

output "messages" {
  value = {
    plain   = local.plain   # gsm7, 25 characters, 1 segment, 135 units remaining
    euro    = local.euro    # gsm7, 16 characters, 1 segment, 143 units remaining: € takes two
    unicode = local.unicode # ucs2, 26 characters, 1 segment, 43 units remaining: 🚚 takes two
  }
}
