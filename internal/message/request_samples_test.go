package message

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestRequestSamples(t *testing.T) {
	t.Parallel()
	for streamType, want := range map[commpeak.StreamType][]string{
		commpeak.Marketing:     {"simple_send", "messages_status"},
		commpeak.TwoWay:        {"simple_send", "messages_status"},
		commpeak.Transactional: {"simple_send", "event_send", "messages_status"},
		commpeak.OTP:           {"simple_send", "event_send", "otp_auth", "otp_verify", "messages_status"},
		commpeak.WhatsApp:      {"whatsapp_initial", "whatsapp_media", "whatsapp_reply", "messages_status"},
		"voice":                nil,
	} {
		samples, err := requestSamples("https://run.example", commpeak.Stream{Type: streamType})
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, sample := range samples {
			kinds = append(kinds, sample.Kind)
			if !strings.HasPrefix(sample.URL, "https://run.example/") || sample.Method != "POST" || sample.ContentType != "application/json" {
				t.Errorf("%s: %+v", streamType, sample)
			}
		}
		if !slices.Equal(kinds, want) {
			t.Errorf("%s: got %q, want %q", streamType, kinds, want)
		}
	}
}

// A sample names a sender where one is needed, and a code where the customer
// makes them.
func TestRequestSamplesFitTheStream(t *testing.T) {
	t.Parallel()
	body := func(stream commpeak.Stream, kind string) string {
		samples, _ := requestSamples("https://run.example", stream)
		for _, sample := range samples {
			if sample.Kind == kind {
				return sample.Body
			}
		}
		return ""
	}
	stream := commpeak.Stream{Type: commpeak.OTP}
	sender := "ACME"
	for _, kind := range []string{"simple_send", "event_send", "otp_auth"} {
		stream.DefaultSender = nil
		if !strings.Contains(body(stream, kind), `"sender": "GLOBAL"`) {
			t.Errorf("%s names no sender:\n%s", kind, body(stream, kind))
		}
		stream.DefaultSender = &sender
		if strings.Contains(body(stream, kind), "sender") {
			t.Errorf("%s names a sender:\n%s", kind, body(stream, kind))
		}
	}
	for generation, wanted := range map[string]bool{commpeak.CodesByCustomer: true, commpeak.CodesByCommPeak: false} {
		stream.OTP = &commpeak.OTPSettings{CodeGeneration: generation}
		if got := strings.Contains(body(stream, "otp_auth"), `"code": `); got != wanted {
			t.Error(generation, fmt.Sprint("names a code: ", got))
		}
	}
}
