# The map has no type here, because Terraform quotes all of it, four hundred
# lines, with whatever is wrong with it. It is checked where account takes it,
# by one line.
variable "streams" {
  description = "All streams of the company, by keys that only Terraform knows them by. account/variables.tf tells what a stream has."
  type        = any
}

# Each comes from a store of secrets, in CI as TF_VAR_dev_api_key and so on. An
# ephemeral variable is in no plan and no state.

variable "dev_api_key" {
  description = "API key of the account for development."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "staging_api_key" {
  description = "API key of the account for staging."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "production_api_key" {
  description = "API key of the account for production."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "whatsapp_access_token" {
  description = "Permanent token of the WhatsApp Business account. Raise access_token_version of the WhatsApp streams whenever it changes."
  type        = string
  sensitive   = true
  ephemeral   = true
}
