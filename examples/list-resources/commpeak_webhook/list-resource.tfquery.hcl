# All webhooks of the account.
list "commpeak_webhook" "all" {
  provider = commpeak
  limit    = 10000
}
