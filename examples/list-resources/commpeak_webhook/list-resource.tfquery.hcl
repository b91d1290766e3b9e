# Where the incoming messages of the account go.
list "commpeak_webhook" "all" {
  provider = commpeak
  limit    = 10000
}
