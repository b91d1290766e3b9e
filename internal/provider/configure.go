package provider

import (
	"context"
	"crypto/x509"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Environment variables that stand in for what the configuration leaves out.
const (
	envAPIKey            = "COMMPEAK_API_KEY" //nolint:gosec // the variable's name, not a key.
	envEndpoint          = "COMMPEAK_ENDPOINT"
	envMessagingEndpoint = "COMMPEAK_MESSAGING_ENDPOINT"
	envCAFile            = "COMMPEAK_CA_FILE"
	envReadOnly          = "COMMPEAK_READ_ONLY"
)

type configuration struct {
	APIKey            types.String         `tfsdk:"api_key"`
	Endpoint          types.String         `tfsdk:"endpoint"`
	MessagingEndpoint types.String         `tfsdk:"messaging_endpoint"`
	CAFile            types.String         `tfsdk:"ca_file"`
	RequestTimeout    timetypes.GoDuration `tfsdk:"request_timeout"`
	OperationTimeout  timetypes.GoDuration `tfsdk:"operation_timeout"`
	MaxRetries        types.Number         `tfsdk:"max_retries"`
	RequestsPerSecond types.Float64        `tfsdk:"requests_per_second"`
	ReadOnly          types.Bool           `tfsdk:"read_only"`
}

// Configure makes no call. Values that are unknown during a plan are accepted:
// an error comes only when a call is needed.
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
	run.OperationTimeout = duration(config.OperationTimeout, session.DefaultOperationTimeout, &resp.Diagnostics)
	resp.ResourceData = run
	resp.DataSourceData = run
	resp.EphemeralResourceData = run
	resp.ActionData = run
	resp.ListResourceData = run
}

// unknown names the attributes whose values are not known yet.
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
	return fmt.Errorf("the CommPeak account must be asked now, but the provider's configuration is not complete yet: %s will be known after apply. "+
		"First apply what it comes from (with -target), then run this again", strings.Join(names, ", "))
}

// session returns the session of a wholly known configuration.
func (p *commpeakProvider) session(config configuration, terraformVersion string, diags *diag.Diagnostics) *session.Session {
	settings := commpeak.Config{
		APIKey:            p.firstOf(config.APIKey, envAPIKey, ""),
		Endpoint:          p.endpoint(config.Endpoint, "endpoint", envEndpoint, commpeak.DefaultEndpoint, diags),
		MessagingEndpoint: p.endpoint(config.MessagingEndpoint, "messaging_endpoint", envMessagingEndpoint, commpeak.DefaultMessagingEndpoint, diags),
		Roots:             p.roots(config.CAFile, diags),
		RequestTimeout:    duration(config.RequestTimeout, commpeak.DefaultRequestTimeout, diags),
		MaxRetries:        commpeak.DefaultMaxRetries,
		RequestsPerSecond: config.RequestsPerSecond.ValueFloat64(),
		ReadOnly:          p.readOnly(config.ReadOnly, diags),
		UserAgent:         fmt.Sprintf("terraform-provider-commpeak/%s Terraform/%s", p.version, terraformVersion),
	}
	if settings.APIKey == "" {
		diags.AddAttributeError(path.Root("api_key"), "The CommPeak API key is missing",
			"Set the environment variable "+envAPIKey+", or api_key in the provider's configuration. The key is found in the console under Settings > API Keys.")
	} else if fault := apiKeyFault(settings.APIKey); fault != "" {
		diags.AddAttributeError(path.Root("api_key"), "Invalid CommPeak API key", "From api_key or "+envAPIKey+": "+fault)
	}
	if !config.MaxRetries.IsNull() {
		settings.MaxRetries = int(tfkit.Int64(config.MaxRetries))
	}
	for _, adjust := range p.adjust {
		adjust(&settings)
	}
	var run *session.Session
	settings.Log = func(ctx context.Context, message string, fields map[string]any) {
		tflog.Debug(masked(ctx, run.Secrets()), message, fields)
	}
	run = session.New(settings)
	return run
}

// duration returns the configured duration, or the default while it is null or
// unknown.
func duration(configured timetypes.GoDuration, fallback time.Duration, diags *diag.Diagnostics) time.Duration {
	if !tfkit.IsKnown(configured) {
		return fallback
	}
	value, valueDiags := configured.ValueGoDuration()
	diags.Append(valueDiags...)
	return value
}

// masked strikes the secrets out of what is logged with the context. The masks
// of field values do not cover the message, so both are set.
func masked(ctx context.Context, secrets []string) context.Context {
	ctx = tflog.MaskMessageStrings(ctx, secrets...)
	return tflog.MaskAllFieldValuesStrings(ctx, secrets...)
}

// firstOf returns the configured value, else the environment's, else the
// fallback.
func (p *commpeakProvider) firstOf(configured types.String, variable, fallback string) string {
	if !configured.IsNull() {
		return configured.ValueString()
	}
	if value := p.getenv(variable); value != "" {
		return value
	}
	return fallback
}

func (p *commpeakProvider) endpoint(configured types.String, attribute, variable, fallback string, diags *diag.Diagnostics) string {
	parsed, err := commpeak.ParseEndpoint(p.firstOf(configured, variable, fallback))
	if err != nil {
		addInvalid(diags, configured, attribute, variable, err)
	}
	return parsed
}

// roots are the authorities to trust; nil for those of this machine alone.
func (p *commpeakProvider) roots(configured types.String, diags *diag.Diagnostics) *x509.CertPool {
	file := p.firstOf(configured, envCAFile, "")
	if file == "" {
		return nil
	}
	roots, err := commpeak.RootCAs(file)
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

// addInvalid reports a value that cannot be used, and where it comes from.
func addInvalid(diags *diag.Diagnostics, configured types.String, attribute, variable string, err error) {
	source := attribute
	if configured.IsNull() {
		source = variable
	}
	diags.AddAttributeError(path.Root(attribute), "Invalid "+source, "From "+source+": "+err.Error()+".")
}

func endpointFault(text string) string {
	if _, err := commpeak.ParseEndpoint(text); err != nil {
		return err.Error() + "."
	}
	return ""
}

// apiKeyFault finds what would make every call fail, without quoting the key.
func apiKeyFault(key string) string {
	switch {
	case strings.TrimSpace(key) == "":
		return "The key is blank."
	case strings.HasPrefix(strings.ToLower(key), "bearer "):
		return "The key must stand alone: CommPeak refuses a \"Bearer\" before it."
	case strings.ContainsAny(key, "\"'"):
		return "The key contains quotation marks, which may come from an .env file or a secret store. Remove them."
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "The key holds white space or a character that no API key has; it may have been pasted with a line break."
	}
	return ""
}

func requestTimeoutFault(text string) string { return durationFault(text, 10*time.Minute) }

func operationTimeoutFault(text string) string { return durationFault(text, 24*time.Hour) }

// durationFault finds fault with a duration out of range. One that cannot be
// parsed is reported by its type.
func durationFault(text string, longest time.Duration) string {
	duration, err := time.ParseDuration(text)
	if err == nil && (duration <= 0 || duration > longest) {
		return fmt.Sprintf("%q is not above zero and at most %s.", text, longest)
	}
	return ""
}
