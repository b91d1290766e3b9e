package provider

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// Masks of field values do not cover messages. Both are masked, in the
// context of each request, for the API key and for every token.
func TestMasksCoverMessagesAndFields(t *testing.T) {
	t.Parallel()
	const key, token = "trap-nine-api-key", "trap-nine-stream-token"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"token":"` + token + `"}`))
	}))
	defer server.Close()
	p := New("test", func(name string) string {
		return map[string]string{envAPIKey: key, envEndpoint: server.URL}[name]
	})()
	client := configured(t, p)
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	if _, err := client.StreamToken(ctx, "7"); err != nil {
		t.Fatal(err)
	}
	tflog.Debug(withMasks(ctx, client.Secrets()), "a message with "+key+" and "+token, map[string]any{"field": key, "other": "is " + token})
	if text := log.String(); strings.Contains(text, key) || strings.Contains(text, token) {
		t.Errorf("a secret is in the log: %s", text)
	} else if strings.Count(text, "***") < 4 || !strings.Contains(text, "/streams/{id}/token") {
		t.Errorf("the log does not hold the masked lines: %s", text)
	}
}

// configured configures a provider from its environment alone and returns the
// client that it hands out.
func configured(t *testing.T, p provider.Provider) *session.Session {
	t.Helper()
	var schema provider.SchemaResponse
	p.Schema(t.Context(), provider.SchemaRequest{}, &schema)
	typ := schema.Schema.Type().TerraformType(t.Context())
	var resp provider.ConfigureResponse
	request := provider.ConfigureRequest{TerraformVersion: "1.16.0"}
	request.Config.Schema = schema.Schema
	request.Config.Raw = emptyObject(typ)
	p.Configure(t.Context(), request, &resp)
	if resp.Diagnostics.HasError() {
		t.Fatal(resp.Diagnostics)
	}
	return resp.ResourceData.(*session.Session)
}

func emptyObject(typ tftypes.Type) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	for name, attributeType := range typ.(tftypes.Object).AttributeTypes {
		attributes[name] = tftypes.NewValue(attributeType, nil)
	}
	return tftypes.NewValue(typ, attributes)
}
