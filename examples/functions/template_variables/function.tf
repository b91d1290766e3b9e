# ["order", "link"]
output "variables" {
  value = provider::commpeak::template_variables("Order {order} is on its way. Track {order}: {link}")
}
