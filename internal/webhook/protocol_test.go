package webhook_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// newWebhook starts an account with a two-way stream, whose id is 101, and a
// webhook that does not exist yet.
func newWebhook(t *testing.T, options ...func(*mockserver.Options)) (*acctest.Account, *acctest.Resource) {
	t.Helper()
	account := newAccount(t, options...)
	return account, acctest.NewProtocol(t, account, nil).Resource("commpeak_webhook")
}

// with is a webhook with these attributes in addition to the required ones.
func with(changes acctest.Values) acctest.Values {
	config := acctest.Values{"stream_id": "101", "url": "https://example.com/in"}
	maps.Copy(config, changes)
	return config
}

func secretly(headers acctest.Values, version any) acctest.Values {
	return with(acctest.Values{"headers_wo": headers, "headers_wo_version": version})
}

func TestWebhookValidation(t *testing.T) {
	t.Parallel()
	_, webhook := newWebhook(t)
	headers := func(headers acctest.Values) acctest.Values { return with(acctest.Values{"headers": headers}) }
	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"blank stream":            {with(acctest.Values{"stream_id": ""}), []string{"at stream_id:", "blank"}},
		"no URL":                  {with(acctest.Values{"url": ""}), []string{"at url:", "https://example.com"}},
		"relative URL":            {with(acctest.Values{"url": "/in"}), []string{"at url:", "absolute"}},
		"URL without a host":      {with(acctest.Values{"url": "https:///in"}), []string{"at url:", "absolute"}},
		"URL of another kind":     {with(acctest.Values{"url": "ftp://example.com"}), []string{"at url:", "http:// or https://"}},
		"URL in capitals":         {with(acctest.Values{"url": "HTTPS://example.com"}), []string{"at url:", "begins with http:// or https://"}},
		"URL with a password":     {with(acctest.Values{"url": "https://me:s3cr3t@example.com"}), []string{"at url:", "password", "headers_wo"}},
		"URL with a space":        {with(acctest.Values{"url": "https://example.com/a b"}), []string{"at url:", "white space"}},
		"unreadable URL":          {with(acctest.Values{"url": "https://example.com/%zz"}), []string{"at url:", "cannot be read"}},
		"method":                  {with(acctest.Values{"method": "PUT"}), []string{"at method:", "POST"}},
		"method in small letters": {with(acctest.Values{"method": "post"}), []string{"at method:", "POST"}},
		"header without a name":   {headers(acctest.Values{"": "1"}), []string{"at headers", "name of an HTTP header"}},
		"header name with colon":  {headers(acctest.Values{"X-A:": "1"}), []string{"at headers", `"X-A:"`, "colons"}},
		"host":                    {headers(acctest.Values{"Host": "1"}), []string{"at headers", `"Host" cannot be set`}},
		"length":                  {secretly(acctest.Values{"content-length": "1"}, 1), []string{"at headers_wo", `"content-length" cannot be set`}},
		"version zero":            {secretly(acctest.Values{"X-A": "s3cr3t"}, 0), []string{"at headers_wo_version", "at least 1"}},
		"fraction of a version":   {with(acctest.Values{"headers_wo": acctest.Values{"X-A": "s3cr3t"}, "headers_wo_version": 1.5}), []string{"at headers_wo_version", "1.5 is not a whole number"}},
		"URL with a token":        {with(acctest.Values{"url": "example.com/s3cr3t"}), []string{"at url:", "absolute URL"}},
		"header without a value":  {headers(acctest.Values{"X-A": nil}), []string{"at headers", "ull"}},
		"header of two lines":     {headers(acctest.Values{"X-A": "s3cr3t\n"}), []string{"at headers", "line break", "trimspace"}},
		"header with a NUL":       {headers(acctest.Values{"X-A": "s3cr3t\x00"}), []string{"at headers", "control character"}},
		"header of asterisks":     {headers(acctest.Values{"X-A": "********"}), []string{"at headers", "masks"}},
		"header twice":            {headers(acctest.Values{"X-A": "1", "x-a": acctest.Unknown}), []string{"at headers", `"x-a"`, "more than once"}},
		"secret of two lines":     {secretly(acctest.Values{"X-A": "s3cr3t\r\n"}, 1), []string{"at headers_wo", "line break"}},
		"secret header name":      {secretly(acctest.Values{"X A": "s3cr3t"}, 1), []string{"at headers_wo", "X A"}},
		"secret header twice":     {secretly(acctest.Values{"X-A": "s3cr3t", "x-a": "s3cr3t"}, 1), []string{"at headers_wo", "more than once"}},
		"secrets without version": {secretly(acctest.Values{"X-A": "s3cr3t"}, nil), []string{"at headers_wo", "headers_wo_version"}},
		"header in both": {
			with(acctest.Values{"headers": acctest.Values{"X-A": "1"}, "headers_wo": acctest.Values{"x-A": "s3cr3t"}, "headers_wo_version": 1}),
			[]string{"at headers_wo", "both in headers and in headers_wo"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diagnostics := webhook.Validate(test.config)
			acctest.Expect(t, diagnostics, test.words...)
			if text := fmt.Sprint(acctest.Texts(diagnostics)); strings.Contains(text, "s3cr3t") {
				t.Errorf("the error quotes a secret: %s", text)
			}
		})
	}
	for name, config := range map[string]acctest.Values{
		"everything": with(acctest.Values{
			"url": "http://[::1]:8080/in?a=b%20c#d", "method": "GET", "enabled": false,
			"headers": acctest.Values{"X-A": "", "x_b.c!": "*", "Accept": "*/*"}, "headers_wo": acctest.Values{"X-C": "a\tb"}, "headers_wo_version": 1,
		}),
		"unknown values": {
			"stream_id": acctest.Unknown, "url": acctest.Unknown, "method": acctest.Unknown, "enabled": acctest.Unknown,
			"headers": acctest.Unknown, "headers_wo": acctest.Unknown, "headers_wo_version": acctest.Unknown,
		},
		"unknown headers": with(acctest.Values{"headers": acctest.Values{"X-A": acctest.Unknown}, "headers_wo": acctest.Unknown, "headers_wo_version": 1}),
		"empty headers":   with(acctest.Values{"headers": acctest.Values{}, "headers_wo": acctest.Values{}, "headers_wo_version": 1}),
	} {
		t.Run("valid: "+name, func(t *testing.T) {
			t.Parallel()
			acctest.ExpectNone(t, webhook.Validate(config))
		})
	}
}

// A webhook on a stream that can have none fails in the plan, on creation and
// replacement alone.
func TestWebhookImportIDs(t *testing.T) {
	t.Parallel()
	for id, words := range map[string][]string{
		"101": {`"101" is not`}, "101/": {`"101/" is not`}, "/1": {"42/7"}, "101/1/2": {"101/1/2"}, "replies/1": {"replies/1", "42/7"}, "-1/1": {"42/7"},
	} {
		acctest.ExpectImportError(t, acctest.NewProtocol(t, newAccount(t), nil).Resource("commpeak_webhook"), id, words...)
	}
	for _, id := range []string{"101/2", "4711/1"} {
		account := newAccount(t)
		account.Tolerate(http.StatusNotFound)
		acctest.ExpectNoImport(t, acctest.NewProtocol(t, account, nil).Resource("commpeak_webhook"), id)
	}
}

func TestWebhookOnAStreamOfAnotherType(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	for _, kind := range []string{mockserver.Marketing, mockserver.Transactional, mockserver.OTP} {
		other := account.AddStream(mockserver.Stream{Name: "Other", Type: kind})
		plan := webhook.Plan(with(acctest.Values{"stream_id": fmt.Sprint(other.ID)}))
		acctest.Expect(t, plan.Diagnostics, "at stream_id:", `"Other"`, fmt.Sprintf("of type %q", kind), `"two_way" and "whatsapp"`)
		acctest.ExpectNone(t, acctest.Warnings(plan.Diagnostics))
	}
	whatsApp := account.AddStream(mockserver.Stream{Name: "Chat", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{}})
	acctest.ExpectNone(t, webhook.Plan(with(acctest.Values{"stream_id": fmt.Sprint(whatsApp.ID)})).Diagnostics)
	acctest.ExpectNone(t, webhook.Plan(with(acctest.Values{"stream_id": acctest.Unknown})).Diagnostics)
	webhook.Must(with(nil))
	reads := account.Count("GET /streams/{id}")
	acctest.ExpectNone(t, webhook.Plan(with(acctest.Values{"enabled": false})).Diagnostics)
	acctest.ExpectNone(t, webhook.Plan(nil).Diagnostics)
	if got := account.Count("GET /streams/{id}"); got != reads {
		t.Errorf("an update and a destruction look the stream up %d times", got-reads)
	}
	acctest.Expect(t, webhook.Plan(with(acctest.Values{"stream_id": "102"})).Diagnostics, "at stream_id:", "marketing")
}

// A failed lookup of the stream does not fail the plan, nor does an unknown type. A missing stream
// does.
func TestWebhookStreamCannotBeChecked(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	account.Tolerate(404)
	voice := account.AddStream(mockserver.Stream{Name: "Calls", Type: "voice"})
	acctest.ExpectNone(t, webhook.Plan(with(acctest.Values{"stream_id": fmt.Sprint(voice.ID)})).Diagnostics)
	acctest.Expect(t, webhook.Plan(with(acctest.Values{"stream_id": "4711"})).Diagnostics, "at stream_id:", "No such stream", "4711")
	for _, pattern := range []string{"GET /streams", "GET /streams/{id}"} {
		account.Inject(mockserver.Fault{Pattern: pattern, Status: 403, Times: -1})
	}
	webhook = acctest.NewProtocol(t, account, nil).Resource("commpeak_webhook")
	acctest.ExpectNone(t, webhook.Plan(with(nil)).Diagnostics)
}

// The API decides, and the error for a stream that is gone names it.
func TestWebhookRefusedOnApply(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	plan := webhook.Plan(with(acctest.Values{"stream_id": "4711"}))
	acctest.Expect(t, webhook.Apply(plan), "at stream_id:", "No such stream", "4711")
	account.Inject(mockserver.Fault{
		Pattern: create, Status: 422, Header: map[string]string{"Content-Type": "application/problem+json"},
		Body: `{"title":"Invalid","violations":[{"propertyPath":"headers[1].value","message":"Not s3cr3t-value."}]}`,
	})
	plan = webhook.Plan(secretly(acctest.Values{"X-A": "s3cr3t-value"}, 1))
	acctest.Expect(t, webhook.Apply(plan), "at headers:", "rejected this value: Not ***.")
}

// An account without such calls keeps what is in the state.
func TestWebhookCallsNotOffered(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	webhook.Must(with(nil))
	for _, pattern := range []string{"GET /streams/{id}/webhooks", "GET /streams/{id}/webhooks/{webhookId}"} {
		account.Inject(mockserver.Fault{Pattern: pattern, Status: 404, Times: -1})
	}
	acctest.Expect(t, webhook.Read(), "Could not read webhook 1 of stream 101", "HTTP 404", "stream exists, but this account's API offers no such call")
	if webhook.State.IsNull() {
		t.Error("the webhook was taken for gone")
	}
}

func TestWebhookWritesNotOffered(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	webhook.Must(with(nil))
	for _, status := range []int{404, 405} {
		account.Inject(
			mockserver.Fault{Pattern: create, Status: status}, mockserver.Fault{Pattern: update, Status: status}, mockserver.Fault{Pattern: destroy, Status: status})
		another := webhook.Protocol.Resource("commpeak_webhook")
		acctest.Expect(t, another.Apply(another.Plan(with(nil))), "account does not offer it")
		acctest.Expect(t, webhook.Apply(webhook.Plan(with(acctest.Values{"enabled": false}))), "account does not offer it")
		acctest.Expect(t, webhook.Apply(webhook.Plan(nil)), "account does not offer it")
	}
}

func TestWebhookReadOnly(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	webhook := acctest.NewProtocol(t, account, acctest.Values{"read_only": true}).Resource("commpeak_webhook")
	plan := webhook.Plan(with(nil))
	acctest.Expect(t, plan.Diagnostics, "cannot be applied", "read_only = true")
	acctest.Expect(t, webhook.Apply(plan), "Nothing was sent")
}

// The error of a create whose outcome is unknown names what it may have created.
func TestWebhookMaybeCreated(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	account.AddWebhook(101, mockserver.Webhook{URL: "https://example.com/in", Enabled: true})
	plan := webhook.Plan(with(nil))
	for range 2 {
		account.AddWebhook(101, mockserver.Webhook{URL: "https://example.com/in", Enabled: true})
	}
	account.Inject(mockserver.Fault{Pattern: create, Stage: mockserver.After, Drop: true})
	acctest.Expect(t, webhook.Apply(plan), "may have been created", "webhook 2 or 3 or 4 of stream 101", "import it")
	if !webhook.State.IsNull() {
		t.Error("a webhook that cannot be identified is in the state")
	}
}

// When a step after the first write of the state fails, no secret may
// be in what Terraform keeps, and the object must not be orphaned.
func TestNoSecretInStateWhenALaterStepFails(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	webhook.Must(secretly(acctest.Values{"X-A": first}, 1))
	account.Inject(mockserver.Fault{Pattern: update, Status: 422})
	plan := webhook.Plan(secretly(acctest.Values{"X-A": second}, 2))
	if len(acctest.Errors(webhook.Apply(plan))) == 0 {
		t.Fatal("the update was to fail")
	}
	for where, text := range map[string]string{"plan": plan.Planned.String(), "state": webhook.State.String(), "private state": string(webhook.Private)} {
		if strings.Contains(text, first) || strings.Contains(text, second) {
			t.Errorf("the %s holds a secret: %s", where, text)
		}
	}
	if webhook.Attribute("id") == "" {
		t.Error("the failed update orphaned the webhook")
	}
	if got := webhook.Attribute("headers_wo_version"); !strings.Contains(got, "1") {
		t.Errorf("the failed update is remembered as done: version %s", got)
	}
	acctest.Expect(t, webhook.Plan(secretly(acctest.Values{"X-A": second}, 1)).Diagnostics, "headers_wo", "not sent")
}

// A plan never sets a write-only value, and updates hang on its
// version alone.
func TestPlanNeverSetsAWriteOnlyValue(t *testing.T) {
	t.Parallel()
	_, webhook := newWebhook(t)
	for version := 1; version <= 2; version++ {
		plan := webhook.Plan(secretly(acctest.Values{"X-A": fmt.Sprint("secret ", version)}, version))
		acctest.ExpectNone(t, plan.Diagnostics)
		if got := plan.Attribute(t, "headers_wo"); got != "" {
			t.Errorf("version %d: the plan sets the write-only value to %q", version, got)
		}
		acctest.ExpectNone(t, webhook.Apply(plan))
	}
	for name, headers := range map[string]acctest.Values{"value": {"X-A": "secret 3"}, "name": {"X-B": "secret 2"}, "number": {"X-A": "secret 2", "X-B": "1"}, "none": {}} {
		plan := webhook.Plan(secretly(headers, 2))
		if !plan.Planned.Equal(webhook.State) {
			t.Errorf("another %s under the same version plans a change", name)
		}
		acctest.Expect(t, plan.Diagnostics, "at headers_wo:", "webhook 1 of stream 101", "not sent", "Raise the version")
	}
	acctest.ExpectNone(t, webhook.Plan(secretly(acctest.Values{"x-a": "secret 2"}, 2)).Diagnostics)
	acctest.ExpectNone(t, webhook.Plan(secretly(acctest.Values{"X-A": acctest.Unknown}, 2)).Diagnostics)
	// Here they are sent.
	acctest.ExpectNone(t, webhook.Plan(with(acctest.Values{
		"headers": acctest.Values{"X-C": "1"}, "headers_wo": acctest.Values{"X-A": "secret 3"}, "headers_wo_version": 2,
	})).Diagnostics)
}

// The identity is set by create, read, update and import, and before a
// webhook that is gone is removed.
func TestIdentityAlwaysSet(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	identified := func(when string) {
		t.Helper()
		if webhook.Identity == nil || webhook.Identity.IdentityData == nil {
			t.Fatalf("no identity after %s", when)
		}
	}
	webhook.Must(with(nil))
	identified("create")
	webhook.Identity = nil // as in a state from before identities
	acctest.ExpectNone(t, webhook.Read())
	identified("read")
	webhook.Identity = nil
	webhook.Must(with(acctest.Values{"enabled": false}))
	identified("update")
	webhook.Identity = nil
	account.RemoveWebhook(101, 1)
	account.Tolerate(404)
	acctest.Expect(t, webhook.Read(), "no longer exists", "101")
	identified("a read that finds nothing")
	if !webhook.State.IsNull() {
		t.Error("a webhook that is gone is still in the state")
	}
}

// Private state must be JSON, and hold no secret.
func TestPrivateStateIsJSON(t *testing.T) {
	t.Parallel()
	_, webhook := newWebhook(t)
	webhook.Must(secretly(acctest.Values{"X-A": first}, 1))
	if !json.Valid(webhook.Private) || len(webhook.Private) == 0 {
		t.Errorf("the private state is no JSON: %q", webhook.Private)
	}
}

// How the API spells a value must not matter at plan time.
func TestSpellingPlansNothing(t *testing.T) {
	t.Parallel()
	for _, spelling := range []mockserver.Spelling{{Case: mockserver.Title}, {Case: mockserver.Upper, StringIDs: true}} {
		_, webhook := newWebhook(t, acctest.Spelled(spelling))
		config := with(acctest.Values{"method": "GET", "headers": acctest.Values{"X-A": "1"}})
		webhook.Must(config)
		acctest.ExpectNone(t, webhook.Read())
		if plan := webhook.Plan(config); len(plan.Replaces) > 0 || !plan.Planned.Equal(webhook.State) {
			t.Errorf("the spelling plans a change: replaces %v, %s", plan.Replaces, plan.Planned)
		}
	}
}

// If the API stores a different value, a warning names it, and the next plan shows it as drift.
func TestWebhookStoredOtherwise(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	account.Inject(mockserver.Fault{
		Pattern: create, Stage: mockserver.After, Status: 201, Header: map[string]string{"Content-Type": "application/json"},
		Body: `{"id":1,"url":"https://example.com/in","method":"post","headers":[{"name":"x-a","value":"other"}],"enabled":true}`,
	})
	diagnostics := webhook.Apply(webhook.Plan(with(acctest.Values{"headers": acctest.Values{"X-A": "1"}})))
	acctest.Expect(t, diagnostics, "at headers:", "differs from the configuration")
	acctest.ExpectNone(t, acctest.Errors(diagnostics))
}

// A warning names the write-only headers that drifted, and no header that
// Terraform does not write through headers_wo is mistaken for one.
func TestWebhookWriteOnlyDriftIsTold(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	config := secretly(acctest.Values{"X-A": first, "X-B": second}, 1)
	webhook.Must(config)
	acctest.ExpectNone(t, webhook.Read())
	account.EditWebhook(101, 1, func(w *mockserver.Webhook) { w.Headers = w.Headers[:1] })
	acctest.Expect(t, webhook.Read(), "at headers_wo:", "no longer returns these: x-b.", "sends headers_wo again")
	if got := webhook.Attribute("headers_wo_version"); got != "0" {
		t.Errorf("the version is %s, not 0", got)
	}
	webhook.Must(config)
	acctest.ExpectNone(t, webhook.Read())
	account.EditWebhook(101, 1, func(w *mockserver.Webhook) { w.Headers[1].Value = "else" })
	acctest.Expect(t, webhook.Read(), "at headers_wo:", "different values")
	if text := webhook.State.String(); strings.Contains(text, "else") {
		t.Errorf("the state holds the value of a write-only header: %s", text)
	}
}

// Write-only headers that were changed outside of Terraform are removed if the configuration no
// longer has them, and the plan after the apply is empty.
func TestWebhookWriteOnlyHeadersRemovedAfterDrift(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	webhook.Must(secretly(acctest.Values{"X-A": first, "X-B": second}, 1))
	account.EditWebhook(101, 1, func(w *mockserver.Webhook) { w.Headers[0].Value = "else" })
	acctest.Expect(t, webhook.Read(), "webhook 1 of stream 101", "removes these headers")
	webhook.Must(with(nil))
	if got := account.Webhooks(101)[0].Headers; len(got) > 0 {
		t.Errorf("the webhook still has headers: %v", got)
	}
	acctest.ExpectNone(t, webhook.Read())
	if plan := webhook.Plan(with(nil)); !plan.Planned.Equal(webhook.State) {
		t.Errorf("the next plan is not empty: %s", plan.Planned)
	}
}

// A URL may be sensitive: no message quotes it.
func TestWebhookMessagesDoNotQuoteTheURL(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	config := with(acctest.Values{"url": "https://example.com/token-s3cr3t"})
	webhook.Must(config)
	second := acctest.NewProtocol(t, account, nil).Resource("commpeak_webhook")
	plan := second.Plan(config)
	account.Inject(mockserver.Fault{
		Pattern: "POST /streams/{id}/webhooks", Status: 422, Header: map[string]string{"Content-Type": "application/json"},
		Body: `{"detail":"https://example.com/token-s3cr3t is not reachable."}`,
	})
	texts := acctest.Texts(append(plan.Diagnostics, second.Apply(plan)...))
	if text := strings.Join(texts, "\n"); len(texts) != 2 || strings.Contains(text, "s3cr3t") {
		t.Errorf("%d messages: %s", len(texts), text)
	}
}

// A value that was not set through Terraform may be secret, and be it by a run
// that was killed before it could save what it had sent.
func TestWebhookForeignValuesStayOutOfTheState(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	config := with(acctest.Values{"headers": acctest.Values{"X-A": "1", "X-B": "2"}})
	webhook.Must(config)
	account.EditWebhook(101, 1, func(w *mockserver.Webhook) {
		w.Headers[1].Value = first
		w.Headers = append(w.Headers, mockserver.Header{Name: "Authorization", Value: second})
	})
	acctest.ExpectNone(t, webhook.Read())
	want := acctest.Values{"X-A": "1", "X-B": "********", "Authorization": "********"}
	if got := webhook.Attributes()["headers"]; !reflect.DeepEqual(got, map[string]any(want)) {
		t.Errorf("the state has the headers %v, not %v", got, want)
	}
	if plan := webhook.Plan(config); plan.Planned.Equal(webhook.State) {
		t.Error("what was changed is not drift")
	}
	// It is what ignore_changes puts into a configuration.
	ignored := with(acctest.Values{"headers": want, "headers_wo": acctest.Values{"X-C": "3"}, "headers_wo_version": 1})
	acctest.Expect(t, webhook.Plan(ignored).Diagnostics, "at headers:", "not in the state: Authorization, X-B.", "ignore_changes")

	webhook.Must(config)
	acctest.ExpectNone(t, webhook.Read())
	if headers := account.Webhooks(101)[0].Headers; len(headers) != 2 || headers[1].Value != "2" {
		t.Errorf("the webhook has the headers %v", headers)
	}
}

// What is not reported keeps its last value.
func TestWebhookReportedInPart(t *testing.T) {
	t.Parallel()
	account, webhook := newWebhook(t)
	config := with(acctest.Values{"enabled": false, "headers": acctest.Values{"X-A": "1"}, "headers_wo": acctest.Values{"X-B": first}, "headers_wo_version": 1})
	webhook.Must(config)
	const inPart = `{"id":1,"url":"https://example.com/in","method":"POST"}`
	for pattern, body := range map[string]string{"GET /streams/{id}/webhooks": "[" + inPart + "]", "GET /streams/{id}/webhooks/{webhookId}": inPart} {
		account.Inject(mockserver.Fault{Pattern: pattern, Status: 200, Header: map[string]string{"Content-Type": "application/json"}, Body: body})
	}
	acctest.ExpectNone(t, webhook.Read())
	if left := account.PendingFaults(); left > 0 {
		t.Errorf("%d answers in part were not asked for", left)
	}
	if plan := webhook.Plan(config); !plan.Planned.Equal(webhook.State) {
		t.Errorf("a change is planned: %s", plan.Planned)
	}
}
