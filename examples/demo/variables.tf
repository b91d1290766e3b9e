variable "sender" {
  description = "Sender ID that customers see."
  type        = string
  default     = "ACME"
}

variable "live" {
  description = "Really send messages, and guard the streams that the shop depends on against deletion."
  type        = bool
  default     = false
}

variable "whatsapp_business_id" {
  description = "Id of the WhatsApp Business account."
  type        = string
  default     = "102290129340398"
}

variable "whatsapp_access_token" {
  description = "Permanent token of the WhatsApp Business account. It ends up neither in a plan nor in the state."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "whatsapp_access_token_version" {
  description = "Raise it whenever the token changes: that is what sends the new one."
  type        = number
  default     = 1
}

variable "quarter" {
  description = "The current quarter. Another one resets the newsletter's token."
  type        = string
  default     = "2026Q4"
}
