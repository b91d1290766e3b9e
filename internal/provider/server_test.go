package provider

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What hangs on the context of a call does not stay when the call is over.
func TestServerLetsGoOfContexts(t *testing.T) {
	t.Parallel()
	server := NewServer(New("test", func(string) string { return "" })())
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	const name = "commpeak_stream"
	typ := schemas.ResourceSchemas[name].ValueType()
	empty, err := tfprotov6.NewDynamicValue(typ, emptyObject(typ))
	if err != nil {
		t.Fatal(err)
	}
	none, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, nil))
	if err != nil {
		t.Fatal(err)
	}
	raw := &tfprotov6.RawState{JSON: []byte(`{"id":"1"}`)}
	for what, call := range map[string]func(context.Context) error{
		"validate": func(ctx context.Context) error {
			_, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: &empty})
			return err
		},
		"upgrade": func(ctx context.Context) error {
			_, err := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: name, RawState: raw})
			return err
		},
		"upgrade the identity": func(ctx context.Context) error {
			_, err := server.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: name, RawIdentity: raw})
			return err
		},
		"read": func(ctx context.Context) error {
			_, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: &none})
			return err
		},
		"plan": func(ctx context.Context) error {
			_, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: name, PriorState: &empty, ProposedNewState: &none, Config: &none})
			return err
		},
		"apply": func(ctx context.Context) error {
			_, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: "commpeak_none", PriorState: &none, PlannedState: &none, Config: &none})
			return err
		},
		"import": func(ctx context.Context) error {
			_, err := server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: name, ID: "1"})
			return err
		},
	} {
		type key struct{}
		hung := new([1 << 10]byte)
		left := weak.Make(hung)
		if err := call(context.WithValue(t.Context(), key{}, hung)); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		runtime.GC()
		if left.Value() != nil {
			t.Errorf("%s: what hung on its context is still there", what)
		}
	}
	runtime.KeepAlive(server)
}

// Until the call is over, its context is the one that was lent, and ends with it.
func TestLend(t *testing.T) {
	t.Parallel()
	type key struct{}
	cause := errors.New("no more")
	ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "value"))
	kept, err := callReleased(ctx, key{}, func(ctx context.Context, k key) (context.Context, error) {
		if value := ctx.Value(k); value != "value" || ctx.Err() != nil {
			t.Errorf("the value is %v, the error %v", value, ctx.Err())
		}
		ctx, done := context.WithCancel(ctx)
		defer done()
		cancel(cause)
		<-ctx.Done()
		return ctx, context.Cause(ctx)
	})
	if !errors.Is(err, cause) {
		t.Errorf("it ended for %v", err)
	}
	if value := kept.Value(key{}); value != nil {
		t.Errorf("the value is still %v", value)
	}
	kept, _ = callReleased(t.Context(), key{}, func(ctx context.Context, _ key) (context.Context, error) { return ctx, nil })
	select {
	case <-kept.Done():
	default:
		t.Error("the context goes on after the call")
	}
}
