# The id of the stream, a slash, and the id of the webhook: the data source commpeak_webhooks lists them.
terraform import commpeak_webhook.shop 101/1
