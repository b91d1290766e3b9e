package stream_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const resourceType = "commpeak_stream"

// newStream starts an account and a stream that does not exist yet.
func newStream(t *testing.T, options ...func(*mockserver.Options)) (*acctest.Account, *acctest.Resource) {
	t.Helper()
	account := acctest.NewAccount(t, options...)
	return account, acctest.NewProtocol(t, account, nil).Resource(resourceType)
}

func TestStreamValidation(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	with := func(changes acctest.Values) acctest.Values {
		config := acctest.Values{"name": "A", "type": "marketing"}
		maps.Copy(config, changes)
		return config
	}
	otp := func(settings acctest.Values) acctest.Values {
		return with(acctest.Values{"type": "otp", "otp": settings})
	}
	whatsApp := func(settings acctest.Values) acctest.Values {
		return with(acctest.Values{"type": "whatsapp", "whatsapp": settings})
	}
	at := func(name string) string { return "at " + name + ": " }
	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"blank name":                   {with(acctest.Values{"name": " \t"}), []string{at("name"), "blank"}},
		"empty name":                   {with(acctest.Values{"name": ""}), []string{at("name"), "blank"}},
		"long name":                    {with(acctest.Values{"name": strings.Repeat("é", 256)}), []string{at("name"), "255"}},
		"unknown type":                 {with(acctest.Values{"type": "fax"}), []string{at("type"), "two_way"}},
		"the console's spelling":       {with(acctest.Values{"type": "Two-way"}), []string{at("type"), "two_way"}},
		"blank tag":                    {with(acctest.Values{"tags": []string{"a", " "}}), []string{"tags", "blank"}},
		"blank sender":                 {with(acctest.Values{"default_sender": ""}), []string{at("default_sender"), "blank"}},
		"otp on a marketing stream":    {with(acctest.Values{"otp": acctest.Values{}}), []string{at("otp"), `"otp"`, `"marketing"`, "Remove", `the stream "A"`}},
		"whatsapp on a two-way stream": {with(acctest.Values{"type": "two_way", "whatsapp": acctest.Values{"business_id": "1"}}), []string{at("whatsapp"), "Remove"}},
		"sender of a WhatsApp stream":  {with(acctest.Values{"type": "whatsapp", "default_sender": "ACME", "whatsapp": acctest.Values{"business_id": "1"}}), []string{at("default_sender"), "Remove", `the stream "A"`}},
		"unknown code generation":      {otp(acctest.Values{"code_generation": "dice"}), []string{at("otp.code_generation"), "customer"}},
		"code too short":               {otp(acctest.Values{"code_length": 3}), []string{at("otp.code_length"), "between 4 and 10"}},
		"code too long":                {otp(acctest.Values{"code_length": 11}), []string{at("otp.code_length"), "between 4 and 10"}},
		"validity too short":           {otp(acctest.Values{"code_ttl_seconds": 29}), []string{at("otp.code_ttl_seconds"), "between 30 and 86400"}},
		"validity too long":            {otp(acctest.Values{"code_ttl_seconds": 86_401}), []string{at("otp.code_ttl_seconds"), "between 30 and 86400"}},
		"no failures":                  {otp(acctest.Values{"max_failures": 0}), []string{at("otp.max_failures"), "between 1 and 10"}},
		"many failures":                {otp(acctest.Values{"max_failures": 11}), []string{at("otp.max_failures"), "between 1 and 10"}},
		"limit of no messages":         {otp(acctest.Values{"sending_limit": acctest.Values{"max_messages": 0, "period_seconds": 1}}), []string{at("otp.sending_limit.max_messages"), "at least 1"}},
		"limit of no time":             {otp(acctest.Values{"sending_limit": acctest.Values{"max_messages": 1, "period_seconds": 0}}), []string{at("otp.sending_limit.period_seconds"), "at least 1"}},
		"blank business id":            {whatsApp(acctest.Values{"business_id": ""}), []string{at("whatsapp.business_id"), "blank"}},
		"access token without version": {whatsApp(acctest.Values{"business_id": "1", "access_token_wo": "x"}), []string{at("whatsapp.access_token_wo"), "access_token_wo_version"}},
		"blank access token":           {whatsApp(acctest.Values{"business_id": "1", "access_token_wo": " ", "access_token_wo_version": 1}), []string{at("whatsapp.access_token_wo"), "blank"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Expect(t, stream.Validate(test.config), test.words...)
		})
	}
	for name, config := range map[string]acctest.Values{
		"longest name":      with(acctest.Values{"name": strings.Repeat("é", 255)}),
		"unknown values":    {"name": acctest.Unknown, "type": acctest.Unknown, "otp": acctest.Unknown, "whatsapp": acctest.Unknown, "tags": acctest.Unknown, "default_sender": acctest.Unknown},
		"unknown otp":       with(acctest.Values{"otp": acctest.Unknown}),
		"unknown type":      with(acctest.Values{"type": acctest.Unknown, "otp": acctest.Values{}}),
		"unknown token":     whatsApp(acctest.Values{"business_id": "1", "access_token_wo": acctest.Unknown, "access_token_wo_version": acctest.Unknown}),
		"limits at the end": otp(acctest.Values{"code_length": 10, "code_ttl_seconds": 86_400, "max_failures": 10}),
		"limits at the top": otp(acctest.Values{"code_length": 4, "code_ttl_seconds": 30, "max_failures": 1, "sending_limit": acctest.Values{"max_messages": 1, "period_seconds": 1}}),
	} {
		t.Run("valid: "+name, func(t *testing.T) {
			t.Parallel()
			acctest.ExpectNone(t, stream.Validate(config))
		})
	}
}

func TestStreamImportIDs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"newsletter", "7/events", "-7"} {
		_, stream := newStream(t)
		acctest.ExpectImportError(t, stream, id, fmt.Sprintf("%q", id), "whole number")
	}
}

// When a step after the first write of the state fails, no secret may
// be in what Terraform keeps, and the object must not be orphaned.
func TestNoSecretInStateWhenALaterStepFails(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	const token = "EAAG-trap-one-access-token"
	config := whatsAppConfig(token, 1)
	stream.Must(config)
	if text := stream.State.String(); strings.Contains(text, token) {
		t.Fatalf("the state after create holds the access token: %s", text)
	}
	account.Inject(mockserver.Fault{Pattern: "PATCH /streams/{id}", Status: 422})
	const second = "EAAG-trap-one-second-token"
	plan := stream.Plan(whatsAppConfig(second, 2))
	if text := plan.Planned.String(); strings.Contains(text, second) {
		t.Fatalf("the plan holds the access token: %s", text)
	}
	if len(acctest.Errors(stream.Apply(plan))) == 0 {
		t.Fatal("the update was to fail")
	}
	if text := stream.State.String(); strings.Contains(text, token) || strings.Contains(text, second) {
		t.Errorf("the state after a failed update holds an access token: %s", text)
	}
	if stream.Attribute("id") == "" {
		t.Error("the failed update orphaned the stream")
	}
	if got := stream.Attribute("whatsapp.access_token_wo_version"); !strings.Contains(got, "1") {
		t.Errorf("the failed update is remembered as done: version %s", got)
	}
}

func whatsAppConfig(token string, version int) acctest.Values {
	return acctest.Values{"name": "Support", "type": "whatsapp", "whatsapp": acctest.Values{
		"business_id": "1", "access_token_wo": token, "access_token_wo_version": version,
	}}
}

// A plan never sets a write-only value, and updates hang on its
// version alone.
func TestPlanNeverSetsAWriteOnlyValue(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	for version := 1; version <= 2; version++ {
		plan := stream.Plan(whatsAppConfig(fmt.Sprintf("EAAG-token-%d", version), version))
		acctest.ExpectNone(t, plan.Diagnostics)
		if got := plan.Attribute(t, "whatsapp.access_token_wo"); got != "" {
			t.Errorf("version %d: the plan sets the write-only value to %q", version, got)
		}
		acctest.ExpectNone(t, stream.Apply(plan))
	}
	plan := stream.Plan(whatsAppConfig("EAAG-another", 2))
	if !plan.Planned.Equal(stream.State) {
		t.Error("another token under the same version plans a change")
	}
}

// The identity is set by create, read, update and import, and before a
// stream that is gone is removed.
func TestIdentityAlwaysSet(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	identified := func(when string) {
		t.Helper()
		if stream.Identity == nil || stream.Identity.IdentityData == nil {
			t.Fatalf("no identity after %s", when)
		}
	}
	stream.Must(acctest.Values{"name": "A", "type": "marketing"})
	identified("create")
	stream.Identity = nil // as in a state from before identities
	acctest.ExpectNone(t, stream.Read())
	identified("read")
	stream.Identity = nil
	stream.Must(acctest.Values{"name": "B", "type": "marketing"})
	identified("update")
	stream.Identity = nil
	account.RemoveStream(only(account).ID)
	account.Tolerate(404)
	acctest.Expect(t, stream.Read(), "no longer exists", "101")
	identified("a read that finds nothing")
	if !stream.State.IsNull() {
		t.Error("a stream that is gone is still in the state")
	}
}

// In-process tests must say that write-only values are allowed, or the
// framework refuses them.
func TestWriteOnlyAttributesAllowed(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	acctest.ExpectNone(t, stream.Validate(whatsAppConfig("EAAG-token", 1)))
}

// Private state must be JSON, and a fingerprint must tell apart tokens
// that differ after 72 bytes only.
func TestPrivateStateIsJSONAndTokensAreLong(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	long := strings.Repeat("EAAG", 30)
	stream.Must(whatsAppConfig(long+"-one", 1))
	if !json.Valid(stream.Private) {
		t.Errorf("the private state is no JSON: %q", stream.Private)
	}
	if strings.Contains(string(stream.Private), long) {
		t.Error("the private state holds the token")
	}
	acctest.ExpectNone(t, stream.Plan(whatsAppConfig(long+"-one", 1)).Diagnostics)
	acctest.Expect(t, stream.Plan(whatsAppConfig(long+"-two", 1)).Diagnostics, "access_token_wo", `the stream "`, "not sent", "Raise the version")
}

// How the API spells a value must not matter at plan time, where
// semantic equality does not run and replacement ignores it.
func TestSpellingPlansNothing(t *testing.T) {
	t.Parallel()
	for _, spelling := range []mockserver.Spelling{
		{Case: mockserver.Title}, {Case: mockserver.Upper}, {StringIDs: true}, {Case: mockserver.Upper, StringIDs: true},
	} {
		for _, kind := range []string{"marketing", "transactional", "two_way"} {
			t.Run(fmt.Sprintf("%s %v %s", spelling.Case, spelling.StringIDs, kind), func(t *testing.T) {
				t.Parallel()
				_, stream := newStream(t, acctest.Spelled(spelling))
				config := acctest.Values{"name": "A", "type": kind}
				stream.Must(config)
				acctest.ExpectNone(t, stream.Read())
				if got := stream.Attribute("type"); got != kind {
					t.Errorf("the state says %q", got)
				}
				plan := stream.Plan(config)
				if len(plan.Replaces) > 0 || !plan.Planned.Equal(stream.State) {
					t.Errorf("the spelling plans a change: replaces %v, %s", plan.Replaces, plan.Planned)
				}
			})
		}
	}
}

// A value that the API did not report once, and does later, must
// not have been planned as null. (The other half of the trap, diagnostics lost
// in a copy, is tested with the helper that takes them.)
func TestNullIsNotKeptForUnknown(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	// The stream was made when the API did not report its times and UID.
	account.Inject(mockserver.Fault{
		Pattern: "POST /streams", Stage: mockserver.After, Status: 201,
		Header: map[string]string{"Content-Type": "application/json"},
		Body:   `{"id":101,"name":"A","description":null,"type":"marketing","state":"ready","streamTags":[],"ipAcl":null}`,
	})
	stream.Must(acctest.Values{"name": "A", "type": "marketing"})
	if got := stream.Attribute("created_at"); got != "" {
		t.Fatalf("created_at is %q, not null", got)
	}
	plan := stream.Plan(acctest.Values{"name": "B", "type": "marketing"})
	for _, name := range []string{"created_at", "uid"} {
		if got := plan.Attribute(t, name); got != "(unknown)" {
			t.Errorf("%s is planned as %q", name, got)
		}
	}
	acctest.ExpectNone(t, stream.Apply(plan))
	if stream.Attribute("created_at") == "" || stream.Attribute("uid") == "" {
		t.Error("what the API reports by now is missing")
	}
}

func TestStreamDefaultSenderWarnings(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	config := func(sender string) acctest.Values {
		return acctest.Values{"name": "A", "type": "marketing", "default_sender": sender}
	}
	bySender := map[string]string{}
	for _, sender := range account.Senders() {
		bySender[sender.Status] = sender.Value
	}
	acctest.ExpectNone(t, stream.Plan(config("GLOBAL")).Diagnostics)
	acctest.ExpectNone(t, stream.Plan(config(bySender[mockserver.Approved])).Diagnostics)
	acctest.Expect(t, stream.Plan(config("MISSING")).Diagnostics, "default_sender", "no sender \"MISSING\"")
	acctest.Expect(t, stream.Plan(config(bySender[mockserver.Pending])).Diagnostics, "default_sender", `is "pending"`)
	acctest.Expect(t, stream.Plan(config(bySender[mockserver.Rejected])).Diagnostics, "default_sender", `is "rejected"`)
	if got := account.Count("GET /senders"); got != 1 {
		t.Errorf("the senders were listed %d times for all plans, not once", got)
	}
	stream.Must(config("MISSING"))
	acctest.ExpectNone(t, stream.Plan(config("MISSING")).Diagnostics)
}

// A failed lookup of the senders does not fail the plan.
func TestStreamDefaultSenderCannotBeChecked(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	account.Inject(mockserver.Fault{Pattern: "GET /senders", Status: 403, Times: -1})
	acctest.ExpectNone(t, stream.Plan(acctest.Values{"name": "A", "type": "marketing", "default_sender": "ACME"}).Diagnostics)
}

// Apply would not get far without the account, so the plan says what it has
// found out: once, however many streams there are, and after one call.
func TestStreamDefaultSenderFindsWhatAilsTheAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault mockserver.Fault
		words []string
		error bool
	}{
		"wrong key": {
			mockserver.Fault{Status: 401, Body: `{"message": "Not Authenticated: invalid token"}`},
			[]string{"CommPeak rejected the API key", "HTTP 401", "COMMPEAK_API_KEY"},
			true,
		},
		"in trouble": {mockserver.Fault{Status: 503}, []string{"default senders are not checked", "list senders: HTTP 503"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			test.fault.Pattern, test.fault.Times = "GET /senders", -1
			account.Inject(test.fault)
			p := acctest.NewProtocol(t, account, acctest.Values{"max_retries": 0})
			var diagnostics []*tfprotov6.Diagnostic
			for range 40 {
				diagnostics = append(diagnostics, p.Resource("commpeak_stream").Plan(acctest.Values{"name": "A", "type": "marketing", "default_sender": "ACME"}).Diagnostics...)
			}
			acctest.Expect(t, diagnostics, test.words...)
			if isError := len(acctest.Errors(diagnostics)) > 0; isError != test.error {
				t.Errorf("it is an error: %t", isError)
			}
			if got := account.Count("GET /senders"); got != 1 {
				t.Errorf("the senders were asked for %d times", got)
			}
		})
	}
}

// An API key of another account must not make Terraform change what goes by the
// same IDs there.
func TestStreamOfAnotherAccount(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	stream.Must(acctest.Values{"name": "A", "type": "marketing"})
	before := stream.State
	id := only(account).ID
	account.RemoveStream(id)
	account.AddStream(mockserver.Stream{ID: id, Name: "A", Type: mockserver.Marketing})
	acctest.Expect(t, stream.Read(), "The state belongs to a different account", "different UID", "COMMPEAK_API_KEY", "terraform state rm")
	if !stream.State.Equal(before) {
		t.Error("the other stream is in the state")
	}
}

func TestStreamReplacementWarning(t *testing.T) {
	t.Parallel()
	_, stream := newStream(t)
	stream.Must(acctest.Values{"name": "A", "type": "marketing"})
	plan := stream.Plan(acctest.Values{"name": "A", "type": "two_way"})
	acctest.Expect(t, plan.Diagnostics, "type", "with its event templates", "new token")
	if len(plan.Replaces) != 1 {
		t.Errorf("the plan replaces for %v", plan.Replaces)
	}
}

// The destruction itself refuses too: a tainted stream is replaced without a
// look at it while planning.
func TestStreamDeletionProtectionWhileDestroying(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	stream.Must(acctest.Values{"name": "A", "type": "marketing", "deletion_protection": true})
	destroy := stream.Plan(nil)
	acctest.Expect(t, destroy.Diagnostics, "deletion_protection", "first set deletion_protection = false")
	acctest.Expect(t, stream.Apply(destroy), "deletion_protection", "first set deletion_protection = false")
	if len(account.Streams()) != 1 || account.Count("DELETE /streams/{id}") != 0 {
		t.Error("the protected stream was deleted")
	}
}

// If the API stores a different value, a warning names it, and the next plan shows it as drift.
func TestStreamStoredOtherwise(t *testing.T) {
	t.Parallel()
	account, stream := newStream(t)
	account.Inject(mockserver.Fault{
		Pattern: "POST /streams", Stage: mockserver.After, Status: 201,
		Header: map[string]string{"Content-Type": "application/json"},
		Body:   `{"id":101,"name":"A","description":"cut","type":"marketing","state":"ready","streamTags":[],"ipAcl":null}`,
	})
	plan := stream.Plan(acctest.Values{"name": "A", "type": "marketing", "description": "cut off"})
	diagnostics := stream.Apply(plan)
	acctest.Expect(t, diagnostics, "description", "differs from the configuration")
	acctest.ExpectNone(t, acctest.Errors(diagnostics))
	if got := stream.Attribute("description"); got != "cut off" {
		t.Errorf("the state says %q, which Terraform would call inconsistent", got)
	}
}
