# All streams of the company by key. Only Terraform uses the keys: if you rename
# one, add it to account/moved.tf. To delete a stream in production, set
# protected = false, apply, and then remove it.

streams = {

  # Codes.

  login = {
    name         = "Login codes"
    type         = "otp"
    description  = "Second factor for customers who sign in"
    tags         = ["identity"]
    allowed_from = ["shop"]
    events       = { login_code = "{code} is your Acme code. It is valid for 3 minutes. Never tell it to anybody." }
    otp          = { code_length = 6, code_ttl_seconds = 180, sending_limit = { max_messages = 5, period_seconds = 600 } }
  }

  signup = {
    name         = "Sign-up codes"
    type         = "otp"
    description  = "Proves the phone number of a new customer"
    tags         = ["identity"]
    allowed_from = ["shop"]
    events       = { signup_code = "Welcome to Acme! Your code is {code}." }
    otp          = { code_length = 6, sending_limit = { max_messages = 3, period_seconds = 600 } }
  }

  password_reset = {
    name         = "Password resets"
    type         = "otp"
    description  = "Codes for customers who forgot their password"
    tags         = ["identity"]
    allowed_from = ["shop"]
    events       = { reset_code = "{code} resets your Acme password. If you did not ask for it, ignore this message." }
    otp          = { code_length = 8, code_ttl_seconds = 600, max_failures = 5 }
  }

  payment_confirmation = {
    name         = "Payment codes"
    type         = "otp"
    description  = "Confirms card payments; the payment service makes the codes"
    tags         = ["identity", "billing"]
    allowed_from = ["shop"]
    events       = { payment_code = "{code} confirms your payment of {amount} to Acme." }
    otp          = { code_generation = "customer" }
  }

  click_and_collect = {
    name         = "Pick-up codes"
    type         = "otp"
    description  = "Shown at the counter to get the parcel"
    tags         = ["orders"]
    allowed_from = ["shop", "warehouse"]
    events       = { pickup_code = "Show {code} at the counter to get your order {order}." }
    otp          = { code_length = 4, code_ttl_seconds = 86400 }
  }

  courier_login = {
    name         = "Courier codes"
    type         = "otp"
    description  = "Couriers sign in to the delivery app"
    tags         = ["identity", "delivery"]
    allowed_from = ["warehouse"]
    otp          = {}
  }

  partner_login = {
    name         = "Partner codes"
    type         = "otp"
    description  = "Merchants sign in to the marketplace"
    tags         = ["identity", "marketplace"]
    allowed_from = ["shop"]
    otp          = { code_length = 6 }
  }

  staff_login = {
    name         = "Staff codes"
    type         = "otp"
    description  = "Employees sign in from outside"
    tags         = ["identity", "staff"]
    allowed_from = ["office"]
    otp          = { code_length = 8, max_failures = 2 }
  }

  # What happens to an order.

  orders = {
    name         = "Order updates"
    type         = "transactional"
    description  = "Confirmations, changes and cancellations"
    tags         = ["orders"]
    allowed_from = ["shop"]
    events = {
      order_confirmed = "Thank you! Your order {order} is confirmed: {link}"
      order_changed   = "Your order {order} has changed. See what is new: {link}"
      order_cancelled = "Your order {order} is cancelled. Any payment is on its way back to you."
    }
  }

  shipping = {
    name         = "Shipping updates"
    type         = "transactional"
    description  = "Where a parcel is"
    tags         = ["orders", "delivery"]
    allowed_from = ["warehouse"]
    events = {
      parcel_sent      = "Your order {order} is on its way. Track it: {link}"
      parcel_today     = "Your parcel comes today between {from} and {to}."
      parcel_delivered = "Your parcel was delivered at {time}. Enjoy!"
      parcel_missed    = "We missed you. Your parcel waits for you at {place} until {date}; please bring an identity card and this message, which holds your parcel number {parcel}."
    }
  }

  returns = {
    name         = "Returns"
    type         = "transactional"
    description  = "Parcels that come back"
    tags         = ["orders"]
    allowed_from = ["warehouse"]
    events = {
      return_received = "Your parcel has come back to us. We look at it within 2 days."
      return_refused  = "We cannot take back order {order}: {reason}"
    }
  }

  refunds = {
    name         = "Refunds"
    type         = "transactional"
    description  = "Money that goes back"
    tags         = ["orders", "billing"]
    allowed_from = ["shop", "warehouse"]
    events       = { refund_sent = "We have sent {amount} back to you for order {order}." }
  }

  stock_alerts = {
    name         = "Back in stock"
    type         = "transactional"
    description  = "Tells customers who asked that an article is there again"
    tags         = ["orders"]
    allowed_from = ["shop"]
    events       = { back_in_stock = "{article} is back: {link}" }
  }

  installations = {
    name         = "Installation appointments"
    type         = "transactional"
    description  = "Appointments with technicians"
    tags         = ["delivery"]
    allowed_from = ["office"]
    events = {
      appointment_made     = "Your technician comes on {date} at {time}."
      appointment_tomorrow = "Your technician comes tomorrow at {time}."
    }
  }

  warranty = {
    name         = "Warranty cases"
    type         = "transactional"
    description  = "Repairs under warranty"
    tags         = ["service"]
    allowed_from = ["office"]
    events       = { repair_done = "Your {article} is repaired and on its way to you." }
  }

  # Money.

  invoices = {
    name         = "Invoices"
    type         = "transactional"
    description  = "New invoices, and reminders"
    tags         = ["billing"]
    allowed_from = ["shop"]
    events = {
      invoice_ready = "Your invoice {invoice} is ready: {link}"
      invoice_due   = "Your invoice {invoice} over {amount} is due on {date}."
    }
  }

  payment_failures = {
    name         = "Failed payments"
    type         = "transactional"
    description  = "Payments that did not go through"
    tags         = ["billing"]
    allowed_from = ["shop"]
    events       = { payment_failed = "Your payment for order {order} failed. Try again: {link}" }
  }

  subscriptions = {
    name         = "Subscriptions"
    type         = "transactional"
    description  = "Renewals and expiring cards"
    tags         = ["billing"]
    allowed_from = ["shop"]
    events = {
      renewal      = "Your subscription renews on {date} for {amount}."
      card_expires = "Your card expires soon. Change it here: {link}"
    }
  }

  gift_cards = {
    name         = "Gift cards"
    type         = "transactional"
    description  = "Delivers gift cards"
    tags         = ["billing"]
    allowed_from = ["shop"]
    events       = { gift_card = "{giver} sends you {amount} to spend at Acme: {link}" }
  }

  loyalty_points = {
    name         = "Loyalty points"
    type         = "transactional"
    description  = "Points earned, and points that expire"
    tags         = ["loyalty"]
    allowed_from = ["shop"]
    events       = { points_expire = "{points} of your points expire on {date}: {link}" }
  }

  # Own people and machines.

  on_call = {
    name         = "On-call alerts"
    type         = "transactional"
    description  = "Alerts to engineers on call"
    tags         = ["staff"]
    allowed_from = ["office"]
    events       = { alert = "{severity}: {summary} {link}" }
  }

  fraud_alerts = {
    name         = "Fraud alerts"
    type         = "transactional"
    description  = "Suspicious orders, to the fraud team"
    tags         = ["staff", "billing"]
    allowed_from = ["shop"]
    events       = { suspicious_order = "Order {order} looks suspicious: {reason}" }
    environments = ["staging", "production"]
  }

  shift_plans = {
    name         = "Shift plans"
    type         = "transactional"
    description  = "Shifts of the people in the warehouses"
    tags         = ["staff"]
    allowed_from = ["office"]
    events       = { shift_changed = "Your shift on {date} is now {from} to {to}." }
    environments = ["staging", "production"]
  }

  load_test = {
    name         = "Load test"
    type         = "transactional"
    description  = "For the nightly load test; simulated, like all of staging"
    tags         = ["test"]
    allowed_from = ["shop"]
    events       = { probe = "Probe {number}" }
    environments = ["staging"]
  }

  # Offers, to customers who asked for them. Each country has its own calendar.

  newsletter_de = {
    name         = "Newsletter Germany"
    type         = "marketing"
    description  = "Weekly offers to customers in Germany who opted in"
    tags         = ["newsletter", "de"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  newsletter_es = {
    name         = "Newsletter Spain"
    type         = "marketing"
    description  = "Weekly offers to customers in Spain who opted in"
    tags         = ["newsletter", "es"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  newsletter_fr = {
    name         = "Newsletter France"
    type         = "marketing"
    description  = "Weekly offers to customers in France who opted in"
    tags         = ["newsletter", "fr"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  newsletter_it = {
    name         = "Newsletter Italy"
    type         = "marketing"
    description  = "Weekly offers to customers in Italy who opted in"
    tags         = ["newsletter", "it"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  newsletter_nl = {
    name         = "Newsletter Netherlands"
    type         = "marketing"
    description  = "Weekly offers to customers in the Netherlands who opted in"
    tags         = ["newsletter", "nl"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  newsletter_pl = {
    name         = "Newsletter Poland"
    type         = "marketing"
    description  = "Weekly offers to customers in Poland who opted in"
    tags         = ["newsletter", "pl"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  newsletter_uk = {
    name         = "Newsletter United Kingdom"
    type         = "marketing"
    description  = "Weekly offers to customers in the United Kingdom who opted in"
    tags         = ["newsletter", "uk"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  loyalty_offers = {
    name         = "Loyalty offers"
    type         = "marketing"
    description  = "Offers to members of the loyalty programme"
    tags         = ["loyalty"]
    allowed_from = ["office"]
    environments = ["staging", "production"]
  }

  abandoned_carts = {
    name         = "Abandoned carts"
    type         = "marketing"
    description  = "Reminds customers of what they left in the cart"
    tags         = ["orders"]
    allowed_from = ["shop"]
  }

  # Customers write, and people or programs answer.

  support_de = {
    name         = "Support Germany"
    type         = "two_way"
    description  = "The help desk in German"
    tags         = ["help desk", "de"]
    allowed_from = ["office"]
    webhook      = "sms/de"
  }

  support_fr = {
    name         = "Support France"
    type         = "two_way"
    description  = "The help desk in French"
    tags         = ["help desk", "fr"]
    allowed_from = ["office"]
    webhook      = "sms/fr"
  }

  support_uk = {
    name         = "Support United Kingdom"
    type         = "two_way"
    description  = "The help desk in English"
    tags         = ["help desk", "uk"]
    allowed_from = ["office"]
    webhook      = "sms/uk"
  }

  delivery_replies = {
    name         = "Delivery replies"
    type         = "two_way"
    description  = "Customers choose another day for their parcel"
    tags         = ["delivery"]
    allowed_from = ["warehouse"]
    webhook      = "deliveries"
  }

  surveys = {
    name         = "Surveys"
    type         = "two_way"
    description  = "How was it? One question, one answer"
    tags         = ["service"]
    allowed_from = ["office"]
    webhook      = "surveys"
    environments = ["staging", "production"]
  }

  # WhatsApp knows one company, not three environments.

  whatsapp_support = {
    name         = "Support on WhatsApp"
    type         = "whatsapp"
    description  = "The help desk on WhatsApp"
    tags         = ["help desk"]
    allowed_from = ["office"]
    webhook      = "whatsapp"
    whatsapp     = { business_id = "102290129340398" }
    environments = ["production"]
  }

  whatsapp_orders = {
    name         = "Order updates on WhatsApp"
    type         = "whatsapp"
    description  = "For customers who would rather not have SMS"
    tags         = ["orders"]
    allowed_from = ["shop"]
    webhook      = "whatsapp/orders"
    whatsapp     = { business_id = "102290129340398" }
    environments = ["production"]
  }
}
