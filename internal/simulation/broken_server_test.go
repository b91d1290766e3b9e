package simulation_test

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// server is a provider with a defect.
type server struct {
	tfprotov6.ProviderServer
	blind, forgetful, tells, tellsPlan, panics bool
	tellsErrors, undestroyed, fickle, unready  bool
	// hasRead: it is the process of a plan.
	hasRead atomic.Bool
}

func behind(defect func(*server)) func(tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return func(next tfprotov6.ProviderServer) tfprotov6.ProviderServer {
		s := &server{ProviderServer: next}
		defect(s)
		return s
	}
}

// ReadResource is blind to what changes.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.hasRead.Store(true)
	if s.blind {
		return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
	}
	return s.ProviderServer.ReadResource(ctx, req)
}

// PlanResourceChange tells too much.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.ProviderServer.PlanResourceChange(ctx, req)
	if s.tellsPlan && err == nil && req.TypeName == streamType {
		resp.PlannedState = s.with(ctx, resp.PlannedState, "uid", accessToken)
	}
	if s.fickle && err == nil && !s.hasRead.Load() && req.TypeName == streamType {
		resp.PlannedState = s.with(ctx, resp.PlannedState, "name", "changed")
	}
	return resp, err
}

// ApplyResourceChange changes what comes of it.
func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServer.ApplyResourceChange(ctx, req)
	if s.panics && len(resp.Diagnostics) > 0 {
		panic("there is trouble")
	}
	for _, told := range resp.Diagnostics {
		if s.tellsErrors {
			told.Detail += accessToken
		}
	}
	if s.undestroyed && err == nil && len(resp.Diagnostics) == 0 && req.TypeName == eventType && s.isNull(ctx, resp.NewState) {
		resp.NewState = req.PriorState
	}
	if req.TypeName != streamType || err != nil {
		return resp, err
	}
	switch {
	case s.forgetful:
		resp.NewState = s.with(ctx, resp.NewState, "name", "forgotten")
	case s.tells:
		resp.NewState = s.with(ctx, resp.NewState, "uid", accessToken)
	}
	return resp, err
}

// with is the state of a stream with another text in it.
func (s *server) with(ctx context.Context, state *tfprotov6.DynamicValue, name, text string) *tfprotov6.DynamicValue {
	told, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	typ := told.ResourceSchemas[streamType].ValueType()
	value, err := state.Unmarshal(typ)
	if err != nil || value.IsNull() {
		return state
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		panic(err)
	}
	attributes[name] = tftypes.NewValue(tftypes.String, text)
	changed, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, attributes))
	if err != nil {
		panic(err)
	}
	return &changed
}

// isNull reports whether a state is that of a destroyed event template.
func (s *server) isNull(ctx context.Context, state *tfprotov6.DynamicValue) bool {
	told, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	value, err := state.Unmarshal(told.ResourceSchemas[eventType].ValueType())
	return err == nil && value.IsNull()
}

// ConfigureProvider refuses.
func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.ProviderServer.ConfigureProvider(ctx, req)
	if s.unready && err == nil {
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "not now"})
	}
	return resp, err
}
