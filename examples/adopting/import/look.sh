terraform init

# Step 1. The plan imports, and neither adds, changes nor destroys.
terraform plan -out=adopted.plan
