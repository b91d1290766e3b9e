# HashiCorp Vault (provider hashicorp/vault): senders read the token
# from secret/commpeak/orders.
resource "vault_kv_secret_v2" "orders_token" {
  mount = "secret"
  name  = "commpeak/orders"

  data_json_wo         = jsonencode({ token = ephemeral.commpeak_stream_token.orders.token })
  data_json_wo_version = commpeak_stream_token.orders.version
}
