# The stream's ID. The current token is adopted, not reset.
terraform import commpeak_stream_token.orders 101
