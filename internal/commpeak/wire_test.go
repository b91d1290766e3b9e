package commpeak_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestIPListIsCanonical(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"":                                      "",
		" , ;\n":                                "",
		"203.0.113.7":                           "203.0.113.7",
		"203.0.113.7,203.0.113.8":               "203.0.113.7 203.0.113.8",
		"203.0.113.7; 203.0.113.8":              "203.0.113.7 203.0.113.8",
		"203.0.113.7 203.0.113.8":               "203.0.113.7 203.0.113.8",
		"203.0.113.7\r\n203.0.113.8\n":          "203.0.113.7 203.0.113.8",
		"203.0.113.8\t203.0.113.7":              "203.0.113.7 203.0.113.8",
		"203.0.113.7, 203.0.113.7/32":           "203.0.113.7",
		"203.0.113.7/24":                        "203.0.113.0/24",
		"0.0.0.0/0":                             "0.0.0.0/0",
		"2001:DB8:0:0::1":                       "2001:db8::1",
		"2001:db8::1/128;2001:db8::1":           "2001:db8::1",
		"2001:db8::1/64":                        "2001:db8::/64",
		"::ffff:203.0.113.7":                    "203.0.113.7",
		"::ffff:203.0.113.7/128,203.0.113.7":    "203.0.113.7",
		"::ffff:203.0.113.0/120,203.0.113.0/24": "203.0.113.0/24",
		"::/0":                                  "::/0",
		"office.example,203.0.113.7":            "203.0.113.7 office.example",
		"203.0.113.1-203.0.113.9":               "203.0.113.1-203.0.113.9",
		"203.0.113.007":                         "203.0.113.007",
		"203.0.113.7/33":                        "203.0.113.7/33",
	} {
		equal(t, list, strings.Join(commpeak.ParseIPList(list), " "), want)
	}
}

func FuzzIPList(f *testing.F) {
	for _, seed := range []string{
		"", "203.0.113.7, 203.0.113.0/24", "203.0.113.7/32;2001:db8::1", "::ffff:203.0.113.0/120", "fe80::1%eth0\n::", "x/y,1.2.3.4/", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		once := commpeak.ParseIPList(list)
		if !slices.IsSorted(once) || len(slices.Compact(slices.Clone(once))) != len(once) {
			t.Errorf("%q: not sorted, or with an entry twice: %q", list, once)
		}
		if twice := commpeak.ParseIPList(strings.Join(once, ", ")); !slices.Equal(once, twice) {
			t.Errorf("%q: once %q, twice %q", list, once, twice)
		}
	})
}

// decodeStream reads a stream that holds one field in addition to its ID.
func decodeStream(t *testing.T, field string) (commpeak.Stream, error) {
	t.Helper()
	document := `{"id": 7}`
	if field != "" {
		document = `{"id": 7, ` + field + `}`
	}
	if !json.Valid([]byte(document)) {
		t.Fatalf("the test's document is not JSON: %s", document)
	}
	var stream commpeak.Stream
	err := json.Unmarshal([]byte(document), &stream)
	return stream, err
}

func TestSpellingsOfKnownValues(t *testing.T) {
	t.Parallel()
	types := map[commpeak.StreamType][]string{
		commpeak.TwoWay:        {"Two-way", "TWO_WAY", "two_way", "twoWay", "Two Way", "TWOWAY", "SMS Two-Way", "SMS/Two way SMS"},
		commpeak.WhatsApp:      {"WhatsApp", "whatsapp", "WHATS_APP", "Whats App", "WhatsApp Business"},
		commpeak.OTP:           {"OTP", "otp", "Otp", "SMS OTP", "SMS_OTP"},
		commpeak.Marketing:     {"Marketing", "MARKETING", "SMS Marketing", "Promotional SMS", "Marketing/Promotional SMS"},
		commpeak.Transactional: {"transactional", "Transactional", "Transactional SMS", "SMS/Transactional"},
		// Not known: kept as they come.
		"Voice": {"Voice"}, "voice-beta": {"voice-beta"}, "": {""}, "otp2": {"otp2"}, "-": {"-"}, "SMS Voice": {"SMS Voice"}, "SMS": {"SMS"},
	}
	for want, spellings := range types {
		for _, spelling := range spellings {
			stream, err := decodeStream(t, `"type": "`+spelling+`"`)
			if err != nil || stream.Type != want {
				t.Errorf("type %q: got %q, %v; want %q", spelling, stream.Type, err, want)
			}
		}
	}
	states := map[string]commpeak.StreamState{
		"Ready": commpeak.Ready, "SENDING": commpeak.Sending, "draft": commpeak.Draft, "Disabled": commpeak.Disabled,
		"Under review": "Under review",
	}
	for spelling, want := range states {
		stream, err := decodeStream(t, `"state": "`+spelling+`"`)
		if err != nil || stream.State != want {
			t.Errorf("state %q: got %q, %v; want %q", spelling, stream.State, err, want)
		}
	}
}

func TestFormsOfIDs(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{
		`7`: "7", `"7"`: "7", `"/streams/7"`: "7", `"/api/streams/7/"`: "7", `{"id": 7}`: "7", `{"id": "/streams/7", "name": "x"}`: "7",
		`12345678901234567890`: "12345678901234567890", `"5f3c-uid"`: "5f3c-uid",
	} {
		var stream commpeak.Stream
		if err := json.Unmarshal([]byte(`{"id": `+form+`}`), &stream); err != nil || stream.ID != want {
			t.Errorf("id %s: got %q, %v; want %q", form, stream.ID, err, want)
		}
		var sender commpeak.Sender
		if err := json.Unmarshal([]byte(`{"stream": `+form+`}`), &sender); err != nil || sender.StreamID != want {
			t.Errorf("stream %s: got %q, %v; want %q", form, sender.StreamID, err, want)
		}
	}
	for _, document := range []string{
		`{}`, `{"id": null}`, `{"id": ""}`, `{"id": "/"}`, `{"id": {}}`, `{"id": {"id": null}}`, `{"id": []}`, `{"id": true}`, `{"id": {"id": []}}`, `null`, `[]`, `7`,
	} {
		var stream commpeak.Stream
		if err := json.Unmarshal([]byte(document), &stream); err == nil {
			t.Errorf("%s: a stream %+v without an id", document, stream)
		}
	}
}

// TestFieldsNullMissingEmpty tells for each field what it is when the API
// leaves it out, sends null, and sends the empty value.
func TestFieldsNullMissingEmpty(t *testing.T) {
	t.Parallel()
	const nothing = "not reported"
	shown := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if string(data) == "null" {
			return nothing
		}
		return string(data)
	}
	for _, field := range []struct {
		name                     string
		read                     func(commpeak.Stream) any
		empty                    string
		ifMissing, null, ifEmpty string
	}{
		{"streamUid", func(s commpeak.Stream) any { return s.UID }, `""`, `""`, `""`, `""`},
		{"name", func(s commpeak.Stream) any { return s.Name }, `""`, `""`, `""`, `""`},
		{"description", func(s commpeak.Stream) any { return s.Description }, `""`, `""`, `""`, `""`},
		{"type", func(s commpeak.Stream) any { return s.Type }, `""`, `""`, `""`, `""`},
		{"state", func(s commpeak.Stream) any { return s.State }, `""`, `""`, `""`, `""`},
		{"streamTags", func(s commpeak.Stream) any { return s.Tags }, `[]`, nothing, nothing, nothing},
		{"ipAcl", func(s commpeak.Stream) any { return len(s.AllowedIPs) }, `""`, `0`, `0`, `0`},
		// Null is Customized; a field that is not there says nothing.
		{"defaultSender", func(s commpeak.Stream) any { return s.DefaultSender }, `""`, nothing, `""`, `""`},
		{"demo", func(s commpeak.Stream) any { return s.Demo }, `""`, nothing, nothing, `false`},
		{"restricted", func(s commpeak.Stream) any { return s.Restricted }, `""`, nothing, nothing, `false`},
		// Settings in part must not pass for zeros.
		{"otpSettings", func(s commpeak.Stream) any { return s.OTP }, `{}`, nothing, nothing, nothing},
		{"whatsApp", func(s commpeak.Stream) any { return s.WhatsApp }, `{}`, nothing, nothing, nothing},
		{"createdAt", func(s commpeak.Stream) any { return s.CreatedAt }, `""`, nothing, nothing, nothing},
		{"lastActivityAt", func(s commpeak.Stream) any { return s.LastActivityAt }, `""`, nothing, nothing, nothing},
	} {
		for _, form := range []struct{ is, json, want string }{
			{"missing", "", field.ifMissing},
			{"null", `"` + field.name + `": null`, field.null},
			{"empty", `"` + field.name + `": ` + field.empty, field.ifEmpty},
		} {
			stream, err := decodeStream(t, form.json)
			if got := shown(field.read(stream)); err != nil || got != form.want {
				t.Errorf("%s %s: got %s, %v; want %s", field.name, form.is, got, err, form.want)
			}
		}
	}
}

func TestFormsOfFields(t *testing.T) {
	t.Parallel()
	tags := func(s commpeak.Stream) any { return s.Tags }
	demo := func(s commpeak.Stream) any { return s.Demo }
	created := func(s commpeak.Stream) any { return s.CreatedAt }
	otp := func(s commpeak.Stream) any { return s.OTP }
	for _, c := range []struct {
		field string
		read  func(commpeak.Stream) any
		want  string
	}{
		{`"streamTags": [{"id": 2, "value": "b"}, {"id": 1, "value": "a"}]`, tags, `["a","b"]`},
		{`"streamTags": ["b", "a", "b"]`, tags, `["a","b"]`},
		{`"streamTags": [2026, {"value": 7}]`, tags, `["2026","7"]`},
		{`"streamTags": [null, {}, {"id": 1}, {"value": null}, "", "a"]`, tags, `["a"]`},
		{`"name": 2026`, func(s commpeak.Stream) any { return s.Name }, `"2026"`},
		{`"ipAcl": ["203.0.113.8", "203.0.113.7 203.0.113.8"]`, func(s commpeak.Stream) any { return s.AllowedIPs }, `["203.0.113.7","203.0.113.8"]`},
		{`"defaultSender": "ACME"`, func(s commpeak.Stream) any { return s.DefaultSender }, `"ACME"`},
		{`"defaultSender": 12025550123`, func(s commpeak.Stream) any { return s.DefaultSender }, `"12025550123"`},
		{`"demo": true`, demo, `true`},
		{`"demo": false`, demo, `false`},
		{`"demo": 1`, demo, `true`},
		{`"demo": 0`, demo, `false`},
		{`"demo": "true"`, demo, `true`},
		{`"demo": "0"`, demo, `false`},
		{`"demo": "yes"`, demo, `true`},
		{`"demo": "off"`, demo, `false`},
		{`"name": "Cafe\u0301"`, func(s commpeak.Stream) any { return s.Name }, `"Café"`},
		{`"streamTags": {"0": {"id": 1, "value": "a"}, "10": "c", "2": {"value": "b"}}`, tags, `["a","b","c"]`},
		{`"createdAt": {"date": "2026-01-02 03:04:05.000000", "timezone_type": 3, "timezone": "UTC"}`, created, `"2026-01-02T03:04:05Z"`},
		{`"createdAt": "2026-01-02 03:04:05"`, created, `"2026-01-02T03:04:05Z"`},
		{`"createdAt": "2026-01-02T03:04:05+02:00"`, created, `"2026-01-02T01:04:05Z"`},
		{`"createdAt": "2026-01-02T03:04:05Z"`, created, `"2026-01-02T03:04:05Z"`},
		{`"createdAt": "0000-00-00 00:00:00"`, created, `null`},
		{`"createdAt": "2026-13-02 03:04:05"`, created, `null`},
		{`"createdAt": "yesterday"`, created, `null`},
		{`"createdAt": "9999-12-31T23:59:59-01:00"`, created, `null`},
		{`"createdAt": "0000-01-01T00:00:00+01:00"`, created, `null`},
		{`"createdAt": 1767323045`, created, `null`},
		{
			`"otpSettings": {"codeGeneration": "CommPeak", "codeLength": "6", "codeTtl": 300, "maxFailures": "3", "sendingLimit": {"messages": "5", "periodSeconds": 60}}`, otp,
			`{"codeGeneration":"commpeak","codeLength":6,"codeTtl":300,"maxFailures":3,"sendingLimit":{"messages":5,"periodSeconds":60}}`,
		},
		{
			`"otpSettings": {"codeGeneration": "customer", "codeLength": 5, "codeTtl": 300, "maxFailures": 3, "sendingLimit": null, "new": [1]}`, otp,
			`{"codeGeneration":"customer","codeLength":5,"codeTtl":300,"maxFailures":3,"sendingLimit":null}`,
		},
		{`"otpSettings": {"codeGeneration": "customer", "codeLength": 5, "codeTtl": null, "maxFailures": 3}`, otp, `null`},
		{`"whatsApp": {"businessId": 1234, "accessToken": "seen"}`, func(s commpeak.Stream) any { return s.WhatsApp }, `{"businessId":"1234"}`},
		{`"callerId": "x", "anything": {"deep": [1, null]}`, func(s commpeak.Stream) any { return s.ID }, `"7"`},
	} {
		stream, err := decodeStream(t, c.field)
		if err != nil {
			t.Errorf("%s: %v", c.field, err)
			continue
		}
		got, err := json.Marshal(c.read(stream))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s, %v; want %s", c.field, got, err, c.want)
		}
	}
}

func TestOneMalformedFieldLeavesTheRestReadable(t *testing.T) {
	t.Parallel()
	for _, field := range []string{
		`"name": {}`, `"name": ["a"]`, `"name": true`, `"streamUid": []`, `"description": {"a": 1}`, `"type": []`, `"state": {}`,
		`"streamTags": "a"`, `"streamTags": {"value": "a"}`, `"streamTags": [["a"]]`, `"streamTags": [{"value": []}]`, `"streamTags": [true]`,
		`"ipAcl": {}`, `"ipAcl": [{}]`, `"ipAcl": true`, `"defaultSender": {}`, `"defaultSender": []`,
		`"demo": "perhaps"`, `"demo": 2`, `"demo": []`, `"restricted": {}`,
		`"otpSettings": []`, `"otpSettings": "x"`, `"otpSettings": {"codeLength": "five"}`, `"otpSettings": {"codeTtl": 1.5}`,
		`"otpSettings": {"maxFailures": {}}`, `"otpSettings": {"codeLength": 99999999999999999999}`, `"otpSettings": {"sendingLimit": 5}`,
		`"whatsApp": []`, `"whatsApp": {"businessId": {}}`, `"createdAt": {}`, `"lastActivityAt": [1]`,
	} {
		stream, err := decodeStream(t, field)
		if err != nil || stream.ID != "7" {
			t.Errorf("%s: got %+v, %v", field, stream, err)
		}
		if only, _ := decodeStream(t, `"unread": 1`); stream.ReturnedFields() != only.ReturnedFields() {
			t.Errorf("%s: counts as returned", field)
		}
	}
}

func FuzzStream(f *testing.F) {
	for _, seed := range []string{
		streamSeven, `null`, `[]`, `{"id": {"id": {"id": 7}}}`, `{"id": "/streams/7", "streamTags": ["a", {"value": 1}], "ipAcl": "::1 ; 1.2.3.4/33"}`,
		`{"id": 7, "otpSettings": {"codeGeneration": "X", "codeLength": "6", "codeTtl": -1, "maxFailures": 1e3, "sendingLimit": {}}}`,
		`{"id": 7, "whatsApp": {"businessId": ""}, "demo": "t", "restricted": 0, "createdAt": "9999-12-31 23:59:60", "defaultSender": null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var stream commpeak.Stream
		if json.Unmarshal(data, &stream) != nil {
			return
		}
		if stream.ID == "" || strings.Contains(stream.ID, "/") {
			t.Errorf("%s: a stream with the ID %q", data, stream.ID)
		}
		if !slices.IsSorted(stream.Tags) || !slices.IsSorted(stream.AllowedIPs) || slices.Contains(stream.Tags, "") {
			t.Errorf("%s: tags %q, addresses %q", data, stream.Tags, stream.AllowedIPs)
		}
	})
}
