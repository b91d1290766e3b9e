# Allowed IPs of the streams whose name begins with "shop".
list "commpeak_allowed_ip" "shop" {
  provider = commpeak

  config {
    streams = {
      name_regex = "(?i)^shop"
    }
  }
}
