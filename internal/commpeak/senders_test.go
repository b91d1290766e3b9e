package commpeak_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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
		`{"id": 3, "status": "Under review"}`:                                               {ID: "3", Status: "Under review"},
	} {
		var sender commpeak.Sender
		if err := json.Unmarshal([]byte(document), &sender); err != nil {
			t.Errorf("%s: %v", document, err)
		}
		equal(t, document, sender, want)
	}
	for _, document := range []string{`[]`, `{"value": {}}`, `{"dailyLimit": "many"}`, `{"dailyLimit": []}`, `{"stream": []}`, `{"status": true}`} {
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
			t.Errorf("%s: ids %q and %q", data, sender.ID, sender.StreamID)
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

const twoSenders = `[{"id": 1, "value": "ACME", "status": "approved"}, {"id": 2, "value": "ACME", "status": "rejected"}, {"id": 3, "value": "NEW", "status": "Pending"},
	{"id": 4, "value": "LATE", "status": "rejected"}, {"id": 5, "value": "LATE", "status": "approved"}]`

func TestSenderStatusesAreAskedForOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, twoSenders))
	client := newClient(s.URL)
	var workers sync.WaitGroup
	for range 10 {
		workers.Go(func() {
			statuses, err := client.SenderStatuses(t.Context())
			if err != nil {
				t.Error(err)
			}
			equal(t, "statuses", statuses, map[string]string{"ACME": "approved", "NEW": "pending", "LATE": "approved"})
		})
	}
	workers.Wait()
	equal(t, "requests", s.lines(), []string{"GET /senders?_page=1&itemsPerPage=100"})
}

func TestNoSendersIsAnAnswerToo(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `[]`))
	client := newClient(s.URL)
	for range 2 {
		statuses, err := client.SenderStatuses(t.Context())
		if err != nil || statuses == nil || len(statuses) != 0 {
			t.Errorf("got %v, %v", statuses, err)
		}
	}
	equal(t, "requests", s.count("GET"), 1)
}

func TestSenderStatusesForgetAFailure(t *testing.T) {
	t.Parallel()
	fails := true
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if fails {
			fails = false
			reply(w, 403, `{"message": "IP ACL restriction"}`)
			return
		}
		reply(w, 200, twoSenders)
	})
	client := newClient(s.URL)
	if _, err := client.SenderStatuses(t.Context()); !errors.Is(err, commpeak.ErrForbidden) {
		t.Errorf("got %v", err)
	}
	if statuses, err := client.SenderStatuses(t.Context()); err != nil || statuses["ACME"] != commpeak.SenderApproved {
		t.Errorf("got %v, %v", statuses, err)
	}
}

// TestSenderStatusesOfACancelledCaller has one caller ask a slow service and
// give up, one wait for the first and give up, and one that stays.
func TestSenderStatusesOfACancelledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := virtual(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(20 * time.Second):
				reply(w, 200, twoSenders)
			case <-r.Context().Done():
			}
		})
		begin := time.Now()
		var workers sync.WaitGroup
		giveUp := func(after time.Duration) {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			_, err := client.SenderStatuses(ctx)
			equal(t, "gave up after", time.Since(begin), after)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("after %s: got %v", after, err)
			}
		}
		workers.Go(func() { giveUp(10 * time.Second) })
		synctest.Wait()
		workers.Go(func() { giveUp(5 * time.Second) })
		workers.Go(func() {
			statuses, err := client.SenderStatuses(t.Context())
			if err != nil || statuses["ACME"] != commpeak.SenderApproved {
				t.Errorf("the caller that stays got %v, %v", statuses, err)
			}
			equal(t, "answered after", time.Since(begin), 30*time.Second)
		})
		workers.Wait()
		equal(t, "requests", asked.count("GET"), 2)
	})
}
