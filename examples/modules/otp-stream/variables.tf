# Values that the provider checks, for example the form of an address, are not
# checked here.

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

variable "otp" {
  description = "How codes are generated and sent. Unset attributes use the defaults of the provider."
  type = object({
    code_generation  = optional(string)
    code_length      = optional(number)
    code_ttl_seconds = optional(number)
    max_failures     = optional(number)
    sending_limit = optional(object({
      max_messages   = number
      period_seconds = number
    }))
  })
  default  = {}
  nullable = false
}

variable "events" {
  description = "Texts by key. Each needs the placeholder {code}. Default name: the key."
  type = map(object({
    name     = optional(string)
    template = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for event in var.events : strcontains(event.template, "{code}")])
    error_message = "Each template needs the placeholder {code}."
  }
}

variable "max_segments" {
  description = "Maximum number of SMS segments of a text. Each segment is charged."
  type        = number
  default     = 1
  nullable    = false
}

variable "allowed_ips" {
  description = "Addresses and prefixes that may send. An empty set closes the stream."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for ip in var.allowed_ips : !endswith(ip, "/0")])
    error_message = "A prefix of length 0 allows every address."
  }
}

variable "rotation" {
  description = "Any text, for example a quarter. A new value resets the token: pass the new token to every sender."
  type        = string
  default     = "1"
  nullable    = false
}
