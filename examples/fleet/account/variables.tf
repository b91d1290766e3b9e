variable "environment" {
  description = "What the account is for: dev, staging or production."
  type        = string
}

# Terraform ignores attributes that are not listed here. Check the plan for
# misspelled attributes.
variable "streams" {
  description = "The streams of all accounts by key. Only Terraform uses the keys."

  type = map(object({
    name        = string
    type        = string
    description = optional(string)
    tags        = optional(set(string), [])

    # The accounts that have the stream.
    environments = optional(set(string), ["dev", "staging", "production"])

    # The networks that may send through it, by their names in the settings.
    allowed_from = optional(set(string), [])

    # Texts by event key, for streams of the types otp and transactional.
    events = optional(map(string), {})

    # The help desk's path for incoming messages, for streams of the types two_way and
    # whatsapp.
    webhook = optional(string)

    # If false, the stream can be deleted although the settings protect all streams.
    protected = optional(bool, true)

    otp = optional(object({
      code_generation  = optional(string)
      code_length      = optional(number)
      code_ttl_seconds = optional(number)
      max_failures     = optional(number)
      sending_limit    = optional(object({ max_messages = number, period_seconds = number }))
    }))

    whatsapp = optional(object({
      business_id          = string
      access_token_version = optional(number, 1)
    }))
  }))

  # CommPeak allows two streams of the same name. This company does not.
  validation {
    condition     = length(distinct(values(var.streams)[*].name)) == length(var.streams)
    error_message = "These streams share a name: ${join("; ", [for keys in values({ for key, stream in var.streams : stream.name => key... }) : join(", ", keys) if length(keys) > 1])}."
  }

  # Without this, a misspelled environment would leave out a stream silently.
  validation {
    condition     = alltrue([for stream in var.streams : length(setsubtract(stream.environments, ["dev", "staging", "production"])) == 0])
    error_message = "Environments are dev, staging and production, unlike those of: ${join(", ", [for key, stream in var.streams : key if length(setsubtract(stream.environments, ["dev", "staging", "production"])) > 0])}."
  }

  validation {
    condition     = alltrue([for stream in var.streams : length(setsubtract(stream.allowed_from, keys(var.settings.networks))) == 0])
    error_message = "The settings have no such network: ${join(", ", flatten([for key, stream in var.streams : [for network in setsubtract(stream.allowed_from, keys(var.settings.networks)) : "${network} (${key})"]]))}."
  }
}

variable "settings" {
  description = "How this account differs from the others."

  type = object({
    demo                = bool
    deletion_protection = bool
    sender              = string
    help_desk           = string
    networks            = map(set(string))
  })
}

variable "whatsapp_access_token" {
  description = "Permanent token of the WhatsApp Business account; not needed without WhatsApp streams."
  type        = string
  sensitive   = true
  ephemeral   = true
  default     = null
}
