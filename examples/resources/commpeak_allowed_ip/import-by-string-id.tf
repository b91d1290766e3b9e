import {
  to = commpeak_allowed_ip.office
  id = "101/203.0.113.7"
}
