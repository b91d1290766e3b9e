package stream_test

import (
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// Terraform plans a forced replacement a second time as a create, with the private
// state of the first plan. Each way into the state leaves a mark there.
func TestStreamProtectionRefusesForcedReplacement(t *testing.T) {
	t.Parallel()
	protected := acctest.Values{"name": "A", "type": "marketing", "deletion_protection": true}
	open := acctest.Values{"name": "A", "type": "marketing"}
	for name, prepare := range map[string]func(*acctest.Resource){
		"created": func(stream *acctest.Resource) { stream.Must(protected) },
		"updated": func(stream *acctest.Resource) { stream.Must(open); stream.Must(protected) },
		"read": func(stream *acctest.Resource) {
			stream.Must(protected)
			stream.Private = nil
			acctest.ExpectNone(t, stream.Read())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, stream := newStream(t)
			prepare(stream)
			first := stream.Plan(protected)
			acctest.ExpectNone(t, first.Diagnostics)
			acctest.Expect(t, stream.PlanAgain(first, protected).Diagnostics, "at deletion_protection:", `the stream "A"`, "two applies")
			acctest.Expect(t, stream.PlanAgain(stream.Plan(open), open).Diagnostics, "at deletion_protection:")
			stream.Must(open)
			acctest.ExpectNone(t, stream.PlanAgain(stream.Plan(open), open).Diagnostics)
		})
	}
}

func TestStreamCreationRequiresSettings(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	for kind, words := range map[string][]string{
		"otp":      {"at otp:", "Missing otp settings", `the stream "A"`, "otp = {}"},
		"whatsapp": {"at whatsapp:", "Missing whatsapp settings", "business_id"},
	} {
		config := acctest.Values{"name": "A", "type": kind}
		acctest.ExpectNone(t, stream.Validate(config))
		acctest.Expect(t, stream.Plan(config).Diagnostics, words...)
	}
	stream.Must(acctest.Values{"name": "A", "type": "marketing"})
	config := acctest.Values{"name": "A", "type": "otp"}
	acctest.Expect(t, stream.PlanAgain(stream.Plan(config), config).Diagnostics, "Missing otp settings")
}

// CommPeak documents none of these limits, so that only the API refuses values.
func TestStreamAssumedLimitsOnlyWarn(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	account.Tolerate(422)
	account.Inject(mockserver.Fault{Pattern: "POST /streams", Stage: mockserver.After, Status: 201, Header: map[string]string{"Content-Type": "application/json"}, Body: `{"id":101,"name":"A","type":"otp","state":"ready","streamTags":[],"ipAcl":null}`})
	config := acctest.Values{"name": strings.Repeat("a", 300), "type": "otp", "otp": acctest.Values{
		"code_length": 3, "code_ttl_seconds": 86_401, "max_failures": 11, "sending_limit": acctest.Values{"max_messages": 0, "period_seconds": 0},
	}}
	diagnostics := stream.Validate(config)
	if len(diagnostics) != 6 || len(acctest.Errors(diagnostics)) > 0 {
		t.Errorf("not six warnings: %q", acctest.Texts(diagnostics))
	}
	stream.Must(config)
	for _, request := range account.Requests() {
		if request.Method == "POST" && !strings.Contains(string(request.Body), `"codeLength":3`) {
			t.Errorf("sent %s", request.Body)
		}
	}
}

func TestStreamRefusesFractionsAndNulls(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	otp := func(settings acctest.Values) acctest.Values {
		return acctest.Values{"name": "A", "type": "otp", "otp": settings}
	}
	for at, config := range map[string]acctest.Values{
		"otp.code_length":                  otp(acctest.Values{"code_length": 5.5}),
		"otp.sending_limit.max_messages":   otp(acctest.Values{"sending_limit": acctest.Values{"max_messages": 0.5, "period_seconds": 60}}),
		"otp.sending_limit.period_seconds": otp(acctest.Values{"sending_limit": acctest.Values{"max_messages": 1, "period_seconds": 1e30}}),
		"whatsapp.access_token_wo_version": {"name": "A", "type": "whatsapp", "whatsapp": acctest.Values{"business_id": "1", "access_token_wo_version": 1.5}},
	} {
		acctest.Expect(t, acctest.Errors(stream.Validate(config)), "at "+at+":", "Invalid "+at, "not a whole number")
	}
	acctest.Expect(t, stream.Validate(acctest.Values{"name": "A", "type": "marketing", "tags": []any{"a", nil}}), "at tags:", "Null in tags", "compact")
	acctest.ExpectNone(t, stream.Validate(acctest.Values{"name": "A", "type": "marketing", "tags": []any{"a", acctest.Unknown}}))
}

func TestStreamDraftWarning(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	without := acctest.Values{"name": "Support", "type": "whatsapp", "whatsapp": acctest.Values{"business_id": "1"}}
	acctest.Expect(t, stream.Plan(without).Diagnostics, "at whatsapp.access_token_wo:", `Stream "Support" will stay a draft`, "misspelled")
	acctest.ExpectNone(t, stream.Plan(whatsAppConfig("EAAG-token", 1)).Diagnostics)
	acctest.ExpectNone(t, stream.Plan(acctest.Values{"name": "Support", "type": "whatsapp", "whatsapp": acctest.Values{
		"business_id": "1", "access_token_wo": acctest.Unknown, "access_token_wo_version": 1,
	}}).Diagnostics)
	stream.Must(without)
	without["demo"] = true
	acctest.ExpectNone(t, stream.Plan(without).Diagnostics)
}

// An account may use the shared sender without listing it.
func TestStreamGlobalSenderIsNeverUnknown(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	account.Inject(mockserver.Fault{Pattern: "GET /senders", Stage: mockserver.After, Status: 200, Body: `[]`, Times: -1})
	acctest.ExpectNone(t, stream.Plan(acctest.Values{"name": "A", "type": "marketing", "default_sender": "GLOBAL"}).Diagnostics)
}

// What only Terraform stores can be applied under read_only.
func TestStreamReadOnlyWarnsOnlyOfRequests(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := acctest.NewProtocol(t, account, nil).Resource(resourceType)
	stream.Must(acctest.Values{"name": "A", "type": "marketing"})
	readOnly := stream.Over(acctest.NewProtocol(t, account, acctest.Values{"read_only": true}))
	readOnly.Must(acctest.Values{"name": "A", "type": "marketing", "deletion_protection": true})
	acctest.ExpectNone(t, readOnly.Plan(acctest.Values{"name": "A", "type": "marketing"}).Diagnostics)
	for _, config := range []acctest.Values{{"name": "B", "type": "marketing"}, {"name": "A", "type": "marketing", "restricted": true}} {
		acctest.Expect(t, readOnly.Plan(config).Diagnostics, "cannot be applied")
	}
}

// Neither the labels of the vendor nor an unexpected value changes anything.
func TestStreamUnrecognizedTypeAndState(t *testing.T) {
	t.Parallel()
	for label, kind := range map[string]string{"SMS OTP": "otp", "Marketing/Promotional SMS": "marketing", "Telepathy": "two_way"} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			account, stream := newStream(t)
			config := acctest.Values{"name": "A", "type": kind, "enabled": false}
			if kind == "otp" {
				config["otp"] = acctest.Values{}
			}
			stream.Must(config)
			relabel := edit(account, func(s *mockserver.Stream) { s.Type, s.State = label, "Paused by operator" })
			unchanged := func() {
				t.Helper()
				plan := stream.Plan(config)
				acctest.ExpectNone(t, plan.Diagnostics)
				if len(plan.Replaces) > 0 || !plan.Planned.Equal(stream.State) {
					t.Errorf("replaces %v: %s", plan.Replaces, plan.Planned)
				}
			}
			before := stream.State
			relabel()
			acctest.ExpectNone(t, stream.Read())
			if !stream.State.Equal(before) {
				t.Errorf("drift: %s", stream.State)
			}
			unchanged()

			acctest.ExpectNone(t, stream.Import("101"))
			plan := stream.Plan(config)
			if len(plan.Replaces) > 0 {
				t.Errorf("the import replaces %v", plan.Replaces)
			}
			config["enabled"] = true // As an import assumes for a state that is not recognized.
			stream.Must(config)
			acctest.ExpectNone(t, stream.Read())
			unchanged()
			if got := account.Count("PATCH /streams/{id}") + account.Count("DELETE /streams/{id}"); got > 0 {
				t.Errorf("%d writes", got)
			}
		})
	}
}
