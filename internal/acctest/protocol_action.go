package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Action is one action of the provider.
type Action struct {
	*Protocol
	name   string
	schema *tfprotov6.Schema
	server tfprotov6.ProviderServerWithActions //nolint:staticcheck // the methods are not in ProviderServer yet.
}

// Action returns the action of this type.
func (p *Protocol) Action(name string) *Action {
	p.t.Helper()
	schema, found := p.schemas.ActionSchemas[name]
	server, offers := p.server.(tfprotov6.ProviderServerWithActions) //nolint:staticcheck // as above.
	if !found || !offers {
		p.t.Fatalf("the provider has no action %s", name)
	}
	return &Action{Protocol: p, name: name, schema: schema.Schema, server: server}
}

// Validate checks a configuration.
func (a *Action) Validate(config Values) []*tfprotov6.Diagnostic {
	a.t.Helper()
	resp, err := a.server.ValidateActionConfig(a.t.Context(), &tfprotov6.ValidateActionConfigRequest{
		ActionType: a.name, Config: a.encode(value(config, a.schema.ValueType())),
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return resp.Diagnostics
}

// Plan plans an invocation.
func (a *Action) Plan(config Values) []*tfprotov6.Diagnostic {
	a.t.Helper()
	resp, err := a.server.PlanAction(a.t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: a.name, Config: a.encode(value(config, a.schema.ValueType())),
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return resp.Diagnostics
}

// Invoke invokes the action and returns what it told meanwhile.
func (a *Action) Invoke(config Values) (progress []string, diagnostics []*tfprotov6.Diagnostic) {
	a.t.Helper()
	return a.InvokeIn(a.t.Context(), config)
}

// InvokeIn is [Action.Invoke] in a context that may end.
func (a *Action) InvokeIn(ctx context.Context, config Values) (progress []string, diagnostics []*tfprotov6.Diagnostic) {
	a.t.Helper()
	stream, err := a.server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{
		ActionType: a.name, Config: a.encode(value(config, a.schema.ValueType())),
	})
	if err != nil {
		a.t.Fatal(err)
	}
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diagnostics = append(diagnostics, event.Diagnostics...)
		}
	}
	return progress, diagnostics
}
