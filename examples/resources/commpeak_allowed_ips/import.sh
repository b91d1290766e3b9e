# The stream's ID.
terraform import commpeak_allowed_ips.orders 101
