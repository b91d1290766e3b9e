# Keys that were renamed, in all three accounts at once. Without the block,
# Terraform would delete the stream under its old key, token and all, and create
# another one under the new key.

moved {
  from = module.stream["shipments"]
  to   = module.stream["shipping"]
}
