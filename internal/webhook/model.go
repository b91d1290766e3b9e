// Package webhook offers webhooks: the resource commpeak_webhook and the data
// source that lists those of a stream.
package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// resourceModel is a webhook in a configuration, plan or state.
type resourceModel struct {
	ID               types.String `tfsdk:"id"`
	StreamID         types.String `tfsdk:"stream_id"`
	URL              types.String `tfsdk:"url"`
	Method           types.String `tfsdk:"method"`
	Headers          types.Map    `tfsdk:"headers"`
	HeadersWO        types.Map    `tfsdk:"headers_wo"`
	HeadersWOVersion types.Number `tfsdk:"headers_wo_version"`
	Enabled          types.Bool   `tfsdk:"enabled"`
}

// identityModel names a webhook once and for all.
type identityModel struct {
	StreamID types.String `tfsdk:"stream_id"`
	ID       types.String `tfsdk:"id"`
}

// spec is the model as the API client takes it, without its headers.
func (m resourceModel) toAPI() commpeak.WebhookSpec {
	return commpeak.WebhookSpec{
		URL:     m.URL.ValueString(),
		Method:  m.Method.ValueString(),
		Enabled: m.Enabled.ValueBool(),
	}
}

// toAPIWithHeaders is the model as the API client takes it, with all of its
// headers: the write-only ones come from the configuration.
func (m resourceModel) toAPIWithHeaders(ctx context.Context, writeOnly map[string]string, diags *diag.Diagnostics) commpeak.WebhookSpec {
	spec := m.toAPI()
	spec.Headers = headerList(textMap(ctx, m.Headers, diags), writeOnly)
	return spec
}

// report takes over all that the API reports of the webhook, except for
// the headers of these names, which are written only. What it does not report
// stays as it is.
func (m *resourceModel) fromAPI(ctx context.Context, webhook commpeak.Webhook, writeOnly []string, diags *diag.Diagnostics) {
	isNew := m.URL.IsNull() // It is imported, or listed.
	m.ID = types.StringValue(webhook.ID)
	m.URL = types.StringValue(webhook.URL)
	m.Method = types.StringValue(webhook.Method)
	if webhook.Enabled != nil {
		m.Enabled = types.BoolValue(*webhook.Enabled)
	}
	if webhook.Headers != nil {
		known := textMap(ctx, m.Headers, diags)
		now := reportedHeaders(webhook.Headers, known, writeOnly)
		if !isNew {
			maskUnknownValues(now, known)
		}
		// `headers = {}` and no headers at all are one to the API.
		if len(now) > 0 || len(known) > 0 {
			m.Headers = mapOf(now)
		}
	}
}

// applyImportDefaults fills in, for a webhook just imported, what the API did not
// report.
func (m *resourceModel) applyImportDefaults() {
	if m.Enabled.IsNull() {
		m.Enabled = types.BoolValue(true)
	}
}

// textMap is a map of strings; empty where it is null, or where anything in it
// is not known yet.
func textMap(ctx context.Context, m types.Map, diags *diag.Diagnostics) map[string]string {
	texts := map[string]string{}
	if isKnown(m) {
		diags.Append(m.ElementsAs(ctx, &texts, false)...)
	}
	return texts
}

// isKnown reports whether a map and all that is in it are known.
func isKnown(m types.Map) bool {
	if m.IsUnknown() {
		return false
	}
	for _, element := range m.Elements() {
		if element.IsUnknown() {
			return false
		}
	}
	return true
}

// mapOf is null for an empty map.
func mapOf(texts map[string]string) types.Map {
	if len(texts) == 0 {
		return types.MapNull(types.StringType)
	}
	elements := map[string]attr.Value{}
	for key, text := range texts {
		elements[key] = types.StringValue(text)
	}
	return types.MapValueMust(types.StringType, elements)
}
