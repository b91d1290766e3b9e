variable "quarter" {
  description = "The current quarter, for example \"2026-Q1\". A new value resets the token."
  type        = string
  default     = "2026-Q1"
}
