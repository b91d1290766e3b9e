# Everything that the account has. A list stops at its limit, which is 100
# unless you raise it. Filters in a config block choose less.
list "commpeak_stream" "stream" {
  provider = commpeak
  limit    = 10000
}

list "commpeak_event_template" "event_template" {
  provider = commpeak
  limit    = 10000
}

list "commpeak_webhook" "webhook" {
  provider = commpeak
  limit    = 10000
}

# One resource for the whole list of a stream. To manage single entries beside
# those of others, list commpeak_allowed_ip in its place.
list "commpeak_allowed_ips" "allowed_ips" {
  provider = commpeak
  limit    = 10000
}
