package provider_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
	"github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

// twice plans with the provider's server and with the framework's alone, and
// compares the two.
type twice struct {
	tfprotov6.ProviderServer
	t     *testing.T
	alone tfprotov6.ProviderServer
}

func (s twice) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	if _, err := s.alone.ConfigureProvider(ctx, req); err != nil {
		s.t.Fatal(err)
	}
	return s.ProviderServer.ConfigureProvider(ctx, req)
}

func (s twice) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	want, wantErr := s.alone.PlanResourceChange(ctx, req)
	got, err := s.ProviderServer.PlanResourceChange(ctx, req)
	if wantErr != nil || err != nil {
		s.t.Fatal(wantErr, err)
	}
	if !bytes.Equal(got.PlannedState.MsgPack, want.PlannedState.MsgPack) {
		s.t.Errorf("%s: the planned states differ", req.TypeName)
	}
	if !bytes.Equal(got.PlannedPrivate, want.PlannedPrivate) || len(got.Diagnostics) != len(want.Diagnostics) || len(got.RequiresReplace) != len(want.RequiresReplace) {
		s.t.Errorf("%s: the plans differ: %v, %v", req.TypeName, got, want)
	}
	return got, err
}

// What is planned without the framework is what the framework would plan.
func TestUnchangedObjectsArePlannedAsTheFrameworkDoes(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "Codes", Type: mockserver.OTP, Demo: true, Restricted: true, IPACL: "192.0.2.1"})
	event, _ := account.AddEvent(stream.ID, mockserver.Event{Name: "Code", Key: "code", Template: "Your code: {code}"})
	account.AddStream(mockserver.Stream{Name: "Offers", Type: mockserver.Marketing})
	account.AddStream(mockserver.Stream{Name: "Paused", Type: mockserver.Marketing, State: mockserver.Disabled, Demo: true})
	offers := acctest.Values{"name": "Offers", "type": "marketing"}
	codes := acctest.Values{"name": "Codes", "type": "otp", "demo": true, "restricted": true, "otp": acctest.Values{}}
	for name, test := range map[string]struct {
		resource, id string
		config       acctest.Values
	}{
		"a stream":                     {"commpeak_stream", "102", offers},
		"a stream, all set":            {"commpeak_stream", "103", acctest.Values{"name": "Paused", "type": "marketing", "demo": true, "enabled": false}},
		"a default that changes it":    {"commpeak_stream", "103", acctest.Values{"name": "Paused", "type": "marketing", "demo": true}},
		"all defaults":                 {"commpeak_stream", "103", acctest.Values{"name": "Paused", "type": "marketing"}},
		"nested settings":              {"commpeak_stream", "101", codes},
		"a name that changes":          {"commpeak_stream", "102", acctest.Values{"name": "News", "type": "marketing"}},
		"a destroyed stream":           {"commpeak_stream", "102", nil},
		"an event":                     {"commpeak_event_template", "101/code", acctest.Values{"stream_id": "101", "name": "Code", "key": "code", "template": event.Template}},
		"an event that changes":        {"commpeak_event_template", "101/code", acctest.Values{"stream_id": "101", "name": "C", "key": "code", "template": "{code}"}},
		"an allowed IP":                {"commpeak_allowed_ip", "101/192.0.2.1", acctest.Values{"stream_id": "101", "ip": "192.0.2.1"}},
		"an allowed IP, spelled again": {"commpeak_allowed_ip", "101/192.0.2.1", acctest.Values{"stream_id": "101", "ip": "192.0.2.1/32"}},
		"a list":                       {"commpeak_allowed_ips", "101", acctest.Values{"stream_id": "101", "ips": []string{"192.0.2.1"}}},
		"a list that changes":          {"commpeak_allowed_ips", "101", acctest.Values{"stream_id": "101", "ips": []string{"192.0.2.2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alone := providerserver.NewProtocol6(provider.New(acctest.Version, account.Env)())()
			p := acctest.NewProtocol(t, account, nil).Behind(func(server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
				return twice{server, t, alone}
			})
			acctest.ExpectNone(t, p.Configure(nil))
			object := p.Resource(test.resource)
			acctest.ExpectNone(t, object.Import(test.id))
			object.Plan(test.config)
		})
	}
}
