# The lists of allowed IPs of the account: one for each stream that has entries.
list "commpeak_allowed_ips" "all" {
  provider = commpeak
  limit    = 10000
}
