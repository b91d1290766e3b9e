# Reads the account from the environment: see ../../test.sh.

variables {
  name        = "Login codes"
  allowed_ips = ["203.0.113.7", "2001:db8:42::/48"]
  rotation    = "2026Q1"

  events = {
    login_code = { template = "{code} is your Acme code." }
  }
}

# A plan knows already what the texts are as SMS.
run "plan" {
  command = plan

  assert {
    condition     = output.events["login_code"] == { variables = tolist(["code"]), segments = 1 }
    error_message = "The plan does not know what the text takes."
  }

  assert {
    condition     = commpeak_stream.codes.restricted
    error_message = "The stream would be open to everyone whenever its list is empty."
  }
}

run "create" {
  command = apply

  assert {
    condition     = commpeak_stream.codes.enabled
    error_message = "The stream cannot send."
  }

  assert {
    condition     = output.id == commpeak_stream.codes.id
    error_message = "The id is not the stream's."
  }

  assert {
    condition     = commpeak_stream_token.codes.token == null
    error_message = "The token is in the state."
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
    allowed_ips = ["198.51.100.0/24"]

    events = {
      login_code   = { template = "{code} is your code for {app}." }
      payment_code = { name = "Payment", template = "{code} confirms your payment of {amount}." }
    }
  }

  assert {
    condition     = keys(output.events) == ["login_code", "payment_code"]
    error_message = "The texts are not those that were asked for."
  }

  assert {
    condition     = output.events["login_code"].variables == tolist(["code", "app"])
    error_message = "The changed text takes other variables."
  }

  assert {
    condition     = commpeak_allowed_ips.codes.ips == toset(["198.51.100.0/24"])
    error_message = "The addresses are not those that were asked for."
  }
}

run "change_keeps_stream_and_token" {
  module {
    source = "./tests/memory"
  }

  variables {
    now = run.change
  }

  assert {
    condition     = var.now.id == output.first.id
    error_message = "Other texts and addresses must not replace the stream."
  }

  assert {
    condition     = var.now.token_version == output.first.token_version
    error_message = "Other texts and addresses must not reset the token."
  }
}

run "rotate" {
  command = apply

  variables {
    rotation = "2026Q2"
  }
}

run "rotate_resets_the_token_alone" {
  module {
    source = "./tests/memory"
  }

  variables {
    now = run.rotate
  }

  assert {
    condition     = var.now.id == output.first.id
    error_message = "Another rotation must not replace the stream."
  }

  assert {
    condition     = var.now.token_version > output.first.token_version
    error_message = "Another rotation must reset the token."
  }

  assert {
    condition     = var.now.token_fingerprint != output.first.token_fingerprint
    error_message = "Another token must have another fingerprint."
  }
}

run "refuses_a_text_without_code" {
  command = plan

  variables {
    events = {
      login_code = { template = "Your code is {cod}." }
    }
  }

  expect_failures = [var.events]
}

# One letter that GSM 03.38 lacks makes two messages of these 72 characters.
run "refuses_a_text_that_takes_two_messages" {
  command = plan

  variables {
    events = {
      login_code = { template = "{code} is your code for Żabka. It is valid for five minutes from now on." }
    }
  }

  expect_failures = [commpeak_event_template.codes]
}

run "refuses_everyone" {
  command = plan

  variables {
    allowed_ips = ["203.0.113.7", "0.0.0.0/0"]
  }

  expect_failures = [var.allowed_ips]
}
