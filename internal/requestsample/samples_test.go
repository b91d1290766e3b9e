package requestsample

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
		commpeak.OTP:           {"simple_send", "otp_auth", "otp_verify", "event_send", "messages_status"},
		commpeak.WhatsApp:      {"whatsapp_initial", "whatsapp_media", "whatsapp_reply", "messages_status"},
		"voice":                nil,
	} {
		samples, err := requestSamples("https://run.example", commpeak.Stream{Type: streamType}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, sample := range samples {
			names = append(names, sample.Name)
			if !strings.HasPrefix(sample.URL, "https://run.example/") || sample.Method != "POST" || sample.ContentType != "application/json" {
				t.Errorf("%s: %+v", streamType, sample)
			}
		}
		if !slices.Equal(names, want) {
			t.Errorf("%s: got %q, want %q", streamType, names, want)
		}
	}
}

// A sample names a sender where one is needed, and a code where the customer
// makes them.
func TestRequestSamplesFitTheStream(t *testing.T) {
	t.Parallel()
	body := func(stream commpeak.Stream, name string) string {
		samples, _ := requestSamples("https://run.example", stream, nil)
		for _, sample := range samples {
			if sample.Name == name {
				return sample.Body
			}
		}
		return ""
	}
	stream := commpeak.Stream{Type: commpeak.OTP}
	sender := "ACME"
	for _, name := range []string{"simple_send", "event_send", "otp_auth"} {
		stream.DefaultSender = nil
		if !strings.Contains(body(stream, name), `"sender": "GLOBAL"`) {
			t.Errorf("%s names no sender:\n%s", name, body(stream, name))
		}
		stream.DefaultSender = &sender
		if strings.Contains(body(stream, name), "sender") {
			t.Errorf("%s names a sender:\n%s", name, body(stream, name))
		}
	}
	for generation, wanted := range map[string]bool{commpeak.CodesByCustomer: true, commpeak.CodesByCommPeak: false} {
		stream.OTP = &commpeak.OTPSettings{CodeGeneration: generation}
		if got := strings.Contains(body(stream, "otp_auth"), `"code": `); got != wanted {
			t.Error(generation, fmt.Sprint("names a code: ", got))
		}
	}
}

// CommPeak's pages disagree on the types of streams that have events: there is a sample for every event that exists.
func TestEventSampleForAnyType(t *testing.T) {
	t.Parallel()
	samples, err := requestSamples("https://run.example", commpeak.Stream{Type: "voice"}, &commpeak.Event{EventSpec: commpeak.EventSpec{Key: "paid", Template: "Thank you"}})
	if err != nil || len(samples) != 2 || samples[0].Name != "event_send" || !strings.Contains(samples[0].Body, `"event": "paid"`) {
		t.Errorf("%+v, %v", samples, err)
	}
}
