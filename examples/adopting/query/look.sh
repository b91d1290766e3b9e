terraform init

# Find the objects that account.tfquery.hcl selects, and generate their configuration.
terraform query -generate-config-out=adopted.tf

# The plan must not add, change or destroy anything.
terraform plan -out=adopted.plan
