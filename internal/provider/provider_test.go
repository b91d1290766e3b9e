package provider_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// nothing is an environment without variables.
func nothing(string) string { return "" }

func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

var withKey = environment(map[string]string{"COMMPEAK_API_KEY": "key-of-the-environment"})

func TestProviderValidation(t *testing.T) {
	t.Parallel()
	p := acctest.Serve(t, nothing)
	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"http to another host":       {acctest.Values{"endpoint": "http://gw.commpeak.com/textpeak"}, []string{"at endpoint:", "clear text", "https://"}},
		"http to a private address":  {acctest.Values{"endpoint": "http://192.168.0.7"}, []string{"at endpoint:", "clear text"}},
		"streams over http":          {acctest.Values{"messaging_endpoint": "http://example.com"}, []string{"at messaging_endpoint:", "clear text"}},
		"endpoint without a scheme":  {acctest.Values{"endpoint": "gw.commpeak.com"}, []string{"at endpoint:", "absolute URL"}},
		"endpoint with a password":   {acctest.Values{"endpoint": "https://a:b@gw.commpeak.com"}, []string{"at endpoint:", "password"}},
		"endpoint with a query":      {acctest.Values{"endpoint": "https://gw.commpeak.com/?a=b"}, []string{"at endpoint:", "query"}},
		"blank key":                  {acctest.Values{"api_key": " "}, []string{"at api_key:", "blank"}},
		"key with Bearer":            {acctest.Values{"api_key": "Bearer s3cr3t"}, []string{"at api_key:", "Bearer"}},
		"key with a line break":      {acctest.Values{"api_key": "s3cr3t\n"}, []string{"at api_key:", "line break"}},
		"blank CA file":              {acctest.Values{"ca_file": " "}, []string{"at ca_file:", "blank"}},
		"no duration":                {acctest.Values{"request_timeout": "half a minute"}, []string{"at request_timeout:", "is not a duration"}},
		"no time at all":             {acctest.Values{"request_timeout": "0s"}, []string{"at request_timeout:", "above zero"}},
		"endless":                    {acctest.Values{"request_timeout": "11m"}, []string{"at request_timeout:", "10m"}},
		"an operation without time":  {acctest.Values{"operation_timeout": "0s"}, []string{"at operation_timeout:", "above zero"}},
		"a negative operation":       {acctest.Values{"operation_timeout": "-1s"}, []string{"at operation_timeout:", "above zero"}},
		"an endless operation":       {acctest.Values{"operation_timeout": "25h"}, []string{"at operation_timeout:", "24h"}},
		"key in quotes":              {acctest.Values{"api_key": `"s3cr3t"`}, []string{"at api_key:", "quotation marks", "Remove them"}},
		"key in single quotes":       {acctest.Values{"api_key": "'s3cr3t'"}, []string{"at api_key:", "quotation marks"}},
		"negative retries":           {acctest.Values{"max_retries": -1}, []string{"at max_retries:", "between 0 and 20"}},
		"too many retries":           {acctest.Values{"max_retries": 21}, []string{"at max_retries:", "between 0 and 20"}},
		"a fraction of retries":      {acctest.Values{"max_retries": 1.5}, []string{"at max_retries:", "1.5 is not a whole number"}},
		"a time without a unit":      {acctest.Values{"request_timeout": "30"}, []string{"at request_timeout:", "with units"}},
		"a negative time":            {acctest.Values{"request_timeout": "-30s"}, []string{"at request_timeout:", "above zero"}},
		"no requests at all":         {acctest.Values{"requests_per_second": 0}, []string{"at requests_per_second:"}},
		"negative requests a second": {acctest.Values{"requests_per_second": -5}, []string{"at requests_per_second:"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diagnostics := p.ValidateProvider(test.config)
			acctest.Expect(t, diagnostics, test.words...)
			for _, text := range acctest.Texts(diagnostics) {
				if strings.Contains(text, "s3cr3t") {
					t.Errorf("the error quotes the key: %s", text)
				}
			}
		})
	}
	for name, config := range map[string]acctest.Values{
		"nothing":            {},
		"loopback by name":   {"endpoint": "http://localhost:8080/textpeak"},
		"loopback by v4":     {"endpoint": "http://127.0.0.1:8080"},
		"loopback by v6":     {"endpoint": "http://[::1]:8080"},
		"fractional rate":    {"requests_per_second": 0.5},
		"all not known yet":  {"api_key": acctest.Unknown, "endpoint": acctest.Unknown, "messaging_endpoint": acctest.Unknown, "ca_file": acctest.Unknown, "request_timeout": acctest.Unknown, "operation_timeout": acctest.Unknown, "max_retries": acctest.Unknown, "requests_per_second": acctest.Unknown, "read_only": acctest.Unknown},
		"longest and fewest": {"request_timeout": "10m", "max_retries": 0},
	} {
		t.Run("valid: "+name, func(t *testing.T) {
			t.Parallel()
			acctest.ExpectNone(t, p.ValidateProvider(config))
		})
	}
}

func TestProviderConfiguration(t *testing.T) {
	t.Parallel()
	t.Run("no key", func(t *testing.T) {
		t.Parallel()
		acctest.Expect(t, acctest.Serve(t, nothing).Configure(nil), "at api_key:", "COMMPEAK_API_KEY", "Settings > API Keys")
	})
	t.Run("bad key in the environment", func(t *testing.T) {
		t.Parallel()
		p := acctest.Serve(t, environment(map[string]string{"COMMPEAK_API_KEY": "Bearer s3cr3t"}))
		acctest.Expect(t, p.Configure(nil), "at api_key:", "COMMPEAK_API_KEY", "Bearer")
	})
	t.Run("bad endpoints in the environment", func(t *testing.T) {
		t.Parallel()
		for _, variable := range []string{"COMMPEAK_ENDPOINT", "COMMPEAK_MESSAGING_ENDPOINT"} {
			p := acctest.Serve(t, environment(map[string]string{"COMMPEAK_API_KEY": "key", variable: "http://example.com"}))
			acctest.Expect(t, p.Configure(nil), variable, "clear text")
		}
	})
	t.Run("read only by the environment", func(t *testing.T) {
		t.Parallel()
		account := acctest.NewAccount(t)
		for variable, config := range map[string]acctest.Values{"true": nil, "false": {"read_only": true}} {
			p := acctest.Serve(t, environment(map[string]string{
				"COMMPEAK_API_KEY": account.APIKey(), "COMMPEAK_ENDPOINT": account.Endpoint, "COMMPEAK_READ_ONLY": variable,
			}))
			acctest.ExpectNone(t, p.Configure(config))
			stream := p.Resource("commpeak_stream")
			acctest.Expect(t, stream.Apply(stream.Plan(acctest.Values{"name": "A", "type": "marketing"})), "read_only = true")
		}
		p := acctest.Serve(t, environment(map[string]string{"COMMPEAK_API_KEY": "key", "COMMPEAK_READ_ONLY": "yes"}))
		acctest.Expect(t, p.Configure(nil), "at read_only:", "Invalid COMMPEAK_READ_ONLY", `"yes" is neither true nor false`)
		if account.Count("POST /streams") != 0 {
			t.Error("the account was changed")
		}
	})
	t.Run("no such CA file", func(t *testing.T) {
		t.Parallel()
		missing := filepath.Join(t.TempDir(), "missing.pem")
		acctest.Expect(t, acctest.Serve(t, withKey).Configure(acctest.Values{"ca_file": missing}), "at ca_file:", "Invalid ca_file", missing, "no such file")
		p := acctest.Serve(t, environment(map[string]string{"COMMPEAK_API_KEY": "key", "COMMPEAK_CA_FILE": missing}))
		acctest.Expect(t, p.Configure(nil), "at ca_file:", "Invalid COMMPEAK_CA_FILE", missing, "no such file")
	})
	t.Run("the configuration goes before the environment", func(t *testing.T) {
		t.Parallel()
		account := acctest.NewAccount(t)
		p := acctest.Serve(t, environment(map[string]string{
			"COMMPEAK_API_KEY": "wrong", "COMMPEAK_ENDPOINT": "https://wrong.invalid", "COMMPEAK_MESSAGING_ENDPOINT": "https://wrong.invalid",
		}))
		acctest.ExpectNone(t, p.Configure(acctest.Values{
			"api_key": account.APIKey(), "endpoint": account.Endpoint + "/", "messaging_endpoint": account.MessagingEndpoint,
		}))
		_, diagnostics := p.ReadData("commpeak_streams", nil)
		acctest.ExpectNone(t, diagnostics)
	})
	t.Run("no call is made", func(t *testing.T) {
		t.Parallel()
		account := acctest.NewAccount(t)
		acctest.NewProtocol(t, account, nil)
		if got := len(account.Requests()); got != 0 {
			t.Errorf("%d requests", got)
		}
	})
}

// Creates can be planned while the provider configuration is unknown. What needs the API fails.
func TestProviderConfigurationUnknown(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"api_key", "endpoint", "ca_file", "read_only", "max_retries"} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			p := acctest.Serve(t, withKey)
			acctest.ExpectNone(t, p.Configure(acctest.Values{attribute: acctest.Unknown}))
			stream := p.Resource("commpeak_stream")
			config := acctest.Values{"name": "A", "type": "marketing", "default_sender": "ACME"}
			acctest.ExpectNone(t, stream.Plan(config).Diagnostics)
			acctest.Expect(t, stream.Apply(stream.Plan(config)), "contains unknown values ("+attribute+")")
			_, diagnostics := p.ReadData("commpeak_senders", nil)
			acctest.Expect(t, diagnostics, "contains unknown values ("+attribute+")")
		})
	}
}

func TestProviderReadOnly(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	made := account.AddStream(mockserver.Stream{Name: "By hand"})
	p := acctest.NewProtocol(t, account, acctest.Values{"read_only": true})
	stream := p.Resource("commpeak_stream")
	plan := stream.Plan(acctest.Values{"name": "A", "type": "marketing"})
	acctest.Expect(t, plan.Diagnostics, "cannot be applied", "read_only")
	acctest.ExpectNone(t, acctest.Errors(plan.Diagnostics))
	acctest.Expect(t, stream.Apply(plan), "read_only = true", "Nothing was sent.")
	_, diagnostics := p.ReadData("commpeak_streams", nil)
	acctest.ExpectNone(t, diagnostics)
	if got := account.Count("POST /streams"); got != 0 || len(account.Streams()) != 1 || account.Streams()[0].ID != made.ID {
		t.Errorf("%d creates were sent", got)
	}
}

// Requests tell the API who asks.
func TestProviderUserAgent(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	_, diagnostics := acctest.NewProtocol(t, account, nil).ReadData("commpeak_streams", nil)
	acctest.ExpectNone(t, diagnostics)
	const want = "terraform-provider-commpeak/" + acctest.Version + " Terraform/1.16.0"
	for _, request := range account.Requests() {
		if request.UserAgent != want {
			t.Errorf("the User-Agent is %q, not %q", request.UserAgent, want)
		}
	}
}

// Everything that is offered has a description for its readers.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	schemas := acctest.Serve(t, nothing).Schemas()
	undescribed(t, "the provider", schemas.Provider.Block.Attributes)
	for name, schema := range schemas.ResourceSchemas {
		undescribed(t, name, schema.Block.Attributes)
		for _, block := range schema.Block.BlockTypes {
			undescribed(t, name+"."+block.TypeName, block.Block.Attributes)
		}
	}
	for name, schema := range schemas.DataSourceSchemas {
		undescribed(t, "data."+name, schema.Block.Attributes)
	}
	for name, schema := range schemas.EphemeralResourceSchemas {
		undescribed(t, "ephemeral."+name, schema.Block.Attributes)
	}
	for name, schema := range schemas.ActionSchemas {
		undescribed(t, "action."+name, schema.Schema.Block.Attributes)
	}
}

func undescribed(t *testing.T, owner string, attributes []*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, attribute := range attributes {
		name := owner + "." + attribute.Name
		if !strings.HasSuffix(attribute.Description, ".") {
			t.Errorf("%s is not described in sentences: %q", name, attribute.Description)
		}
		if attribute.NestedType != nil {
			undescribed(t, name, attribute.NestedType.Attributes)
		}
	}
}
