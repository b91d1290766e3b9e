# Step 2: the account, as it shall be. From here on, account.json says it.

locals {
  account         = jsondecode(file("${path.module}/account.json"))
  streams         = local.account.streams
  event_templates = local.account.event_templates
  webhooks        = local.account.webhooks
}
