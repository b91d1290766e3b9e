package commpeak_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// fullSpec is a stream of which everything is said.
func fullSpec() commpeak.StreamSpec {
	return commpeak.StreamSpec{
		Name: "News", Type: commpeak.OTP, Description: "for all", Tags: []string{"b", "a"}, DefaultSender: "ACME",
		Demo: true, Enabled: true, Restricted: true,
		OTP: &commpeak.OTPSettings{
			CodeGeneration: commpeak.CodesByCommPeak, CodeLength: 5, CodeTTL: 300, MaxFailures: 3,
			SendingLimit: &commpeak.SendingLimit{Messages: 5, Period: 60},
		},
		WhatsApp: &commpeak.WhatsAppSettings{BusinessID: "1234"},
	}
}

// otpPatch is a patch of OTP settings, which are sent whole.
func otpPatch(ttl int, limit string) string {
	return fmt.Sprintf(`{"otpSettings": {"codeGeneration": "commpeak", "codeLength": 5, "codeTtl": %d, "maxFailures": 3, "sendingLimit": %s}}`, ttl, limit)
}

func TestUpdateSendsWhatChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*commpeak.StreamSpec)
		patch  string // empty: nothing is sent
	}{
		{"nothing", func(*commpeak.StreamSpec) {}, ""},
		{"order of tags", func(s *commpeak.StreamSpec) { s.Tags = []string{"a", "b"} }, ""},
		{"type, which never changes", func(s *commpeak.StreamSpec) { s.Type = commpeak.Marketing }, ""},
		{"name", func(s *commpeak.StreamSpec) { s.Name = "New" }, `{"name": "New"}`},
		{"name and type", func(s *commpeak.StreamSpec) { s.Name, s.Type = "New", commpeak.Marketing }, `{"name": "New"}`},
		{"description", func(s *commpeak.StreamSpec) { s.Description = "<&>" }, `{"description": "<&>"}`},
		{"no description", func(s *commpeak.StreamSpec) { s.Description = "" }, `{"description": null}`},
		{"tags", func(s *commpeak.StreamSpec) { s.Tags = []string{"c", "a"} }, `{"streamTags": [{"value": "a"}, {"value": "c"}]}`},
		{"no tags", func(s *commpeak.StreamSpec) { s.Tags = nil }, `{"streamTags": []}`},
		{"default sender", func(s *commpeak.StreamSpec) { s.DefaultSender = "NEW" }, `{"defaultSender": "NEW"}`},
		{"no default sender", func(s *commpeak.StreamSpec) { s.DefaultSender = "" }, `{"defaultSender": null}`},
		{"demo", func(s *commpeak.StreamSpec) { s.Demo = false }, `{"demo": false}`},
		{"restricted", func(s *commpeak.StreamSpec) { s.Restricted = false }, `{"restricted": false}`},
		{"disable", func(s *commpeak.StreamSpec) { s.Enabled = false }, `{"state": "disabled"}`},
		{"one OTP setting", func(s *commpeak.StreamSpec) { s.OTP.CodeTTL = 60 }, otpPatch(60, `{"messages": 5, "periodSeconds": 60}`)},
		{"part of a limit", func(s *commpeak.StreamSpec) { s.OTP.SendingLimit.Messages = 9 }, otpPatch(300, `{"messages": 9, "periodSeconds": 60}`)},
		{"no limit", func(s *commpeak.StreamSpec) { s.OTP.SendingLimit = nil }, otpPatch(300, `null`)},
		{"business id", func(s *commpeak.StreamSpec) { s.WhatsApp.BusinessID = "5" }, `{"whatsApp": {"businessId": "5"}}`},
		{"access token", func(s *commpeak.StreamSpec) { s.WhatsApp.AccessToken = "secret" }, `{"whatsApp": {"businessId": "1234", "accessToken": "secret"}}`},
		{"OTP settings that are no longer managed", func(s *commpeak.StreamSpec) { s.OTP = nil }, ""},
		{"several", func(s *commpeak.StreamSpec) { s.Name, s.Demo = "New", false }, `{"name": "New", "demo": false}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, always(200, streamSeven))
			to := fullSpec()
			c.change(&to)
			stream, changed, err := newClient(s.URL).UpdateStream(t.Context(), "7", fullSpec(), to)
			if err != nil || changed != (c.patch != "") {
				t.Fatalf("changed %t, %v", changed, err)
			}
			if !changed {
				equal(t, "requests", s.lines(), []string{})
				return
			}
			equal(t, "stream", stream.Name, "News")
			equal(t, "requests", s.lines(), []string{"PATCH /streams/7"})
			equalJSON(t, s.of("PATCH")[0].Body, c.patch)
		})
	}
}

func TestEnablingIsReady(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, streamSeven))
	_, _, err := newClient(s.URL).UpdateStream(t.Context(), "7", commpeak.StreamSpec{Name: "a"}, commpeak.StreamSpec{Name: "a", Enabled: true})
	if err != nil {
		t.Fatal(err)
	}
	equalJSON(t, s.of("PATCH")[0].Body, `{"state": "ready"}`)
}

// TestWriteNotFound tells a stream that is gone from an API without writes.
func TestWriteNotFound(t *testing.T) {
	t.Parallel()
	json404 := always(404, `{"title": "Not Found", "detail": "no such stream"}`)
	html404 := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<html>nginx")
	}
	for _, c := range []struct {
		name        string
		write, read http.HandlerFunc
		wantUpdate  error
		wantDelete  error // nil: gone is done
		reads       int
	}{
		{"gone", json404, json404, commpeak.ErrNotFound, nil, 1},
		{"no writes: 404", json404, always(200, streamSeven), commpeak.ErrWritesNotOffered, commpeak.ErrWritesNotOffered, 1},
		{"no writes: 405", always(405, `{"title": "Method Not Allowed"}`), always(200, streamSeven), commpeak.ErrWritesNotOffered, commpeak.ErrWritesNotOffered, 0},
		{"the read is refused", json404, always(403, `{"message": "IP ACL restriction"}`), commpeak.ErrForbidden, commpeak.ErrForbidden, 1},
		{"not the API", html404, html404, commpeak.ErrNotTheAPI, commpeak.ErrNotTheAPI, 0},
		{"not the API any more", json404, html404, commpeak.ErrNotTheAPI, commpeak.ErrNotTheAPI, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					c.read(w, r)
					return
				}
				c.write(w, r)
			})
			client := newClient(s.URL)
			_, changed, err := client.UpdateStream(t.Context(), "7", commpeak.StreamSpec{Name: "a"}, commpeak.StreamSpec{Name: "b"})
			if changed || !errors.Is(err, c.wantUpdate) || errors.Is(err, commpeak.ErrNotFound) != errors.Is(c.wantUpdate, commpeak.ErrNotFound) {
				t.Errorf("update: changed %t, %v; want %v", changed, err, c.wantUpdate)
			}
			equal(t, "reads after the update", s.count("GET"), c.reads)

			err = client.DeleteStream(t.Context(), "7")
			if !errors.Is(err, c.wantDelete) || errors.Is(err, commpeak.ErrNotFound) {
				t.Errorf("delete: %v; want %v", err, c.wantDelete)
			}
			equal(t, "reads after the delete", s.count("GET"), 2*c.reads)
		})
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		want   error
	}{
		{204, ``, nil},
		{200, ``, nil},
		{202, `{}`, nil},
		{200, `[]`, nil},
		{200, `OK`, nil},
		{200, `null`, nil},
		{200, streamSeven, nil},
		{200, `<html>log in first</html>`, commpeak.ErrNotTheAPI},
	} {
		s := serve(t, always(c.status, c.body))
		if err := newClient(s.URL).DeleteStream(t.Context(), "7"); !errors.Is(err, c.want) {
			t.Errorf("HTTP %d %s: got %v, want %v", c.status, c.body, err, c.want)
		}
		equal(t, "requests", s.lines(), []string{"DELETE /streams/7"})
	}
}

// TestSuccessThatSaysNo: HTTP 200 with a false status is a failure, whatever
// the call.
func TestSuccessThatSaysNo(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `{"status": false, "message": "not today"}`))
	client := newClient(s.URL)
	_, readErr := client.Stream(t.Context(), "7")
	_, _, updateErr := client.UpdateStream(t.Context(), "7", commpeak.StreamSpec{Name: "a"}, commpeak.StreamSpec{Name: "b"})
	deleteErr := client.DeleteStream(t.Context(), "7")
	_, resetErr := client.ResetStreamToken(t.Context(), "7")
	for _, err := range []error{readErr, updateErr, deleteErr, resetErr} {
		mentions(t, err, "HTTP 200", "not today")
	}
	equal(t, "requests", len(s.lines()), 4)
}

func TestStreamIsReadInFull(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `{"id": 7, "streamUid": "u-7", "name": "News", "description": null, "type": "Two-way", "state": "Ready",
		"streamTags": [{"id": 1, "value": "a"}], "ipAcl": "203.0.113.7;203.0.113.0/24"}`))
	stream, err := newClient(s.URL).Stream(t.Context(), "7")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "stream", stream, commpeak.Stream{
		ID: "7", UID: "u-7", Name: "News", Type: commpeak.TwoWay, State: commpeak.Ready,
		Tags: []string{"a"}, AllowedIPs: []string{"203.0.113.0/24", "203.0.113.7"},
	})
	equal(t, "requests", s.lines(), []string{"GET /streams/7"})
}

func TestEnabledIsAllButDisabled(t *testing.T) {
	t.Parallel()
	for state, want := range map[commpeak.StreamState]bool{
		commpeak.Ready: true, commpeak.Sending: true, commpeak.Draft: true, commpeak.Disabled: false, "Under review": true, "": true,
	} {
		equal(t, string(state), commpeak.Stream{State: state}.Enabled(), want)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	pointer := func(b bool) *bool { return &b }
	same := func() commpeak.Stream {
		spec, sender := fullSpec(), "ACME"
		return commpeak.Stream{
			Name: spec.Name, Type: spec.Type, Description: spec.Description, Tags: []string{"a", "b"}, DefaultSender: &sender,
			Demo: pointer(true), Restricted: pointer(true), State: commpeak.Sending, OTP: spec.OTP, WhatsApp: spec.WhatsApp,
		}
	}
	other := "OTHER"
	for _, c := range []struct {
		name   string
		change func(*commpeak.Stream)
		want   string
	}{
		{"none", func(*commpeak.Stream) {}, ""},
		{"not reported", func(s *commpeak.Stream) {
			s.DefaultSender, s.Demo, s.Restricted, s.OTP, s.WhatsApp = nil, nil, nil, nil, nil
		}, ""},
		{"name", func(s *commpeak.Stream) { s.Name = other }, "name"},
		{"type", func(s *commpeak.Stream) { s.Type = commpeak.Marketing }, "type"},
		{"description", func(s *commpeak.Stream) { s.Description = "" }, "description"},
		{"tags", func(s *commpeak.Stream) { s.Tags = []string{"a"} }, "streamTags"},
		{"sender", func(s *commpeak.Stream) { s.DefaultSender = &other }, "defaultSender"},
		{"demo", func(s *commpeak.Stream) { s.Demo = pointer(false) }, "demo"},
		{"disabled", func(s *commpeak.Stream) { s.State = commpeak.Disabled }, "state"},
		{"restricted", func(s *commpeak.Stream) { s.Restricted = pointer(false) }, "restricted"},
		{"code length", func(s *commpeak.Stream) { s.OTP.CodeLength = 9 }, "otpSettings"},
		{"no limit", func(s *commpeak.Stream) { s.OTP.SendingLimit = nil }, "otpSettings"},
		{"limit", func(s *commpeak.Stream) { s.OTP.SendingLimit = &commpeak.SendingLimit{Messages: 5, Period: 61} }, "otpSettings"},
		{"business id", func(s *commpeak.Stream) { s.WhatsApp.BusinessID = other }, "whatsApp"},
		{"two", func(s *commpeak.Stream) { s.Name, s.Tags = other, nil }, "name streamTags"},
	} {
		stream := same()
		c.change(&stream)
		equal(t, c.name, strings.Join(stream.Differences(fullSpec()), " "), c.want)
	}
	equal(t, "the access token, which is never reported", len(same().Differences(func() commpeak.StreamSpec {
		spec := fullSpec()
		spec.WhatsApp.AccessToken = "secret"
		return spec
	}())), 0)
}

// A text that the answer does not contain is not a difference.
func TestMissingTextsDoNotDiffer(t *testing.T) {
	t.Parallel()
	var stream commpeak.Stream
	if err := json.Unmarshal([]byte(`{"id": 7, "type": "otp", "state": {}, "streamTags": "a"}`), &stream); err != nil {
		t.Fatal(err)
	}
	equal(t, "differences", stream.Differences(fullSpec()), nil)
}

// A write that succeeds without a body is followed by a read.
func TestSuccessWithoutABody(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 204} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				reply(w, 200, streamSeven)
				return
			}
			w.WriteHeader(status)
		})
		client := newClient(s.URL)
		stream, changed, err := client.UpdateStream(t.Context(), "7", commpeak.StreamSpec{Name: "a"}, commpeak.StreamSpec{Name: "News"})
		if err != nil || !changed || stream.Name != "News" {
			t.Errorf("HTTP %d: got %+v, %t, %v", status, stream, changed, err)
		}
		equal(t, "requests", s.lines(), []string{"PATCH /streams/7", "GET /streams/7"})
		// The answer does not name the created stream.
		var failed *commpeak.Error
		if _, err = client.CreateStream(t.Context(), news); !errors.As(err, &failed) || !failed.MaybeApplied() {
			t.Errorf("HTTP %d to a create: %v", status, err)
		}
	}
}

// A create sends every field, and does not rely on defaults of the API.
func TestCreateSendsAllFields(t *testing.T) {
	t.Parallel()
	s := serve(t, always(201, streamSeven))
	if _, err := newClient(s.URL).CreateStream(t.Context(), news); err != nil {
		t.Fatal(err)
	}
	equalJSON(t, s.of("POST")[0].Body, `{"name": "News", "type": "marketing", "description": null, "streamTags": [], "defaultSender": null,
		"demo": false, "restricted": false, "state": "ready"}`)
}

// AfterWrite receives the path of what may have changed, once for each write.
func TestAfterWrite(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		reply(w, map[string]int{http.MethodGet: 200, http.MethodPost: 201, http.MethodPatch: 503, http.MethodDelete: 204}[r.Method], streamSeven)
	})
	var paths []string
	client := newClient(s.URL, func(c *commpeak.Config) {
		c.MessagingEndpoint = s.URL
		c.AfterWrite = func(path string) { paths = append(paths, path) }
	})
	_, _ = client.Stream(t.Context(), "7")
	_, _ = client.CreateStream(t.Context(), news)
	_, _, _ = client.UpdateStream(t.Context(), "7", news, commpeak.StreamSpec{Name: "b"})
	_ = client.SetAllowedIPs(t.Context(), "7", []string{"192.0.2.1"})
	_ = client.DeleteWebhook(t.Context(), "7", "a b")
	_, _ = client.SendTexts(t.Context(), "token", commpeak.TextMessage{})
	equal(t, "paths", paths, []string{"/streams/7", "/streams/7", "/streams/7", "/streams/7/webhooks/a%20b", ""})
}
