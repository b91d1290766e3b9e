# The streams of one account. Each is a module, so that all its objects move with
# it if its key is renamed: see moved.tf.

module "stream" {
  source   = "./stream"
  for_each = { for key, stream in var.streams : key => stream if contains(stream.environments, var.environment) }

  stream                = each.value
  settings              = var.settings
  whatsapp_access_token = var.whatsapp_access_token
}
