package stream_test

import (
	"fmt"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// attributeCase is one attribute: how Terraform changes it in place, and how another program
// changes it.
type attributeCase struct {
	base string // the other attributes
	from string // "" leaves the attribute out
	to   string
	// patch is what the change sends, undo what puts drift right once the
	// configuration says `to`.
	patch, undo string
	drift       func(*mockserver.Stream)
}

var attributeCases = map[string]attributeCase{
	"name": {
		base: `type = "marketing"`, from: `name = "Old"`, to: `name = "New"`,
		patch: `{"name":"New"}`, undo: `{"name":"New"}`,
		drift: func(s *mockserver.Stream) { s.Name = "Else" },
	},
	"description set": {
		base: marketing, to: `description = "For all"`,
		patch: `{"description":"For all"}`, undo: `{"description":"For all"}`,
		drift: func(s *mockserver.Stream) { s.Description = nil },
	},
	"description cleared": {
		base: marketing, from: `description = "For all"`,
		patch: `{"description":null}`, undo: `{"description":null}`,
		drift: func(s *mockserver.Stream) { s.Description = new("Else") },
	},
	"description empty": {
		base: marketing, from: `description = "For all"`, to: `description = ""`,
		patch: `{"description":null}`, undo: `{"description":null}`,
		drift: func(s *mockserver.Stream) { s.Description = new("Else") },
	},
	"tags": {
		base: marketing, from: `tags = ["a", "b"]`, to: `tags = ["b", "c"]`,
		patch: `{"streamTags":[{"value":"b"},{"value":"c"}]}`, undo: `{"streamTags":[{"value":"b"},{"value":"c"}]}`,
		drift: func(s *mockserver.Stream) { s.Tags = append(s.Tags, "by hand") },
	},
	"tags cleared": {
		base: marketing, from: `tags = ["a"]`,
		patch: `{"streamTags":[]}`, undo: `{"streamTags":[]}`,
		drift: func(s *mockserver.Stream) { s.Tags = []string{"by hand"} },
	},
	"tags empty": {
		base: marketing, from: `tags = ["a"]`, to: `tags = []`,
		patch: `{"streamTags":[]}`, undo: `{"streamTags":[]}`,
		drift: func(s *mockserver.Stream) { s.Tags = []string{"by hand"} },
	},
	"default_sender": {
		base: marketing, to: `default_sender = "GLOBAL"`,
		patch: `{"defaultSender":"GLOBAL"}`, undo: `{"defaultSender":"GLOBAL"}`,
		drift: func(s *mockserver.Stream) { s.DefaultSender = "ACME" },
	},
	"default_sender cleared": {
		base: marketing, from: `default_sender = "GLOBAL"`,
		patch: `{"defaultSender":null}`, undo: `{"defaultSender":null}`,
		drift: func(s *mockserver.Stream) { s.DefaultSender = "ACME" },
	},
	"demo": {
		base: marketing, to: `demo = true`,
		patch: `{"demo":true}`, undo: `{"demo":true}`,
		drift: func(s *mockserver.Stream) { s.Demo = false },
	},
	"demo left out again": {
		base: marketing, from: `demo = true`,
		patch: `{"demo":false}`, undo: `{"demo":false}`,
		drift: func(s *mockserver.Stream) { s.Demo = true },
	},
	"enabled": {
		base: marketing, to: `enabled = false`,
		patch: `{"state":"disabled"}`, undo: `{"state":"disabled"}`,
		drift: func(s *mockserver.Stream) { s.State = mockserver.Ready },
	},
	"enabled again": {
		base: marketing, from: `enabled = false`, to: `enabled = true`,
		patch: `{"state":"ready"}`, undo: `{"state":"ready"}`,
		drift: func(s *mockserver.Stream) { s.State = mockserver.Disabled },
	},
	"restricted": {
		base: marketing, to: `restricted = true`,
		patch: `{"restricted":true}`, undo: `{"restricted":true}`,
		drift: func(s *mockserver.Stream) { s.Restricted = false },
	},
	"otp.code_generation": {
		base: otp, from: `otp = {}`, to: `otp = { code_generation = "customer" }`,
		patch: otpPatch("customer", 5, 300, 3, `null`),
		undo:  otpPatch("customer", 5, 300, 3, `null`),
		drift: func(s *mockserver.Stream) { s.OTP.CodeGeneration = "commpeak" },
	},
	"otp.code_length": {
		base: otp, from: `otp = { code_length = 4 }`, to: `otp = { code_length = 10 }`,
		patch: otpPatch("commpeak", 10, 300, 3, `null`),
		undo:  otpPatch("commpeak", 10, 300, 3, `null`),
		drift: func(s *mockserver.Stream) { s.OTP.CodeLength = 6 },
	},
	"otp.code_ttl_seconds": {
		base: otp, from: `otp = { code_ttl_seconds = 30 }`, to: `otp = { code_ttl_seconds = 86400 }`,
		patch: otpPatch("commpeak", 5, 86400, 3, `null`),
		undo:  otpPatch("commpeak", 5, 86400, 3, `null`),
		drift: func(s *mockserver.Stream) { s.OTP.CodeTTL = 31 },
	},
	"otp.max_failures": {
		base: otp, from: `otp = { max_failures = 1 }`, to: `otp = { max_failures = 10 }`,
		patch: otpPatch("commpeak", 5, 300, 10, `null`),
		undo:  otpPatch("commpeak", 5, 300, 10, `null`),
		drift: func(s *mockserver.Stream) { s.OTP.MaxFailures = 2 },
	},
	"otp defaults": {
		base: otp, from: `otp = { code_length = 6, code_ttl_seconds = 60, max_failures = 5, code_generation = "customer" }`, to: `otp = {}`,
		patch: otpPatch("commpeak", 5, 300, 3, `null`),
		undo:  otpPatch("commpeak", 5, 300, 3, `null`),
		drift: func(s *mockserver.Stream) { s.OTP.MaxFailures = 4 },
	},
	"otp.sending_limit set": {
		base: otp, from: `otp = {}`, to: `otp = { sending_limit = { max_messages = 1, period_seconds = 60 } }`,
		patch: otpPatch("commpeak", 5, 300, 3, `{"messages":1,"periodSeconds":60}`),
		undo:  otpPatch("commpeak", 5, 300, 3, `{"messages":1,"periodSeconds":60}`),
		drift: func(s *mockserver.Stream) { s.OTP.SendingLimit = nil },
	},
	"otp.sending_limit.max_messages": {
		base: otp, from: `otp = { sending_limit = { max_messages = 1, period_seconds = 60 } }`, to: `otp = { sending_limit = { max_messages = 2, period_seconds = 60 } }`,
		patch: otpPatch("commpeak", 5, 300, 3, `{"messages":2,"periodSeconds":60}`),
		undo:  otpPatch("commpeak", 5, 300, 3, `{"messages":2,"periodSeconds":60}`),
		drift: func(s *mockserver.Stream) { s.OTP.SendingLimit.Messages = 3 },
	},
	"otp.sending_limit.period_seconds": {
		base: otp, from: `otp = { sending_limit = { max_messages = 1, period_seconds = 60 } }`, to: `otp = { sending_limit = { max_messages = 1, period_seconds = 61 } }`,
		patch: otpPatch("commpeak", 5, 300, 3, `{"messages":1,"periodSeconds":61}`),
		undo:  otpPatch("commpeak", 5, 300, 3, `{"messages":1,"periodSeconds":61}`),
		drift: func(s *mockserver.Stream) { s.OTP.SendingLimit.PeriodSeconds = 62 },
	},
	"otp.sending_limit removed": {
		base: otp, from: `otp = { sending_limit = { max_messages = 1, period_seconds = 60 } }`, to: `otp = {}`,
		patch: otpPatch("commpeak", 5, 300, 3, `null`),
		undo:  otpPatch("commpeak", 5, 300, 3, `null`),
		drift: func(s *mockserver.Stream) {
			s.OTP.SendingLimit = &mockserver.SendingLimit{Messages: 9, PeriodSeconds: 9}
		},
	},
	"whatsapp.business_id": {
		base: whatsApp, from: `whatsapp = { business_id = "1" }`, to: `whatsapp = { business_id = "2" }`,
		patch: `{"whatsApp":{"businessId":"2"}}`, undo: `{"whatsApp":{"businessId":"2"}}`,
		drift: func(s *mockserver.Stream) { s.WhatsApp.BusinessID = "3" },
	},
	"several at once": {
		base: marketing, from: `demo = true`, to: "restricted = true\ndescription = \"Both\"",
		patch: `{"demo":false,"restricted":true,"description":"Both"}`, undo: `{"demo":false,"restricted":true}`,
		drift: func(s *mockserver.Stream) { s.Demo, s.Restricted = true, false },
	},
}

// Each attribute is changed in place by one PATCH with what changed and nothing
// else, and drift of it is found and repaired.
func TestStreamEachAttribute(t *testing.T) {
	t.Parallel()
	for name, test := range attributeCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, stream := newStream(t)
			acctest.TestChange(t, account, stream, acctest.Change{
				From: test.base + "\n" + test.from, To: test.base + "\n" + test.to,
				Change: "PATCH /streams/{id} " + test.patch, Undo: "PATCH /streams/{id} " + test.undo,
				Drift: edit(account, test.drift),
			})
		})
	}
}

// otpPatch changes OTP settings, which are sent whole.
func otpPatch(generation string, length, ttl, failures int, limit string) string {
	return fmt.Sprintf(`{"otpSettings":{"codeGeneration":%q,"codeLength":%d,"codeTtl":%d,"maxFailures":%d,"sendingLimit":%s}}`,
		generation, length, ttl, failures, limit)
}
