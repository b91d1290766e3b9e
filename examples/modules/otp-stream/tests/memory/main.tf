# Remembers what it was given first, to compare it with what comes later.
# (Terraform's assertions may name earlier runs themselves. OpenTofu's may not,
# and knows only the last run of each module.)

variable "now" {
  description = "Outputs of the module under test."
  type        = any
}

resource "terraform_data" "first" {
  input = var.now

  lifecycle {
    ignore_changes = [input]
  }
}

output "first" {
  description = "What `now` was in the first run."
  value       = terraform_data.first.output
}
