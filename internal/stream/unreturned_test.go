package stream_test

import (
	"maps"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// An account whose API returns documented fields only: the first apply after an
// import records the configured settings, and nothing is sent or planned again.
func TestStreamImportRecordsWhatIsNotReturned(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		made     mockserver.Stream
		settings acctest.Values
		warnings int
	}{
		"defaults":  {mockserver.Stream{Type: mockserver.Marketing}, nil, 0},
		"no otp":    {mockserver.Stream{Type: mockserver.OTP}, nil, 0},
		"otp":       {mockserver.Stream{Type: mockserver.OTP}, acctest.Values{"otp": acctest.Values{"code_length": 6}}, 1},
		"all":       {mockserver.Stream{Type: mockserver.Marketing}, acctest.Values{"demo": true, "restricted": true, "default_sender": "GLOBAL"}, 3},
		"no token":  {mockserver.Stream{Type: mockserver.WhatsApp}, nil, 0},
		"a token":   {mockserver.Stream{Type: mockserver.WhatsApp}, acctest.Values{"whatsapp": acctest.Values{"business_id": "b", "access_token_wo": "EAAG-token", "access_token_wo_version": 1}}, 1},
		"protected": {mockserver.Stream{Type: mockserver.Marketing}, acctest.Values{"deletion_protection": true, "demo": true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, stream := newStream(t, func(o *mockserver.Options) { o.DocumentedOnly = true })
			test.made.Name = "A"
			account.AddStream(test.made)
			acctest.ExpectNone(t, stream.Import("101"))
			config := acctest.Values{"name": "A", "type": test.made.Type}
			maps.Copy(config, test.settings)
			acctest.ExpectNone(t, stream.Validate(config))
			plan := stream.Plan(config)
			if len(acctest.Errors(plan.Diagnostics)) > 0 || len(plan.Diagnostics) != test.warnings {
				t.Fatalf("%q", acctest.Texts(plan.Diagnostics))
			}
			if test.settings == nil && !plan.Planned.Equal(stream.State) {
				t.Errorf("the plan is not empty: %s", plan.Planned)
			}
			acctest.ExpectNone(t, stream.Apply(plan))
			acctest.ExpectNone(t, stream.Read())
			again := stream.Plan(config)
			acctest.ExpectNone(t, again.Diagnostics)
			if !again.Planned.Equal(stream.State) {
				t.Errorf("the second plan is not empty: %s", again.Planned)
			}
			for _, request := range account.Requests() {
				if request.Method != "GET" {
					t.Errorf("sent %s %s", request.Method, request.Path)
				}
			}
			// From now on a change is a change.
			config["demo"] = config["demo"] != true
			acctest.ExpectNone(t, stream.Plan(config).Diagnostics)
			acctest.Expect(t, stream.Apply(stream.Plan(config)), "cannot change the stream")
		})
	}
}

// Settings that an imported stream has and its configuration omits are not managed.
func TestStreamImportMayOmitSettings(t *testing.T) {
	t.Parallel()
	for _, made := range []mockserver.Stream{
		{Name: "A", Type: mockserver.OTP, OTP: &mockserver.OTPSettings{CodeGeneration: "customer", CodeLength: 7, CodeTTL: 90, MaxFailures: 2}},
		{Name: "A", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "7"}},
	} {
		account, stream := newStream(t)
		account.AddStream(made)
		acctest.ExpectNone(t, stream.Import("101"))
		config := acctest.Values{"name": "A", "type": made.Type}
		stream.Must(config)
		acctest.ExpectNone(t, stream.Read())
		plan := stream.Plan(config)
		acctest.ExpectNone(t, plan.Diagnostics)
		if !plan.Planned.Equal(stream.State) {
			t.Errorf("%s: the second plan is not empty: %s", made.Type, plan.Planned)
		}
		config["description"] = "New"
		stream.Must(config)
		now := only(account)
		if account.Count("PATCH /streams/{id}") != 1 || made.OTP != nil && now.OTP.CodeLength != 7 || made.WhatsApp != nil && now.WhatsApp.BusinessID != "7" {
			t.Errorf("%s: the account contains %+v", made.Type, now)
		}
	}
}

// A response without restricted or demo does not show whether they are in force.
func TestStreamUnconfirmedSettings(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	answer := func(pattern string, status int) {
		account.Inject(mockserver.Fault{
			Pattern: pattern, Stage: mockserver.After, Status: status, Header: map[string]string{"Content-Type": "application/json"},
			Body: `{"id":101,"name":"A","description":null,"type":"marketing","state":"ready","streamTags":[],"ipAcl":null}`,
		})
	}
	answer("POST /streams", 201)
	config := acctest.Values{"name": "A", "type": "marketing", "restricted": true}
	acctest.Expect(t, stream.Apply(stream.Plan(config)), "at restricted:", "did not confirm restricted of stream 101", "console")
	answer("PATCH /streams/{id}", 200)
	config["demo"] = true
	acctest.Expect(t, stream.Apply(stream.Plan(config)), "at demo:", "did not confirm demo of stream 101")
	config["restricted"] = false
	acctest.ExpectNone(t, stream.Apply(stream.Plan(config)))
}
