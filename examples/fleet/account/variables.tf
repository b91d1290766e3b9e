variable "environment" {
  description = "What the account is for: dev, staging or production."
  type        = string
}

# An attribute that is not named here is left out without a word: misspell one,
# and only the plan shows it.
variable "streams" {
  description = "The streams of all accounts, by keys that only Terraform knows them by."

  type = map(object({
    name        = string
    type        = string
    description = optional(string)
    tags        = optional(set(string), [])

    # The accounts that have the stream.
    environments = optional(set(string), ["dev", "staging", "production"])

    # The networks that may send through it, as the settings name them.
    allowed_from = optional(set(string), [])

    # Texts by event key, for streams of type otp and transactional.
    events = optional(map(string), {})

    # The help desk's path for incoming messages, for streams of type two_way and
    # whatsapp.
    webhook = optional(string)

    # False lets the stream be deleted although the settings protect them all.
    protected = optional(bool, true)

    otp = optional(object({
      code_generation = optional(string)
      code_length     = optional(number)
      code_ttl        = optional(number)
      max_failures    = optional(number)
      sending_limit   = optional(object({ messages = number, period = number }))
    }))

    whatsapp = optional(object({
      business_id          = string
      access_token_version = optional(number, 1)
    }))
  }))

  # CommPeak allows two streams of one name, but people tell them apart by it.
  validation {
    condition     = length(distinct(values(var.streams)[*].name)) == length(var.streams)
    error_message = "These streams share a name: ${join("; ", [for keys in values({ for key, stream in var.streams : stream.name => key... }) : join(", ", keys) if length(keys) > 1])}."
  }

  # Otherwise, a misspelt environment would leave a stream out without a word.
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
  description = "What sets this account apart from the others."

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
