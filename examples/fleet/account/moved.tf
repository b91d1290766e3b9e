# Renamed keys, in all three accounts. Without the block, Terraform would delete the
# stream with its token, and create a new stream under the new key.

moved {
  from = module.stream["shipments"]
  to   = module.stream["shipping"]
}
