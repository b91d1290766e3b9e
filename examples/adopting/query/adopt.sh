terraform apply adopted.plan

# The plan is empty: the configuration matches the account.
terraform plan -detailed-exitcode
