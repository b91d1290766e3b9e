# The stream's ID, a slash, and the address or prefix.
terraform import commpeak_allowed_ip.office 101/203.0.113.7
