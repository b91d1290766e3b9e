# What the provider checks by itself, such as the form of an address, is not
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

variable "otp" {
  description = "How codes are made and sent. What is left out takes the provider's default."
  type = object({
    code_generation = optional(string)
    code_length     = optional(number)
    code_ttl        = optional(number)
    max_failures    = optional(number)
    sending_limit = optional(object({
      messages = number
      period   = number
    }))
  })
  default  = {}
  nullable = false
}

variable "events" {
  description = "Texts by their keys. Each has the placeholder {code}; the name is the key unless it is given."
  type = map(object({
    name     = optional(string)
    template = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for event in var.events : strcontains(event.template, "{code}")])
    error_message = "Each template needs the placeholder {code}: a text without it sends no code."
  }
}

variable "max_segments" {
  description = "The most messages that a text may take as it is written. Each of them costs."
  type        = number
  default     = 1
  nullable    = false
}

variable "allowed_ips" {
  description = "Addresses and prefixes that may send. Nobody else may, so an empty set closes the stream."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for ip in var.allowed_ips : !endswith(ip, "/0")])
    error_message = "A prefix of length 0 lets in everyone."
  }
}

variable "rotation" {
  description = "Any text, such as a quarter. Another one resets the token: whoever sends needs the new one then."
  type        = string
  default     = "1"
  nullable    = false
}
