package provider

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves a provider to the CLI that started this process. With debug it prints how a CLI
// attaches to it instead.
func Serve(create func() provider.Provider, debug bool) error {
	if err := disableUnreadLogs(); err != nil {
		return err
	}
	var opts []tf6server.ServeOpt
	if debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	newServer := func() tfprotov6.ProviderServer { return NewServer(create()) }
	return tf6server.Serve("registry.terraform.io/commpeak/commpeak", newServer, opts...)
}

// NewServer returns the protocol server of a provider.
func NewServer(p provider.Provider) tfprotov6.ProviderServer {
	served := providerserver.NewProtocol6(p)().(frameworkServer) //nolint:forcetypeassert // the framework's server implements all three.
	return releasingServer{served, resourceTypes(context.Background(), p)}
}

// frameworkServer is the interface of the framework's server.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// releasingServer wraps each call for a resource in a context that drops its parent when the
// call returns. The framework's server holds every context until the provider stops: about
// 13 kB for each of five calls per object.
type releasingServer struct {
	frameworkServer
	// resourceTypes are the resources whose unchanged objects are not planned by the framework.
	resourceTypes map[string]resourceType
}

func (s releasingServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return callReleased(ctx, req, s.frameworkServer.ValidateResourceConfig)
}

func (s releasingServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return callReleased(ctx, req, s.frameworkServer.UpgradeResourceState)
}

func (s releasingServer) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return callReleased(ctx, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s releasingServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return callReleased(ctx, req, s.frameworkServer.ReadResource)
}

func (s releasingServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if typ, ok := s.resourceTypes[req.TypeName]; ok && typ.leavesUnchanged(req) {
		return &tfprotov6.PlanResourceChangeResponse{
			PlannedState: req.PriorState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
		}, nil
	}
	return callReleased(ctx, req, s.frameworkServer.PlanResourceChange)
}

func (s releasingServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return callReleased(ctx, req, s.frameworkServer.ApplyResourceChange)
}

func (s releasingServer) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return callReleased(ctx, req, s.frameworkServer.ImportResourceState)
}

// callReleased makes a call with a context that is released when the call returns.
func callReleased[Request, Response any](ctx context.Context, req Request, call func(context.Context, Request) (Response, error)) (Response, error) {
	var releasable releasableContext
	releasable.parent.Store(&ctx)
	defer releasable.parent.Store(&canceled)
	return call(&releasable, req)
}

// releasableContext delegates to a parent until it is released.
type releasableContext struct {
	parent atomic.Pointer[context.Context]
}

// canceled replaces the parent of a released context.
var canceled = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func (c *releasableContext) Deadline() (time.Time, bool) { return (*c.parent.Load()).Deadline() }
func (c *releasableContext) Done() <-chan struct{}       { return (*c.parent.Load()).Done() }
func (c *releasableContext) Err() error                  { return (*c.parent.Load()).Err() }
func (c *releasableContext) Value(key any) any           { return (*c.parent.Load()).Value(key) }
