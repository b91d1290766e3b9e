terraform init

# Step 1: import. The plan must not add, change or destroy anything.
terraform plan -out=adopted.plan
