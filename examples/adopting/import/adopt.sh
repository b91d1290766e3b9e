terraform apply adopted.plan

# Step 2: store the settings in a file that becomes the configuration.
terraform output -json account > account.json
mv settled/account.tf account.tf

# Remove the output from the state.
terraform apply -refresh-only -auto-approve

# The plan is empty: the configuration matches the account.
terraform plan -detailed-exitcode
