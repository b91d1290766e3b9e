# The map has no type here, because an error would quote all 400 lines of it. The
# module account checks it.
variable "streams" {
  description = "All streams of the company by key. Only Terraform uses the keys. account/variables.tf describes the attributes."
  type        = any
}

# Set these from secrets, in CI as TF_VAR_dev_api_key and so on. Ephemeral variables
# are stored neither in the plan nor in the state.

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
  description = "Permanent token of the WhatsApp Business account. If it changes, increase access_token_version of the WhatsApp streams."
  type        = string
  sensitive   = true
  ephemeral   = true
}
