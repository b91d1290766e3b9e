package commpeak_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestFormsOfSenders(t *testing.T) {
	t.Parallel()
	limit := int64(500)
	for document, want := range map[string]commpeak.Sender{
		`{"id": 3, "name": "Shop", "value": "ACME", "dailyLimit": 500, "stream": "/streams/7", "senderType": "alphanumeric", "status": "approved"}`: {
			ID: "3", Name: "Shop", Value: "ACME", DailyLimit: &limit, StreamID: "7", Type: "alphanumeric", Status: commpeak.SenderApproved,
		},
		`{"id": "/senders/3", "value": 12025550123, "dailyLimit": "500", "stream": {"id": 7}, "status": "APPROVED", "later": {}}`: {
			ID: "3", Value: "12025550123", DailyLimit: &limit, StreamID: "7", Status: commpeak.SenderApproved,
		},
		`{"id": 3, "dailyLimit": null, "stream": null, "senderType": null, "status": null}`: {ID: "3"},
		`{"id": 3, "status": "Pending", "senderType": "Short Code"}`:                        {ID: "3", Status: "pending", Type: "Short Code"},
		`{"id": 3, "value": {}, "dailyLimit": "many", "stream": [], "status": true}`:        {ID: "3"},
		`{"id": 3, "status": "Under review"}`:                                               {ID: "3", Status: "Under review"},
	} {
		var sender commpeak.Sender
		if err := json.Unmarshal([]byte(document), &sender); err != nil {
			t.Errorf("%s: %v", document, err)
		}
		equal(t, document, sender, want)
	}
	for _, document := range []string{`[]`, `null`, `"ACME"`} {
		var sender commpeak.Sender
		if err := json.Unmarshal([]byte(document), &sender); err == nil {
			t.Errorf("%s: no error, but %+v", document, sender)
		}
	}
}

func FuzzSender(f *testing.F) {
	for _, seed := range []string{`{"id": 3, "value": "ACME", "dailyLimit": "5", "stream": "/streams/7", "status": "APPROVED"}`, `null`, `{"stream": {"id": []}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var sender commpeak.Sender
		if json.Unmarshal(data, &sender) != nil {
			return
		}
		if strings.Contains(sender.ID+sender.StreamID, "/") {
			t.Errorf("%s: IDs %q and %q", data, sender.ID, sender.StreamID)
		}
		written, err := json.Marshal(map[string]any{
			"id": sender.ID, "name": sender.Name, "value": sender.Value, "dailyLimit": sender.DailyLimit, "stream": sender.StreamID,
			"senderType": sender.Type, "status": sender.Status,
		})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, string(data), decoded[commpeak.Sender](t, written), sender)
	})
}
