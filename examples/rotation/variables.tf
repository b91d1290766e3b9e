variable "quarter" {
  description = "The current quarter, such as \"2026Q1\". Another one resets the token."
  type        = string
  default     = "2026Q1"
}
