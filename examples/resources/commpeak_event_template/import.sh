# The id of the stream, and the key of the event or its id (of digits only: 101/7).
terraform import commpeak_event_template.shipped 101/order_shipped
