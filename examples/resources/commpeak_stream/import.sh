# The id stands in the console and in the data source commpeak_streams.
terraform import commpeak_stream.orders 101
