variable "stream" {
  description = "The stream, as ../../variables.tf describes it."
  type        = any
}

variable "settings" {
  description = "Settings of the account, as ../variables.tf describes them."
  type        = any
}

variable "whatsapp_access_token" {
  description = "Permanent token of the WhatsApp Business account, for a stream of type whatsapp."
  type        = string
  sensitive   = true
  ephemeral   = true
}
