package provider

import (
	"context"
	"crypto/x509"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Environment variables for arguments that the configuration leaves out.
const (
	envAPIKey            = "COMMPEAK_API_KEY" //nolint:gosec // the variable's name, not a key.
	envEndpoint          = "COMMPEAK_ENDPOINT"
	envMessagingEndpoint = "COMMPEAK_MESSAGING_ENDPOINT"
	envCAFile            = "COMMPEAK_CA_FILE"
	envReadOnly          = "COMMPEAK_READ_ONLY"
)

type configuration struct {
	APIKey            types.String  `tfsdk:"api_key"`
	Endpoint          types.String  `tfsdk:"endpoint"`
	MessagingEndpoint types.String  `tfsdk:"messaging_endpoint"`
	CAFile            types.String  `tfsdk:"ca_file"`
	RequestTimeout    types.String  `tfsdk:"request_timeout"`
	OperationTimeout  types.String  `tfsdk:"operation_timeout"`
	MaxRetries        types.Number  `tfsdk:"max_retries"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
	ReadOnly          types.Bool    `tfsdk:"read_only"`
}

// Configure makes no API call. It accepts unknown values: only a call that needs them fails.
func (p *commpeakProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	run := session.NewUnconfigured(unknownError(config.unknown()))
	if len(config.unknown()) == 0 {
		run = p.session(config, req.TerraformVersion, &resp.Diagnostics)
	}
	run.OperationTimeout = tfkit.Duration(config.OperationTimeout, session.DefaultOperationTimeout)
	resp.ResourceData = run
	resp.DataSourceData = run
	resp.EphemeralResourceData = run
	resp.ActionData = run
	resp.ListResourceData = run
}

// unknown returns the names of the arguments that are unknown.
func (c configuration) unknown() []string {
	var names []string
	for _, attribute := range []struct {
		name    string
		unknown bool
	}{
		{"api_key", c.APIKey.IsUnknown()},
		{"endpoint", c.Endpoint.IsUnknown()},
		{"messaging_endpoint", c.MessagingEndpoint.IsUnknown()},
		{"ca_file", c.CAFile.IsUnknown()},
		{"request_timeout", c.RequestTimeout.IsUnknown()},
		{"operation_timeout", c.OperationTimeout.IsUnknown()},
		{"max_retries", c.MaxRetries.IsUnknown()},
		{"requests_per_second", c.RequestsPerSecond.IsUnknown()},
		{"read_only", c.ReadOnly.IsUnknown()},
	} {
		if attribute.unknown {
			names = append(names, attribute.name)
		}
	}
	return names
}

func unknownError(names []string) error {
	return fmt.Errorf("the provider configuration contains unknown values (%s), so the CommPeak API cannot be called yet. "+
		"Apply the resources that these values come from first (with -target), then run this again", strings.Join(names, ", "))
}

// session returns the session of a configuration without unknown values.
func (p *commpeakProvider) session(config configuration, terraformVersion string, diags *diag.Diagnostics) *session.Session {
	settings := commpeak.Config{
		APIKey:            p.stringOrEnv(config.APIKey, envAPIKey, ""),
		Endpoint:          p.endpoint(config.Endpoint, "endpoint", envEndpoint, commpeak.DefaultEndpoint, diags),
		MessagingEndpoint: p.endpoint(config.MessagingEndpoint, "messaging_endpoint", envMessagingEndpoint, commpeak.DefaultMessagingEndpoint, diags),
		RootCAs:           p.rootCAs(config.CAFile, diags),
		RequestTimeout:    tfkit.Duration(config.RequestTimeout, commpeak.DefaultRequestTimeout),
		MaxRetries:        commpeak.DefaultMaxRetries,
		RequestsPerSecond: config.RequestsPerSecond.ValueFloat64(),
		ReadOnly:          p.readOnly(config.ReadOnly, diags),
		UserAgent:         fmt.Sprintf("terraform-provider-commpeak/%s Terraform/%s", p.version, terraformVersion),
	}
	if settings.APIKey == "" {
		diags.AddAttributeError(path.Root("api_key"), "The CommPeak API key is missing",
			"Set the environment variable "+envAPIKey+", or api_key in the provider configuration. The console shows the key under Settings > API Keys.")
	} else if fault := validateAPIKey(settings.APIKey); fault != "" {
		diags.AddAttributeError(path.Root("api_key"), "Invalid CommPeak API key", "From api_key or "+envAPIKey+": "+fault)
	}
	if !config.MaxRetries.IsNull() {
		settings.MaxRetries = int(tfkit.Int64(config.MaxRetries))
	}
	for _, option := range p.clientOptions {
		option(&settings)
	}
	var run *session.Session
	settings.Log = func(ctx context.Context, message string, fields map[string]any) {
		tflog.Debug(withMasks(ctx, run.Secrets()), message, fields)
	}
	run = session.New(settings)
	return run
}

// withMasks removes the secrets from what is logged with the context. Masks of field values do
// not apply to the message, so both kinds are set.
func withMasks(ctx context.Context, secrets []string) context.Context {
	ctx = tflog.MaskMessageStrings(ctx, secrets...)
	return tflog.MaskAllFieldValuesStrings(ctx, secrets...)
}

// stringOrEnv returns the configured value, else the value of the environment variable, else the
// fallback.
func (p *commpeakProvider) stringOrEnv(configured types.String, variable, fallback string) string {
	if !configured.IsNull() {
		return configured.ValueString()
	}
	if value := p.getenv(variable); value != "" {
		return value
	}
	return fallback
}

func (p *commpeakProvider) endpoint(configured types.String, attribute, variable, fallback string, diags *diag.Diagnostics) string {
	parsed, err := commpeak.ParseEndpoint(p.stringOrEnv(configured, variable, fallback))
	if err != nil {
		addInvalid(diags, configured, attribute, variable, err)
	}
	return parsed
}

// rootCAs returns the authorities to trust, or nil for the authorities of this machine only.
func (p *commpeakProvider) rootCAs(configured types.String, diags *diag.Diagnostics) *x509.CertPool {
	file := p.stringOrEnv(configured, envCAFile, "")
	if file == "" {
		return nil
	}
	roots, err := commpeak.ReadRootCAs(file)
	if err != nil {
		addInvalid(diags, configured, "ca_file", envCAFile, err)
	}
	return roots
}

func (p *commpeakProvider) readOnly(configured types.Bool, diags *diag.Diagnostics) bool {
	text := p.getenv(envReadOnly)
	if !configured.IsNull() || text == "" {
		return configured.ValueBool()
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		diags.AddAttributeError(path.Root("read_only"), "Invalid "+envReadOnly,
			fmt.Sprintf("From %s: %q is neither true nor false. Set the variable to true or false, or unset it.", envReadOnly, text))
	}
	return value
}

// addInvalid adds an error for a value that cannot be used, with its source.
func addInvalid(diags *diag.Diagnostics, configured types.String, attribute, variable string, err error) {
	source := attribute
	if configured.IsNull() {
		source = variable
	}
	diags.AddAttributeError(path.Root(attribute), "Invalid "+source, "From "+source+": "+err.Error()+".")
}

func validateEndpoint(text string) string {
	if _, err := commpeak.ParseEndpoint(text); err != nil {
		return err.Error() + "."
	}
	return ""
}

// validateAPIKey returns why every call would fail with the key, without quoting it.
func validateAPIKey(key string) string {
	switch {
	case strings.TrimSpace(key) == "":
		return "The key is blank."
	case strings.HasPrefix(strings.ToLower(key), "bearer "):
		return "The key must not start with \"Bearer\": CommPeak rejects the prefix. Write the key only."
	case strings.ContainsAny(key, "\"'"):
		return "The key contains quotation marks, which may come from an .env file or a secret store. Remove them."
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "The key contains white space or a character that is not ASCII. Check whether it was pasted with a line break."
	}
	return ""
}

func validateRequestTimeout(text string) string { return tfkit.ValidateDuration(text, 10*time.Minute) }

func validateOperationTimeout(text string) string { return tfkit.ValidateDuration(text, 24*time.Hour) }
