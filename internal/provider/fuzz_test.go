package provider

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// FuzzConfiguration: what the validators let pass makes a client, and what they
// refuse is refused without quoting the key.
func FuzzConfiguration(f *testing.F) {
	f.Add("key-0123456789", commpeak.DefaultEndpoint, "30s")
	f.Add("Bearer s3cr3t-key", "http://127.0.0.1:8080", "10m")
	f.Add("s3cr3t key\n", "http://gw.commpeak.com", "-1s")
	f.Add("", "https://[::1", "9223372036s")
	f.Add("ключ-ключ", "//", "1h")
	f.Fuzz(func(t *testing.T, key, endpoint, timeout string) {
		p := New("test", func(string) string { return "" })()
		var schema provider.SchemaResponse
		p.Schema(t.Context(), provider.SchemaRequest{}, &schema)
		raw := emptyObject(schema.Schema.Type().TerraformType(t.Context()))
		config := map[string]tftypes.Value{}
		if err := raw.As(&config); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"api_key": key, "endpoint": endpoint, "messaging_endpoint": endpoint, "request_timeout": timeout} {
			config[name] = tftypes.NewValue(tftypes.String, text)
		}
		var resp provider.ConfigureResponse
		request := provider.ConfigureRequest{}
		request.Config = tfsdk.Config{Schema: schema.Schema, Raw: tftypes.NewValue(raw.Type(), config)}
		p.Configure(t.Context(), request, &resp)

		length, err := time.ParseDuration(timeout)
		faults := []string{validateAPIKey(key), validateEndpoint(endpoint), validateRequestTimeout(timeout)}
		switch valid := err == nil && slices.Equal(faults, []string{"", "", ""}); {
		case valid && resp.Diagnostics.HasError():
			t.Errorf("valid, and refused: %s", resp.Diagnostics)
		case valid && (length <= 0 || length > 10*time.Minute):
			t.Errorf("a timeout of %s is let pass", length)
		case !valid && faults[2] == "" && !resp.Diagnostics.HasError():
			t.Errorf("%q, and nothing is refused", faults)
		}
		text := strings.Join(append(said(resp.Diagnostics), faults[0]), "\n")
		if len(key) > 9 && strings.Contains(text, key) && !strings.Contains(endpoint+timeout, key) {
			t.Errorf("the key is quoted: %s", text)
		}
	})
}

func said(diagnostics diag.Diagnostics) []string {
	var texts []string
	for _, d := range diagnostics {
		texts = append(texts, d.Summary()+": "+d.Detail())
	}
	return texts
}

// importers are the resources, with what makes an import id of the attributes
// that an import settles.
var importers = map[string][]string{
	"commpeak_stream":         {"id"},
	"commpeak_stream_token":   {"stream_id"},
	"commpeak_allowed_ips":    {"stream_id"},
	"commpeak_allowed_ip":     {"stream_id", "ip"},
	"commpeak_event_template": {"stream_id", "id"},
	"commpeak_webhook":        {"stream_id", "id"},
}

// FuzzImport: an import id is refused, with a word on how it should be, or names
// an object, and the ID in its one way of writing names the same object.
func FuzzImport(f *testing.F) {
	for _, id := range []string{"42", "42/7", "42/order_shipped", "42/203.0.113.7", "42/2001:DB8::/32", "42/::ffff:203.0.113.0/120", "/", "042", "42/", "-1/7", "42/7/8", "42/fe80::1%eth0", "９", "42/0"} {
		f.Add(id)
	}
	server := importServer(f)
	schemas, err := server.GetProviderSchema(f.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		f.Fatal(err)
	}
	for name := range schemas.ResourceSchemas {
		if importers[name] == nil {
			f.Fatalf("%s is not among the importers", name)
		}
	}
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" {
			return // The CLI refuses it; to a provider it says that there is an identity.
		}
		for name, attributes := range importers {
			typ := schemas.ResourceSchemas[name].ValueType()
			once, fault := importInto(t, server, name, typ, attributes, id)
			if fault != "" {
				if !strings.Contains(fault, "Invalid id of") && !strings.Contains(fault, "Invalid import ID of") && !strings.Contains(fault, "contains unknown values") {
					t.Errorf("%s: %q is refused without a word on IDs: %s", name, id, fault)
				}
				continue
			}
			if stream := once[0]; stream == "" || strings.Trim(stream, "0123456789") != "" {
				t.Errorf("%s: %q is taken for the stream %q", name, id, stream)
			}
			if twice, fault := importInto(t, server, name, typ, attributes, strings.Join(once, "/")); !slices.Equal(once, twice) {
				t.Errorf("%s: %q is %q, and that is %q, %s", name, id, once, twice, fault)
			}
		}
	})
}

// importServer is a provider whose configuration is unknown, so that it sends no requests.
func importServer(f *testing.F) tfprotov6.ProviderServer {
	f.Helper()
	p := New("test", func(string) string { return "" })()
	var schema provider.SchemaResponse
	p.Schema(f.Context(), provider.SchemaRequest{}, &schema)
	typ := schema.Schema.Type().TerraformType(f.Context())
	config := map[string]tftypes.Value{}
	if err := emptyObject(typ).As(&config); err != nil {
		f.Fatal(err)
	}
	config["api_key"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	encoded, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, config))
	if err != nil {
		f.Fatal(err)
	}
	server := NewServer(p)
	resp, err := server.ConfigureProvider(f.Context(), &tfprotov6.ConfigureProviderRequest{Config: &encoded})
	if err != nil || len(resp.Diagnostics) > 0 {
		f.Fatal(err, resp)
	}
	return server
}

// importInto imports by an id, and returns the attributes that this settles, or
// why it does not.
func importInto(t *testing.T, server tfprotov6.ProviderServer, name string, typ tftypes.Type, attributes []string, id string) (values []string, fault string) {
	t.Helper()
	resp, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: name, ID: id})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		return nil, d.Summary + ": " + d.Detail
	}
	state, err := resp.ImportedResources[0].State.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]tftypes.Value{}
	if err := state.As(&all); err != nil {
		t.Fatal(err)
	}
	for _, attribute := range attributes {
		var value string
		if err := all[attribute].As(&value); err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
	}
	return values, ""
}
