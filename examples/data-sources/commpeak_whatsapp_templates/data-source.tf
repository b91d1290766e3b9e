data "commpeak_stream" "support" {
  name = "Support on WhatsApp"
}

data "commpeak_whatsapp_templates" "support" {
  stream_id = data.commpeak_stream.support.id
}

# Approved templates by name and language.
output "approved_templates" {
  value = [
    for template in data.commpeak_whatsapp_templates.support.whatsapp_templates : "${template.name} (${template.language})"
    if template.status == "APPROVED"
  ]
}
