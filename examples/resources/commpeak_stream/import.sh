# The ID is shown in the console and returned by the data source commpeak_streams.
terraform import commpeak_stream.orders 101
