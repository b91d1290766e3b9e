# The stream's ID, a slash, and the webhook's ID. The data source commpeak_webhooks returns both.
terraform import commpeak_webhook.shop 101/1
