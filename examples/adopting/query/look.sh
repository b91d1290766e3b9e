terraform init

# Lists what account.tfquery.hcl asks for, and writes it down as configuration.
terraform query -generate-config-out=adopted.tf

# The plan imports, and neither adds, changes nor destroys.
terraform plan -out=adopted.plan
