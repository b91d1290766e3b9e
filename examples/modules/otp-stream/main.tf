# A stream for one-time codes with its texts. Only the addresses in `allowed_ips`
# may send. A new value of `rotation` resets the token.
#
#   module "login" {
#     source = "./otp-stream"
#
#     name        = "Login codes"
#     allowed_ips = ["203.0.113.7", "2001:db8:42::/48"]
#     rotation    = "2026Q1"
#
#     events = {
#       login_code = { template = "{code} is your Acme code." }
#     }
#   }
#
# The token is stored neither in the plan nor in the state. To pass it on, open it,
# and send it again when `token_version` has increased:
#
#   ephemeral "commpeak_stream_token" "login" {
#     stream_id = module.login.id
#   }

resource "commpeak_stream" "codes" {
  name                = var.name
  type                = "otp"
  description         = var.description
  tags                = var.tags
  default_sender      = var.default_sender
  demo                = var.demo
  deletion_protection = var.deletion_protection
  otp                 = var.otp

  # Without this, any address may send while the list is empty, for example between
  # the creation of the stream and of the list.
  restricted = true
}

resource "commpeak_allowed_ips" "codes" {
  stream_id = commpeak_stream.codes.id
  ips       = var.allowed_ips
}

resource "commpeak_event_template" "codes" {
  for_each = var.events

  stream_id = commpeak_stream.codes.id
  key       = each.key
  name      = coalesce(each.value.name, each.key)
  template  = each.value.template

  lifecycle {
    postcondition {
      condition     = self.segments <= var.max_segments
      error_message = "The text of ${each.key} takes ${self.segments} segments in ${self.encoding}, and max_segments is ${var.max_segments}."
    }
  }
}

resource "commpeak_stream_token" "codes" {
  stream_id = commpeak_stream.codes.id

  reset_triggers = {
    rotation = var.rotation
  }
}
