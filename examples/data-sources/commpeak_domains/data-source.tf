data "commpeak_domains" "all" {}

output "configured_domains" {
  value = [for domain in data.commpeak_domains.all.domains : domain.name if domain.status == "configured"]
}
