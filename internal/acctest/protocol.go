package acctest

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

// Unknown stands in a [Values] for a value that is not known yet.
const Unknown = unknown(0)

type unknown int

// Values are the attributes of a configuration or state: strings, bools, ints,
// []string, nested Values, nil and [Unknown]. What is left out is null.
type Values map[string]any

// Protocol speaks to the provider as Terraform core does, in process: for what
// the CLI does not show, and for what needs thousands of cases.
type Protocol struct {
	t       testing.TB
	ctx     context.Context
	getenv  func(string) string
	adjust  []func(*commpeak.Config)
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
	config  Values
}

// NewProtocol starts a provider that is configured for the account.
func NewProtocol(tb testing.TB, account *Account, config Values) *Protocol {
	tb.Helper()
	p := Serve(tb, account.Env)
	p.demandNone("configuring the provider", p.Configure(config))
	return p
}

// Serve starts a provider that is not configured yet, in this environment.
func Serve(tb testing.TB, getenv func(string) string, adjust ...func(*commpeak.Config)) *Protocol {
	tb.Helper()
	server := provider.NewServer(provider.New(Version, getenv, adjust...)())
	schemas, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return &Protocol{t: tb, ctx: tb.Context(), getenv: getenv, adjust: adjust, server: server, schemas: schemas}
}

// Restart starts another provider, of the same schemas, that is not configured
// yet.
func (p *Protocol) Restart(adjust ...func(*commpeak.Config)) *Protocol {
	other := *p
	other.server, other.adjust = provider.NewServer(provider.New(Version, p.getenv, adjust...)()), adjust
	return &other
}

// In is the same provider, spoken to in another context.
func (p *Protocol) In(ctx context.Context) *Protocol {
	other := *p
	other.ctx = ctx
	return &other
}

// Behind is the same provider behind another server, which passes on what it
// likes.
func (p *Protocol) Behind(server func(tfprotov6.ProviderServer) tfprotov6.ProviderServer) *Protocol {
	other := *p
	other.server = server(p.server)
	return &other
}

// again starts another provider that is configured like this one.
func (p *Protocol) again() *Protocol {
	p.t.Helper()
	other := Serve(p.t, p.getenv, p.adjust...)
	p.demandNone("configuring the provider", other.Configure(p.config))
	return other
}

// Schemas are those of everything that the provider offers.
func (p *Protocol) Schemas() *tfprotov6.GetProviderSchemaResponse { return p.schemas }

// ValidateProvider checks a configuration of the provider.
func (p *Protocol) ValidateProvider(config Values) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.server.ValidateProviderConfig(p.ctx, &tfprotov6.ValidateProviderConfigRequest{
		Config: p.encode(value(config, p.schemas.Provider.ValueType())),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// Configure configures the provider.
func (p *Protocol) Configure(config Values) []*tfprotov6.Diagnostic {
	p.t.Helper()
	p.config = config
	resp, err := p.server.ConfigureProvider(p.ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.16.0",
		Config:           p.encode(value(config, p.schemas.Provider.ValueType())),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// ValidateData checks the configuration of a data source.
func (p *Protocol) ValidateData(name string, config Values) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.server.ValidateDataResourceConfig(p.ctx, &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name, Config: p.encode(value(config, p.schemas.DataSourceSchemas[name].ValueType())),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// ReadData reads a data source and returns its state.
func (p *Protocol) ReadData(name string, config Values) (tftypes.Value, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.schemas.DataSourceSchemas[name].ValueType()
	resp, err := p.server.ReadDataSource(p.ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: p.encode(value(config, typ)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if resp.State == nil {
		return tftypes.NewValue(typ, nil), resp.Diagnostics
	}
	state, err := resp.State.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	return state, resp.Diagnostics
}

// Resource is one managed object and what Terraform remembers of it.
type Resource struct {
	*Protocol
	name     string
	schema   *tfprotov6.Schema
	State    tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
}

// Resource returns an object of this type that does not exist yet.
func (p *Protocol) Resource(name string) *Resource {
	p.t.Helper()
	schema, found := p.schemas.ResourceSchemas[name]
	if !found {
		p.t.Fatalf("the provider has no resource %s", name)
	}
	return &Resource{Protocol: p, name: name, schema: schema, State: tftypes.NewValue(schema.ValueType(), nil)}
}

// Plan is what the provider means to do.
type Plan struct {
	Planned     tftypes.Value
	Replaces    []string
	Diagnostics []*tfprotov6.Diagnostic

	config  tftypes.Value
	private []byte
}

// Validate checks a configuration.
func (r *Resource) Validate(config Values) []*tfprotov6.Diagnostic {
	r.t.Helper()
	resp, err := r.server.ValidateResourceConfig(r.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.name,
		Config:   r.encode(value(config, r.schema.ValueType())),
		// Without this the framework refuses every write-only value.
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.Diagnostics
}

// Plan plans the configuration; nil plans the destruction.
func (r *Resource) Plan(config Values) Plan {
	r.t.Helper()
	typ := r.schema.ValueType()
	configured := tftypes.NewValue(typ, nil)
	proposed := configured
	if config != nil {
		configured = value(config, typ)
		proposed = propose(r.schema.Block, configured, r.State)
	}
	resp, err := r.server.PlanResourceChange(r.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.name, PriorState: r.encode(r.State), PriorPrivate: r.Private, PriorIdentity: r.Identity,
		Config: r.encode(configured), ProposedNewState: r.encode(proposed),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	plan := Plan{Diagnostics: resp.Diagnostics, config: configured, private: resp.PlannedPrivate}
	if resp.PlannedState != nil {
		plan.Planned = r.decode(resp.PlannedState)
	}
	for _, path := range resp.RequiresReplace {
		plan.Replaces = append(plan.Replaces, path.String())
	}
	return plan
}

// PlanAgain plans what replaces the object, as if there were none: that is how
// Terraform plans the second half of a replacement.
func (r *Resource) PlanAgain(first Plan, config Values) Plan {
	r.t.Helper()
	successor := r.Protocol.Resource(r.name)
	successor.Private = first.private
	return successor.Plan(config)
}

// Removal is the first half of a replacement, or a destruction, once planned.
func (r *Resource) Removal(planned Plan) Plan {
	null := tftypes.NewValue(r.schema.ValueType(), nil)
	return Plan{Planned: null, config: null, private: planned.private}
}

// Over is the same object in the words of that protocol.
func (r *Resource) Over(p *Protocol) *Resource {
	other := *r
	other.Protocol = p
	return &other
}

// Apply carries out a plan, as Terraform does: whatever state comes back is the
// state, errors or not.
func (r *Resource) Apply(plan Plan) []*tfprotov6.Diagnostic {
	r.t.Helper()
	return r.ApplyIn(r.ctx, plan)
}

// ApplyIn is [Resource.Apply] in a context that may end.
func (r *Resource) ApplyIn(ctx context.Context, plan Plan) []*tfprotov6.Diagnostic {
	r.t.Helper()
	resp, err := r.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.name, PriorState: r.encode(r.State), PlannedState: r.encode(plan.Planned),
		Config: r.encode(plan.config), PlannedPrivate: plan.private, PlannedIdentity: r.Identity,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if resp.NewState != nil {
		r.State, r.Private = r.decode(resp.NewState), resp.Private
	}
	if resp.NewIdentity != nil {
		r.Identity = resp.NewIdentity
	}
	return resp.Diagnostics
}

// Read refreshes the state, as Terraform does: at the beginning of a run, with a
// provider that was configured for it.
func (r *Resource) Read() []*tfprotov6.Diagnostic {
	r.t.Helper()
	r.demandNone("configuring the provider", r.Configure(r.config))
	return r.Refresh()
}

// Refresh is [Resource.Read] in the current run, whose provider may have read the object before.
func (r *Resource) Refresh() []*tfprotov6.Diagnostic {
	r.t.Helper()
	resp, err := r.server.ReadResource(r.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: r.name, CurrentState: r.encode(r.State), Private: r.Private, CurrentIdentity: r.Identity,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if resp.NewState != nil {
		r.State, r.Private = r.decode(resp.NewState), resp.Private
	}
	if resp.NewIdentity != nil {
		r.Identity = resp.NewIdentity
	}
	return resp.Diagnostics
}

// Must plans and applies the configuration and demands success.
func (r *Resource) Must(config Values) {
	r.t.Helper()
	plan := r.Plan(config)
	r.demandNone("planning", Errors(plan.Diagnostics))
	r.demandNone("applying", Errors(r.Apply(plan)))
}

// Attribute is a value of the state, by its dotted name, as text; null is "".
func (r *Resource) Attribute(name string) string {
	r.t.Helper()
	return attribute(r.t, r.State, name)
}

// Attribute is a value of the plan, by its dotted name, as text; null is "" and
// what is not known yet "(unknown)".
func (p Plan) Attribute(tb testing.TB, name string) string {
	tb.Helper()
	return attribute(tb, p.Planned, name)
}

func attribute(tb testing.TB, object tftypes.Value, name string) string {
	tb.Helper()
	at := object
	for step := range strings.SplitSeq(name, ".") {
		var attributes map[string]tftypes.Value
		if at.IsNull() {
			return ""
		}
		if err := at.As(&attributes); err != nil {
			tb.Fatalf("%s: %s", name, err)
		}
		at = attributes[step]
	}
	switch {
	case !at.IsKnown():
		return "(unknown)"
	case at.IsNull():
		return ""
	}
	var (
		text   string
		number big.Float
	)
	switch {
	case at.As(&text) == nil:
		return text
	case at.As(&number) == nil:
		return number.Text('f', -1)
	}
	return at.String()
}

func (p *Protocol) demandNone(doing string, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if len(diagnostics) > 0 {
		p.t.Fatalf("%s: %s", doing, strings.Join(Texts(diagnostics), "\n"))
	}
}

func (p *Protocol) encode(v tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.t.Fatal(err)
	}
	return &encoded
}

func (r *Resource) decode(v *tfprotov6.DynamicValue) tftypes.Value {
	r.t.Helper()
	decoded, err := v.Unmarshal(r.schema.ValueType())
	if err != nil {
		r.t.Fatal(err)
	}
	return decoded
}

// value builds a typed value from plain Go.
func value(plain any, typ tftypes.Type) tftypes.Value {
	switch plain := plain.(type) {
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case nil:
		return tftypes.NewValue(typ, nil)
	case tftypes.Value:
		return plain
	case Values:
		return object(plain, typ)
	case []string:
		elements := []tftypes.Value{}
		for _, element := range plain {
			elements = append(elements, tftypes.NewValue(tftypes.String, element))
		}
		return tftypes.NewValue(typ, elements)
	case []any: // Texts, of which some are null or unknown.
		elements := []tftypes.Value{}
		for _, element := range plain {
			elements = append(elements, value(element, tftypes.String))
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, plain)
	}
}

func object(plain Values, typ tftypes.Type) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	switch typ := typ.(type) {
	case tftypes.Object:
		for name := range plain {
			if _, known := typ.AttributeTypes[name]; !known {
				panic(fmt.Sprintf("there is no attribute %q", name))
			}
		}
		for name, attributeType := range typ.AttributeTypes {
			attributes[name] = value(plain[name], attributeType)
		}
	case tftypes.Map:
		for name, element := range plain {
			attributes[name] = value(element, typ.ElementType)
		}
	}
	return tftypes.NewValue(typ, attributes)
}

// propose is the new state that Terraform core suggests: the configuration, and
// for what the provider decides and the configuration leaves out, the prior
// value. Write-only values are no part of it.
func propose(block *tfprotov6.SchemaBlock, config, prior tftypes.Value) tftypes.Value {
	return proposeAttributes(block.Attributes, config, prior)
}

func proposeAttributes(schema []*tfprotov6.SchemaAttribute, config, prior tftypes.Value) tftypes.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	proposed, before := attributesOf(config), attributesOf(prior)
	for _, attribute := range schema {
		configured := proposed[attribute.Name]
		old, existed := before[attribute.Name]
		if !existed {
			old = tftypes.NewValue(configured.Type(), nil)
		}
		switch {
		case attribute.WriteOnly:
			proposed[attribute.Name] = tftypes.NewValue(configured.Type(), nil)
		case attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			proposed[attribute.Name] = proposeAttributes(attribute.NestedType.Attributes, configured, old)
		case attribute.Computed && configured.IsNull():
			proposed[attribute.Name] = old
		}
	}
	return tftypes.NewValue(config.Type(), proposed)
}

func attributesOf(v tftypes.Value) map[string]tftypes.Value {
	var attributes map[string]tftypes.Value
	if v.IsNull() || !v.IsKnown() || v.As(&attributes) != nil {
		return nil
	}
	return maps.Clone(attributes)
}
