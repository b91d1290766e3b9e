# Values that the provider checks, for example the form of a header, are not checked
# here.

variable "name" {
  description = "Name of the stream."
  type        = string
}

variable "description" {
  description = "What the stream is for."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the stream."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "default_sender" {
  description = "Sender ID for messages that do not specify one. If null, every request must specify a sender."
  type        = string
  default     = null
}

variable "demo" {
  description = "Simulate deliveries instead of sending messages."
  type        = bool
  default     = false
  nullable    = false
}

variable "deletion_protection" {
  description = "Refuse to destroy the stream."
  type        = bool
  default     = false
  nullable    = false
}

variable "webhook" {
  description = "Webhook for incoming messages. Unset attributes use the defaults of the provider. The headers are stored in the state."
  type = object({
    url     = string
    method  = optional(string)
    headers = optional(map(string))
    enabled = optional(bool)
  })
  nullable = false

  validation {
    condition     = startswith(var.webhook.url, "https://")
    error_message = "The URL must begin with https://, so that messages of customers are encrypted."
  }
}

variable "secret_headers" {
  description = "Secret headers, which are not stored. They need secret_headers_version."
  type        = map(string)
  default     = null
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = (var.secret_headers == null) == (var.secret_headers_version == null)
    error_message = "Set secret_headers and secret_headers_version, or neither of them."
  }
}

variable "secret_headers_version" {
  description = "Any whole number. A new value sends the secret headers again."
  type        = number
  default     = null
}
