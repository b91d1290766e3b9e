package webhook_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/webhook"
)

func TestSamplePayload(t *testing.T) {
	t.Parallel()
	var got, want any
	if err := errors.Join(json.Unmarshal([]byte(webhook.SamplePayload("7", http.MethodPost)), &got), json.Unmarshal([]byte(`{
		"message_uuid": "3f0c2a52-6b1d-4e0a-9c57-2d8f4b7e6a10", "conversation_uuid": "b7d1e9c4-0a38-4f6e-8f21-5c9a7e3d2b64",
		"stream_id": 7, "source_name": "447700900123", "destination_number": "447700900456", "sent_at": "2026-01-31 12:30:00",
		"channel": "sms", "content": {"type": "text", "text": "Is my order on its way?"}}`), &want)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	const query = "channel=sms&conversation_uuid=b7d1e9c4-0a38-4f6e-8f21-5c9a7e3d2b64" +
		"&destination_number=447700900456&message_uuid=3f0c2a52-6b1d-4e0a-9c57-2d8f4b7e6a10&sent_at=2026-01-31+12%3A30%3A00" +
		"&source_name=447700900123&stream_id=7&text=Is+my+order+on+its+way%3F&type=text"
	if got := webhook.SamplePayload("7", http.MethodGet); got != query {
		t.Errorf("got %s", got)
	}
}
