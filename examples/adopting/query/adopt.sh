terraform apply adopted.plan

# From here on, the account is what the configuration says.
terraform plan -detailed-exitcode
