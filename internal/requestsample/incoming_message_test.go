package requestsample

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestIncomingMessageHasTheDocumentedFields(t *testing.T) {
	t.Parallel()
	sample := incomingSample(commpeak.Stream{ID: "7", Type: commpeak.TwoWay})
	want := map[string]any{
		"message_uuid": "00000000-0000-4000-8000-000000000000", "received_at": "2026-01-31 12:30:00", "source_number": "447700900123",
		"destination_number": "447700900456", "contact_name": "Customer", "country_code": "44", "country_iso": "GB",
		"country_name": "United Kingdom", "text": "Is my order on its way?", "length": 23.0,
		"conversation_uuid": "11111111-1111-4111-8111-111111111111", "stream_id": "7",
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(sample.body()), &body); err != nil || !cmp.Equal(body, want) {
		t.Errorf("the body differs: %v\n%s", err, cmp.Diff(want, body))
	}
	query, err := url.ParseQuery(sample.query())
	if err != nil || len(query) != len(want) || query.Get("text") != "Is my order on its way?" || query.Get("length") != "23" {
		t.Errorf("the query is %v, %v", query, err)
	}
	for name := range want {
		if !query.Has(name) {
			t.Errorf("the query does not have %s", name)
		}
	}
}

func TestOnlyConversationsHaveAnIncomingMessage(t *testing.T) {
	t.Parallel()
	for streamType, want := range map[commpeak.StreamType]bool{
		commpeak.Marketing: false, commpeak.Transactional: false, commpeak.OTP: false, commpeak.TwoWay: true, commpeak.WhatsApp: true, "voice": false,
	} {
		if got := incomingSample(commpeak.Stream{Type: streamType}) != nil; got != want {
			t.Errorf("%s: %t", streamType, got)
		}
	}
}
