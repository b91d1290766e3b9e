package statistics_test

import (
	"maps"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const (
	statistics = "commpeak_stream_statistics"
	recipient  = "491701234567"
)

// attributesOf are the attributes of an object; the test fails where it is none.
func attributesOf(t *testing.T, object tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes
}

// figures writes the numbers of an object as "total=3 delivered=2".
func figures(t *testing.T, object tftypes.Value, names ...string) string {
	t.Helper()
	attributes := attributesOf(t, object)
	var parts []string
	for _, name := range names {
		var number *big.Float
		if err := attributes[name].As(&number); err != nil {
			t.Fatal(err)
		}
		text := "null"
		if number != nil {
			text = number.Text('g', 6)
		}
		parts = append(parts, name+"="+text)
	}
	return strings.Join(parts, " ")
}

var allFigures = []string{"total", "sent", "delivered", "sent_failed", "undelivered", "no_routes", "rejected", "other", "delivery_rate"}

// fill adds messages of the stream, so many of each status, all sent at that
// time.
func fill(account *acctest.Account, streamID int, at time.Time, counts map[string]int) {
	for status, count := range counts {
		for range count {
			account.AddMessage(mockserver.Message{StreamID: streamID, Status: status, SentAt: at, Recipient: recipient})
		}
	}
}

// Ten thousand messages cost one request for the total and for each status, and none of them is
// downloaded.
func TestStatisticsOfManyMessages(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "News"})
	other := account.AddStream(mockserver.Stream{Name: "Other"})
	now := time.Now()
	fill(account, stream.ID, now.Add(-time.Minute), map[string]int{
		mockserver.Sent: 100, mockserver.Delivered: 9000, mockserver.SentFailed: 400,
		mockserver.Undelivered: 300, mockserver.NoRoutes: 150, mockserver.Refused: 50,
	})
	fill(account, stream.ID, now.Add(-25*time.Hour), map[string]int{mockserver.Delivered: 7})
	fill(account, other.ID, now, map[string]int{mockserver.Delivered: 5})
	state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData(statistics, acctest.Values{"stream_id": strconv.Itoa(stream.ID), "window": "24h"})
	acctest.ExpectNone(t, diagnostics)
	want := "total=10000 sent=100 delivered=9000 sent_failed=400 undelivered=300 no_routes=150 rejected=50 other=0 delivery_rate=0.9"
	if got := figures(t, state, allFigures...); got != want {
		t.Errorf("counted %s, not %s", got, want)
	}
	asked := map[string]int{}
	for _, r := range account.Requests() {
		if r.Pattern == "GET /streams/incoming_messages" {
			continue
		}
		if r.Pattern != "GET /streams/messages" || r.Query.Get("itemsPerPage") != "1" || r.Query.Get("endDate") != "" {
			t.Errorf("an expensive or needless request: %s %v", r.Pattern, r.Query)
		}
		asked[r.Query.Get("status")]++
	}
	if len(asked) != 7 || account.Count("") != 8 {
		t.Errorf("requests by status: %v", asked)
	}
}

// The bounds of a period belong to it, to the second.
func TestStatisticsOfAPeriod(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "News"})
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, offset := range []time.Duration{-time.Second, 0, time.Hour, 24 * time.Hour, 24*time.Hour + time.Second} {
		fill(account, stream.ID, day.Add(offset), map[string]int{mockserver.Delivered: 1})
	}
	p := acctest.NewProtocol(t, account, nil)
	for _, test := range []struct {
		from, to any
		want     string
	}{
		{"2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "total=3"},
		{"2026-03-01T01:00:00+01:00", "2026-03-02T01:00:00.9+01:00", "total=3"},
		{"2026-03-01T00:00:00Z", nil, "total=4"},
		{"2026-03-01T01:00:00Z", "2026-03-01T01:00:00Z", "total=1"},
	} {
		state, diagnostics := p.ReadData(statistics, acctest.Values{"stream_id": strconv.Itoa(stream.ID), "from": test.from, "to": test.to})
		acctest.ExpectNone(t, diagnostics)
		if got := figures(t, state, "total"); got != test.want {
			t.Errorf("%v to %v: counted %s, not %s", test.from, test.to, got, test.want)
		}
	}
}

// No messages and no stream are two things.
func TestStatisticsOfNothing(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(404)
	stream := account.AddStream(mockserver.Stream{Name: "News"})
	p := acctest.NewProtocol(t, account, nil)
	state, diagnostics := p.ReadData(statistics, acctest.Values{"stream_id": strconv.Itoa(stream.ID), "window": "1h"})
	acctest.ExpectNone(t, diagnostics)
	want := "total=0 sent=0 delivered=0 sent_failed=0 undelivered=0 no_routes=0 rejected=0 other=0 delivery_rate=null"
	if got := figures(t, state, allFigures...); got != want {
		t.Errorf("counted %s, not %s", got, want)
	}
	_, diagnostics = p.ReadData(statistics, acctest.Values{"stream_id": "4711", "window": "1h"})
	acctest.Expect(t, diagnostics, "at stream_id:", "stream with the ID 4711")
}

// The total contains statuses that CommPeak does not document. If the API ignores the filter by status, only the total is known.
func TestStatisticsOfUndocumentedStatuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ignores bool
		want    string
		words   []string
	}{
		"filtered": {false, "total=10 sent=0 delivered=6 sent_failed=0 undelivered=0 no_routes=0 rejected=0 other=4 delivery_rate=0.6", nil},
		"filter ignored": {
			true, "total=10 sent=null delivered=null sent_failed=null undelivered=null no_routes=null rejected=null other=null delivery_rate=null",
			[]string{"cannot be counted by status", "Only total is set"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t, func(o *mockserver.Options) { o.IgnoreStatusFilter = test.ignores })
			stream := account.AddStream(mockserver.Stream{Name: "News"})
			fill(account, stream.ID, time.Now(), map[string]int{mockserver.Delivered: 6, "queued": 3, "expired": 1})
			p := acctest.NewProtocol(t, account, nil)
			check := func(state tftypes.Value, diagnostics []*tfprotov6.Diagnostic) {
				t.Helper()
				if test.words == nil {
					acctest.ExpectNone(t, diagnostics)
				} else {
					acctest.Expect(t, diagnostics, test.words...)
				}
				if got := figures(t, state, allFigures...); got != test.want {
					t.Errorf("counted %s, not %s", got, test.want)
				}
			}
			check(p.ReadData(statistics, acctest.Values{"stream_id": strconv.Itoa(stream.ID), "window": "1h"}))
			state, diagnostics := p.ReadData(realtime, acctest.Values{"name_contains": "News"})
			check(performances(t, state)[0], diagnostics)
		})
	}
}

func TestStatisticsOfReceivedMessages(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "Replies", Type: mockserver.TwoWay})
	p := acctest.NewProtocol(t, account, nil)
	config := acctest.Values{"stream_id": strconv.Itoa(stream.ID), "window": "24h"}
	state, diagnostics := p.ReadData(statistics, config)
	acctest.ExpectNone(t, diagnostics)
	if got := figures(t, state, "received") + " " + textOf(t, state, "last_received_at"); got != "received=0 null" {
		t.Errorf("found %s", got)
	}
	var last mockserver.Message
	for range 3 {
		var err error
		if last, _, err = account.Receive(t.Context(), stream.ID, recipient, "4930123456", "Yes"); err != nil {
			t.Fatal(err)
		}
	}
	state, diagnostics = p.ReadData(statistics, config)
	acctest.ExpectNone(t, diagnostics)
	want := "received=3 " + last.SentAt.UTC().Truncate(time.Second).Format(time.RFC3339)
	if got := figures(t, state, "received") + " " + textOf(t, state, "last_received_at"); got != want {
		t.Errorf("found %s, not %s", got, want)
	}
}

func TestStatisticsThatFail(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "News"})
	fill(account, stream.ID, time.Now(), map[string]int{mockserver.Delivered: 3})
	p := acctest.NewProtocol(t, account, nil)
	config := acctest.Values{"stream_id": strconv.Itoa(stream.ID), "window": "1h"}
	account.Inject(mockserver.Fault{Pattern: "GET /streams/messages", Skip: 3, Status: 403, Body: `{"message": "IP ACL restriction"}`})
	_, diagnostics := p.ReadData(statistics, config)
	acctest.Expect(t, diagnostics, "cannot be used from this address", "IP ACL restriction")
	account.Inject(mockserver.Fault{Pattern: "GET /streams/incoming_messages", Status: 403, Body: `{"message": "IP ACL restriction"}`})
	_, diagnostics = p.ReadData(statistics, config)
	acctest.Expect(t, diagnostics, "cannot be used from this address", "IP ACL restriction")
}

// What CommPeak documents is enough.
func TestStatisticsOnDocumentedCalls(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) { o.DocumentedOnly = true })
	stream := account.AddStream(mockserver.Stream{Name: "News", LastActivityAt: time.Now()})
	fill(account, stream.ID, time.Now(), map[string]int{mockserver.Delivered: 3})
	p := acctest.NewProtocol(t, account, nil)
	for name, config := range map[string]acctest.Values{
		statistics: {"stream_id": strconv.Itoa(stream.ID), "window": "1h"}, realtime: nil,
	} {
		state, diagnostics := p.ReadData(name, config)
		acctest.ExpectNone(t, diagnostics)
		if name == realtime {
			state = performances(t, state)[0]
		}
		if got := figures(t, state, "total", "delivered"); got != "total=3 delivered=3" {
			t.Errorf("%s: counted %s", name, got)
		}
	}
}

func TestStatisticsValidation(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewAccount(t), nil)
	const day = "2026-03-01T00:00:00Z"
	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"blank stream":         {acctest.Values{"stream_id": " ", "window": "1h"}, []string{"at stream_id:", "blank"}},
		"no period":            {nil, []string{"window", "from"}},
		"two periods":          {acctest.Values{"window": "1h", "from": day}, []string{"window", "from"}},
		"an end alone":         {acctest.Values{"window": "1h", "to": day}, []string{"at to:", "from"}},
		"no moment":            {acctest.Values{"from": "2026-03-01"}, []string{"at from:", "is not a time"}},
		"no moment at its end": {acctest.Values{"from": day, "to": "tomorrow"}, []string{"at to:", "is not a time"}},
		"backwards":            {acctest.Values{"from": day, "to": "2026-02-28T23:59:59Z"}, []string{"at to:", "ends before it begins"}},
		"window of days":       {acctest.Values{"window": "7d"}, []string{"at window:", `"168h"`}},
		"window of nothing":    {acctest.Values{"window": "0s"}, []string{"at window:", "less than a second"}},
		"window to come":       {acctest.Values{"window": "-1h"}, []string{"at window:", "less than a second"}},
		"window of ages":       {acctest.Values{"window": "100000h"}, []string{"at window:", "ten years"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := acctest.Values{"stream_id": "7"}
			maps.Copy(config, test.config)
			acctest.Expect(t, p.ValidateData(statistics, config), test.words...)
		})
	}
	for _, fine := range []acctest.Values{
		{"window": acctest.Unknown}, {"from": acctest.Unknown}, {"from": day, "to": acctest.Unknown}, {"from": acctest.Unknown, "to": day}, {"from": day, "to": day},
	} {
		fine["stream_id"] = acctest.Unknown
		acctest.ExpectNone(t, p.ValidateData(statistics, fine))
	}
}
