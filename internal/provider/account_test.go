package provider_test

import (
	"net/http"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// A state is applied to a different account that has streams with the same IDs, as a saved plan
// or -refresh=false can do: no object writes there, and all report it in the same words.
func TestNoWriteReachesADifferentAccount(t *testing.T) {
	t.Parallel()
	shop := mockserver.Stream{Name: "Shop", Type: mockserver.TwoWay}
	codes := mockserver.Stream{Name: "Codes", Type: mockserver.OTP}
	for name, test := range map[string]struct {
		stream          mockserver.Stream
		kind            string
		config, changed acctest.Values
	}{
		"event template": {
			codes, "commpeak_event_template",
			acctest.Values{"stream_id": "101", "name": "Code", "key": "code", "template": "A"},
			acctest.Values{"stream_id": "101", "name": "Code", "key": "code", "template": "B"},
		},
		"webhook": {
			shop, "commpeak_webhook",
			acctest.Values{"stream_id": "101", "url": "https://example.com/1"},
			acctest.Values{"stream_id": "101", "url": "https://example.com/2"},
		},
		"allowed IP": {shop, "commpeak_allowed_ip", acctest.Values{"stream_id": "101", "ip": "203.0.113.7"}, nil},
		"allowed IPs": {
			shop, "commpeak_allowed_ips",
			acctest.Values{"stream_id": "101", "ips": []string{"203.0.113.7"}},
			acctest.Values{"stream_id": "101", "ips": []string{"203.0.113.8"}},
		},
		"token": {shop, "commpeak_stream_token", acctest.Values{"stream_id": "101"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mine, other := acctest.NewAccount(t), acctest.NewAccount(t)
			for _, account := range []*acctest.Account{mine, other} {
				account.AddStream(test.stream)
				account.Tolerate(http.StatusNotFound)
			}
			object := acctest.NewProtocol(t, mine, nil).Resource(test.kind)
			object.Must(test.config)
			plans := []acctest.Plan{object.Plan(nil)}
			if test.changed != nil {
				plans = append(plans, object.Plan(test.changed))
			}
			object.Protocol = acctest.NewProtocol(t, other, nil)
			for _, plan := range plans {
				acctest.Expect(t, object.Apply(plan), "The state belongs to a different account", "Nothing was changed", "COMMPEAK_API_KEY")
			}
			for _, request := range other.Requests() {
				if request.Method != http.MethodGet {
					t.Errorf("%s %s was sent to the other account", request.Method, request.Path)
				}
			}
			if object.State.IsNull() {
				t.Error("the object is gone from the state")
			}
			// In the right account, the same plan is applied.
			object.Protocol = acctest.NewProtocol(t, mine, nil)
			acctest.ExpectNone(t, acctest.Errors(object.Apply(plans[0])))
		})
	}
}
