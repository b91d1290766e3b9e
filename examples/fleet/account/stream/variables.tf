variable "stream" {
  description = "The stream, as described in ../variables.tf."
  type        = any
}

variable "settings" {
  description = "Settings of the account, as described in ../variables.tf."
  type        = any
}

variable "whatsapp_access_token" {
  description = "Permanent token of the WhatsApp Business account, for a stream of type whatsapp."
  type        = string
  sensitive   = true
  ephemeral   = true
}
