terraform apply adopted.plan

# Step 2. Write down what the account is, and let that be the configuration.
terraform output -json account > account.json
mv settled/account.tf account.tf

# Take the output, which is not needed any more, out of the state.
terraform apply -refresh-only -auto-approve

# From here on, the account is what the configuration says.
terraform plan -detailed-exitcode
