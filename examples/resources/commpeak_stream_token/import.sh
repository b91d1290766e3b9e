# By the id of the stream. The living token is taken over without a reset.
terraform import commpeak_stream_token.orders 101
