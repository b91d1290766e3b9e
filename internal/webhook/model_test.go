package webhook

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// A field that can be written is in the model, in both directions, and what the API refuses, it refuses on an attribute.
func TestModelHasEveryField(t *testing.T) {
	t.Parallel()
	spec := commpeak.WebhookSpec{
		URL: "https://example.com/replies", Method: http.MethodGet, Headers: []commpeak.Header{{Name: "X-Source", Value: "CommPeak"}}, Enabled: true,
	}
	for i := range reflect.TypeOf(spec).NumField() {
		if reflect.ValueOf(spec).Field(i).IsZero() {
			t.Errorf("the webhook of this test does not have the field %s: add it here, to spec and to report", reflect.TypeOf(spec).Field(i).Name)
		}
	}
	webhook := commpeak.Webhook{ID: "7", URL: spec.URL, Method: spec.Method, Headers: spec.Headers, Enabled: &spec.Enabled}
	var diags diag.Diagnostics
	var model resourceModel
	model.Headers = mapOf(map[string]string{"X-Source": "CommPeak"})
	model.fromAPI(t.Context(), webhook, nil, &diags)
	if difference := cmp.Diff(spec, model.toAPIWithHeaders(t.Context(), nil, &diags)); difference != "" || diags.HasError() {
		t.Errorf("sent (-) and returned (+) differ:\n%s%v", difference, diags)
	}
	other := false
	for _, name := range (commpeak.Webhook{Enabled: &other, Headers: []commpeak.Header{}}).Differences(spec) {
		if _, found := fieldPaths[name]; !found {
			t.Errorf("fieldPaths does not have the field %s", name)
		}
	}
	for name, at := range fieldPaths {
		if _, diags := resourceSchema().AttributeAtPath(t.Context(), at); diags.HasError() {
			t.Errorf("%s is the attribute %s, which the schema does not have", name, at)
		}
	}
}
