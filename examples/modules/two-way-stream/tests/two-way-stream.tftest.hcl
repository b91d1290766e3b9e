# Reads the account from the environment: see ../../test.sh.

variables {
  name = "Help desk"

  webhook = {
    url     = "https://desk.example.com/hooks/sms"
    headers = { X-Source = "commpeak" }
  }

  secret_headers         = { Authorization = "Bearer key-of-the-desk" }
  secret_headers_version = 1
}

run "plan" {
  command = plan

  assert {
    condition     = commpeak_webhook.incoming.method == "POST" && commpeak_webhook.incoming.enabled
    error_message = "What is left out must take the provider's default."
  }
}

run "create" {
  command = apply

  assert {
    condition     = commpeak_stream.conversation.enabled
    error_message = "The stream cannot send."
  }

  assert {
    condition     = commpeak_webhook.incoming.stream_id == output.id
    error_message = "The webhook is not that of the stream."
  }

  assert {
    condition     = jsondecode(output.incoming_message.body).stream_id == output.id
    error_message = "The sample is not that of the stream."
  }

  assert {
    condition     = commpeak_webhook.incoming.headers_wo == null
    error_message = "The secret headers are in the state."
  }
}

run "remember" {
  module {
    source = "./tests/memory"
  }

  variables {
    now = run.create
  }
}

run "change" {
  command = apply

  variables {
    webhook = {
      url    = "https://desk.example.com/hooks/get"
      method = "GET"
    }

    secret_headers         = { Authorization = "Bearer another-key" }
    secret_headers_version = 2
  }

  assert {
    condition     = commpeak_webhook.incoming.headers_wo_version == 2
    error_message = "The other secret is not sent."
  }
}

run "change_replaces_nothing" {
  module {
    source = "./tests/memory"
  }

  variables {
    now = run.change
  }

  assert {
    condition     = var.now.id == output.first.id && var.now.webhook_id == output.first.webhook_id
    error_message = "Another URL, method or secret must replace neither the stream nor its webhook."
  }
}

run "refuses_clear_text" {
  command = plan

  variables {
    webhook = { url = "http://desk.example.com/hooks/sms" }
  }

  expect_failures = [var.webhook]
}

run "refuses_a_secret_without_version" {
  command = plan

  variables {
    secret_headers_version = null
  }

  expect_failures = [var.secret_headers]
}
