# All objects of the account. The default limit of a list is 100. Add filters in a
# config block to select less.
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

# One resource for the complete list of a stream. To manage single entries, list
# commpeak_allowed_ip instead.
list "commpeak_allowed_ips" "allowed_ips" {
  provider = commpeak
  limit    = 10000
}
