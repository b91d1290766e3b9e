# AWS Secrets Manager (provider hashicorp/aws): senders read the
# token from the secret commpeak/orders.
resource "aws_secretsmanager_secret" "orders_token" {
  name = "commpeak/orders"
}

resource "aws_secretsmanager_secret_version" "orders_token" {
  secret_id = aws_secretsmanager_secret.orders_token.id

  secret_string_wo         = ephemeral.commpeak_stream_token.orders.token
  secret_string_wo_version = commpeak_stream_token.orders.version
}
