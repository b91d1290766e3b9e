variable "sender" {
  description = "Sender ID that recipients see."
  type        = string
  default     = "ACME"
}

variable "live" {
  description = "Send real messages, and protect the most important streams from deletion."
  type        = bool
  default     = false
}

variable "whatsapp_business_id" {
  description = "ID of the WhatsApp Business account."
  type        = string
  default     = "102290129340398"
}

variable "whatsapp_access_token" {
  description = "Permanent token of the WhatsApp Business account. It is stored neither in the plan nor in the state."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "whatsapp_access_token_version" {
  description = "Increase it to send a new token."
  type        = number
  default     = 1
}

variable "quarter" {
  description = "The current quarter. A new value resets the newsletter's token."
  type        = string
  default     = "2026Q4"
}
