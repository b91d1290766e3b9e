variable "whatsapp_token" {
  type      = string
  ephemeral = true
}

resource "commpeak_stream" "support" {
  name = "Support on WhatsApp"
  type = "whatsapp"

  whatsapp = {
    business_id             = "102290129340398"
    access_token_wo         = var.whatsapp_token # sent to CommPeak, never stored
    access_token_wo_version = 1                  # increase it to send a new token
  }
}
