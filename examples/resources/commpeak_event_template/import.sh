# The stream's ID, a slash, and the event template's key or ID.
terraform import commpeak_event_template.shipped 101/order_shipped
