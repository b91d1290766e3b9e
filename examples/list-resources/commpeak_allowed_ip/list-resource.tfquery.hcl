# Who may call the streams that are named after the shop.
list "commpeak_allowed_ip" "shop" {
  provider = commpeak

  config {
    streams = {
      name_regex = "(?i)^shop"
    }
  }
}
