package commpeak_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func TestCountMessages(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `{"items": [], "total": 10000}`))
	count, err := newClient(s.URL).CountMessages(t.Context(), commpeak.MessageFilter{
		StreamID: "7", Status: commpeak.MessageSentFailed, Recipient: "491701234567",
		From: time.Date(2026, 3, 1, 1, 2, 3, 4, time.FixedZone("", 3600)), To: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "count", count, 10000)
	asked, err := url.Parse(s.of("GET")[0].Target)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "path", asked.Path, "/streams/messages")
	equal(t, "query", asked.Query(), url.Values{
		"streamId": {"7"}, "status": {"sent_failed"}, "phone": {"491701234567"}, "page": {"1"}, "itemsPerPage": {"1"},
		"startDate": {"2026-03-01 00:02:03"}, "endDate": {"2026-03-02 00:00:00"},
	})
}

func TestCountMessagesWithoutFilter(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `{"items": [], "totalItems": "3"}`))
	count, err := newClient(s.URL).CountMessages(t.Context(), commpeak.MessageFilter{})
	if err != nil || count != 3 {
		t.Errorf("%d, %v", count, err)
	}
	equal(t, "requests", s.lines(), []string{"GET /streams/messages?itemsPerPage=1&page=1"})
}

// An answer without a total must not pass for no messages.
func TestCountsOfNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"items": []}`, `{"items": [], "total": null}`, `{"items": [], "total": -1}`, `{"items": [], "total": "many"}`, `[]`, `null`, `7`} {
		s := serve(t, always(200, body))
		_, err := newClient(s.URL).CountMessages(t.Context(), commpeak.MessageFilter{})
		if !errors.Is(err, commpeak.ErrNotTheAPI) {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

func TestMessageCounts(t *testing.T) {
	t.Parallel()
	counts := func(total int, statuses map[string]int) (commpeak.MessageCounts, *server) {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			count, isCounted := statuses[r.URL.Query().Get("status")]
			if !isCounted {
				count = total
			}
			reply(w, 200, fmt.Sprintf(`{"items": [], "total": %d}`, count))
		})
		counts, err := newClient(s.URL).MessageCounts(t.Context(), commpeak.MessageFilter{StreamID: "7"})
		if err != nil {
			t.Fatal(err)
		}
		return counts, s
	}
	known := map[string]int{"sent": 1, "delivered": 5, "sent_failed": 1, "undelivered": 1, "no_routes": 1, "rejected": 0}
	for name, test := range map[string]struct {
		total    int
		statuses map[string]int
		want     commpeak.MessageCounts
		other    int64
		requests int
	}{
		"none":                       {0, known, commpeak.MessageCounts{ByStatus: map[commpeak.MessageStatus]int64{}}, 0, 1},
		"documented statuses":        {9, known, commpeak.MessageCounts{Total: 9, ByStatus: byStatus(known)}, 0, 7},
		"a status of its own":        {12, known, commpeak.MessageCounts{Total: 12, ByStatus: byStatus(known)}, 3, 7},
		"more arrive meanwhile":      {8, known, commpeak.MessageCounts{Total: 8, ByStatus: byStatus(known)}, 0, 7},
		"the API ignores the filter": {1, nil, commpeak.MessageCounts{Total: 1}, 1, 7},
	} {
		got, s := counts(test.total, test.statuses)
		equal(t, name, got, test.want)
		equal(t, name+": other", got.Other(), test.other)
		equal(t, name+": requests", s.count("GET"), test.requests)
	}
}

func byStatus(counts map[string]int) map[commpeak.MessageStatus]int64 {
	result := map[commpeak.MessageStatus]int64{}
	for status, count := range counts {
		result[commpeak.MessageStatus(status)] = int64(count)
	}
	return result
}

// The last message is found in either order, with at most two requests.
func TestLastReceived(t *testing.T) {
	t.Parallel()
	for _, isAscending := range []bool{true, false} {
		for total, requests := range map[int]int{0: 1, 1: 1, 100: 1, 250: 2} {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				page, _ := strconv.Atoi(r.URL.Query().Get("page"))
				var items []string
				for i := (page - 1) * 100; i < min(page*100, total); i++ {
					at := i
					if !isAscending {
						at = total - 1 - i
					}
					items = append(items, fmt.Sprintf(`{"message_uuid": "u%d", "received_at": %q}`, at, time.Unix(int64(at), 0).UTC().Format(time.DateTime)))
				}
				reply(w, 200, fmt.Sprintf(`{"items": [%s], "total": %d}`, strings.Join(items, ","), total))
			})
			count, last, err := newClient(s.URL).LastReceived(t.Context(), commpeak.ReceivedMessageFilter{StreamID: "7"})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "count", count, int64(total))
			equal(t, "requests", s.count("GET"), requests)
			if total == 0 && last != nil || total > 0 && (last == nil || last.Unix() != int64(total-1)) {
				t.Errorf("of %d messages, the last is %v", total, last)
			}
		}
	}
}

func TestMessageForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wire string
		want commpeak.Message
	}{
		"documented": {
			`{"message_uuid": "u-1", "status": "DELIVERED", "sent_at": "2026-03-01 10:00:00", "delivered_at": "2026-03-01 10:00:05",
			  "source_name": "ACME", "destination_number": "491701234567", "cost": 0.01, "channel": "sms", "content": {"type": "text", "text": "Hello"}, "stream_id": 7}`,
			commpeak.Message{
				UUID: "u-1", StreamID: "7", Status: commpeak.MessageDelivered,
				SentAt:      new(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)),
				DeliveredAt: new(time.Date(2026, 3, 1, 10, 0, 5, 0, time.UTC)),
				Sender:      "ACME", Recipient: "491701234567", Channel: "sms", Text: "Hello",
			},
		},
		"documented, in the other version": {
			`{"message_uuid": "u-1", "sent_at": "2026-03-01 10:00:00", "status": "queued", "source_number": "ACME", "destination_number": "491701234567",
			  "cost": "0.041200", "platform": "sms", "content": {"body": "Hello"}, "conversation": {"id": 1, "name": "x"}, "stream": {"name": "News"}, "campaign": null}`,
			commpeak.Message{
				UUID: "u-1", StreamName: "News", Status: "queued", SentAt: new(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)),
				Sender: "ACME", Recipient: "491701234567", Channel: "sms", Text: "Hello",
			},
		},
		"a stream as text":       {`{"message_uuid": "u-1", "stream_id": "7"}`, commpeak.Message{UUID: "u-1", StreamID: "7"}},
		"a stream as an object":  {`{"message_uuid": "u-1", "stream_id": {"id": 7, "name": "News"}}`, commpeak.Message{UUID: "u-1", StreamID: "7"}},
		"a stream as an IRI":     {`{"message_uuid": "u-1", "stream_id": "/streams/7"}`, commpeak.Message{UUID: "u-1", StreamID: "7"}},
		"nothing known":          {`{"message_uuid": "u-1", "status": null, "stream_id": null, "content": null, "sent_at": null}`, commpeak.Message{UUID: "u-1"}},
		"a status of its own":    {`{"message_uuid": "u-1", "status": "queued"}`, commpeak.Message{UUID: "u-1", Status: "queued"}},
		"a number for the phone": {`{"message_uuid": "u-1", "destination_number": 491701234567}`, commpeak.Message{UUID: "u-1", Recipient: "491701234567"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, always(200, `{"items": [`+c.wire+`], "total": 1}`))
			for got, err := range newClient(s.URL).Messages(t.Context(), commpeak.MessageFilter{}) {
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "message", got, c.want)
			}
		})
	}
}

// Every page is read, and not one more.
func TestPagesOfMessages(t *testing.T) {
	t.Parallel()
	for messages, requests := range map[int]int{0: 1, 1: 1, 99: 1, 100: 1, 101: 2, 250: 3, 300: 3} {
		t.Run(strconv.Itoa(messages), func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				page, _ := strconv.Atoi(r.URL.Query().Get("page"))
				size, _ := strconv.Atoi(r.URL.Query().Get("itemsPerPage"))
				var items []string
				for i := (page - 1) * size; i < min(page*size, messages); i++ {
					items = append(items, fmt.Sprintf(`{"message_uuid": "u-%d"}`, i))
				}
				reply(w, 200, fmt.Sprintf(`{"items": [%s], "total": %d}`, strings.Join(items, ","), messages))
			})
			n := 0
			for message, err := range newClient(s.URL).Messages(t.Context(), commpeak.MessageFilter{}) {
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "uuid", message.UUID, fmt.Sprint("u-", n))
				n++
			}
			equal(t, "messages", n, messages)
			equal(t, "requests", s.count("GET"), requests)
		})
	}
}

func TestPageOfMessagesTooLarge(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, `{"items": [{"message_uuid": "u-1"}, {"message_uuid": "u-2"}], "total": 2}`))
	_, err := newClient(s.URL).CountMessages(t.Context(), commpeak.MessageFilter{})
	if !errors.Is(err, commpeak.ErrNotTheAPI) {
		t.Errorf("got %v", err)
	}
	mentions(t, err, "count messages", "a page of 2 items", "1 asked for")
}

func TestMessagesThatFail(t *testing.T) {
	t.Parallel()
	s := serve(t, always(403, `{"message": "IP ACL restriction"}`))
	n := 0
	for _, err := range newClient(s.URL).Messages(t.Context(), commpeak.MessageFilter{}) {
		n++
		mentions(t, err, "list messages", "IP ACL restriction")
		var failed *commpeak.Error
		if !errors.As(err, &failed) || failed.Messaging {
			t.Errorf("got %v", err)
		}
	}
	equal(t, "errors", n, 1)
}

func TestFormsOfReceivedMessages(t *testing.T) {
	t.Parallel()
	received := new(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC))
	for total, c := range map[string]struct {
		item string
		want commpeak.ReceivedMessage
	}{
		"total": {
			`{"message_uuid": "u-1", "received_at": "2026-03-01 10:00:00", "source_number": "447700900123", "destination_number": "447700900456",
			  "contact_name": "Desk", "text": "Hello", "length": 5, "conversation_uuid": "c", "stream_id": "7"}`,
			commpeak.ReceivedMessage{
				UUID: "u-1", StreamID: "7", ReceivedAt: received, Sender: "447700900123", Recipient: "447700900456", ContactName: "Desk", Text: "Hello",
			},
		},
		"total_items": {
			`{"received_at": "2026-03-01 10:00:00", "from": "447700900123", "to": 447700900456, "contact_name": null, "message_length": 5, "body": "Hello",
			  "conversation": {"id": 1}, "stream": {"name": "News"}}`,
			commpeak.ReceivedMessage{StreamName: "News", ReceivedAt: received, Sender: "447700900123", Recipient: "447700900456", Text: "Hello"},
		},
	} {
		s := serve(t, always(200, `{"items": [`+c.item+`], "`+total+`": 1}`))
		client := newClient(s.URL)
		for got, err := range client.ReceivedMessages(t.Context(), commpeak.ReceivedMessageFilter{StreamID: "7", Sender: "447700900123"}) {
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "message", got, c.want)
		}
		count, err := client.CountReceivedMessages(t.Context(), commpeak.ReceivedMessageFilter{})
		if err != nil || count != 1 {
			t.Errorf("count: got %d, %v", count, err)
		}
		equal(t, "requests", s.lines(), []string{
			"GET /streams/incoming_messages?itemsPerPage=100&page=1&sender=447700900123&streamId=7", "GET /streams/incoming_messages?itemsPerPage=1&page=1",
		})
	}
}
