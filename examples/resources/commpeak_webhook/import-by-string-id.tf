import {
  to = commpeak_webhook.shop
  id = "101/1"
}
