# A list goes by the id of its stream.
terraform import commpeak_allowed_ips.orders 101
