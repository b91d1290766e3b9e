# All lists of allowed IPs, one for each stream that has entries.
list "commpeak_allowed_ips" "all" {
  provider = commpeak
  limit    = 10000
}
