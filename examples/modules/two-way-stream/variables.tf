# What the provider checks by itself, such as the form of a header, is not
# checked once more.

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
  description = "Sender ID for messages that name none. Without it, each request chooses its sender."
  type        = string
  default     = null
}

variable "demo" {
  description = "Simulate deliveries and send nothing."
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
  description = "Where incoming messages go. What is left out takes the provider's default. The headers are kept in the state."
  type = object({
    url     = string
    method  = optional(string)
    headers = optional(map(string))
    enabled = optional(bool)
  })
  nullable = false

  validation {
    condition     = startswith(var.webhook.url, "https://")
    error_message = "The URL must begin with https://, since what customers write would travel in clear text otherwise."
  }
}

variable "secret_headers" {
  description = "More headers of each call, for values that nobody but CommPeak and the receiver may know. They need secret_headers_version."
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
  description = "Any whole number: another one sends the secret headers again."
  type        = number
  default     = null
}
