# Step 2: the settings are in account.json.

locals {
  account         = jsondecode(file("${path.module}/account.json"))
  streams         = local.account.streams
  event_templates = local.account.event_templates
  webhooks        = local.account.webhooks
}
