package statistics_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const realtime = "commpeak_realtime_performance"

// performances are the streams of a commpeak_realtime_performance.
func performances(t *testing.T, state tftypes.Value) []tftypes.Value {
	t.Helper()
	var streams []tftypes.Value
	if err := attributesOf(t, state)["streams"].As(&streams); err != nil {
		t.Fatal(err)
	}
	return streams
}

func textOf(t *testing.T, object tftypes.Value, name string) string {
	t.Helper()
	var text *string
	if err := attributesOf(t, object)[name].As(&text); err != nil {
		t.Fatal(err)
	}
	if text == nil {
		return "null"
	}
	return *text
}

func TestRealtimePerformance(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	now := time.Now().UTC().Truncate(time.Second)
	busy := account.AddStream(mockserver.Stream{Name: "Busy", Type: mockserver.OTP, State: mockserver.Sending, Tags: []string{"eu", "shop"}, LastActivityAt: now})
	account.AddStream(mockserver.Stream{Name: "Idle", State: mockserver.Disabled, Tags: []string{"shop"}})
	old := account.AddStream(mockserver.Stream{Name: "Old", Tags: []string{"eu"}})
	fill(account, busy.ID, now.Add(-30*time.Minute), map[string]int{mockserver.Delivered: 20, mockserver.Refused: 10})
	fill(account, old.ID, now.Add(-2*time.Hour), map[string]int{mockserver.Delivered: 12})
	p := acctest.NewProtocol(t, account, nil)
	for name, test := range map[string]struct {
		config acctest.Values
		want   []string
	}{
		"all":             {nil, []string{"Busy 30 0.5", "Idle 0 0", "Old 0 0"}},
		"a window":        {acctest.Values{"window": "3h"}, []string{"Busy 30 0.166667", "Idle 0 0", "Old 12 0.0666667"}},
		"short window":    {acctest.Values{"window": "10m"}, []string{"Busy 0 0", "Idle 0 0", "Old 0 0"}},
		"name_regex":      {acctest.Values{"name_regex": "^(Busy|Old|old)$"}, []string{"Busy 30 0.5", "Old 0 0"}},
		"statuses":        {acctest.Values{"statuses": []string{"Sending", "draft"}}, []string{"Busy 30 0.5"}},
		"all of the tags": {acctest.Values{"all_tags": []string{"shop", "eu"}}, []string{"Busy 30 0.5"}},
		"a tag":           {acctest.Values{"any_tags": []string{"shop"}}, []string{"Busy 30 0.5", "Idle 0 0"}},
		"none":            {acctest.Values{"name_contains": "Busy", "all_tags": []string{"us"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, diagnostics := p.ReadData(realtime, test.config)
			acctest.ExpectNone(t, diagnostics)
			var got []string
			for _, stream := range performances(t, state) {
				got = append(got, textOf(t, stream, "name")+" "+strings.NewReplacer("total=", "", "messages_per_minute=", "").Replace(figures(t, stream, "total", "messages_per_minute")))
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("found %q, not %q", got, test.want)
			}
		})
	}
	state, diagnostics := p.ReadData(realtime, acctest.Values{"name_contains": "Busy"})
	acctest.ExpectNone(t, diagnostics)
	stream := performances(t, state)[0]
	want := "total=30 sent=0 delivered=20 sent_failed=0 undelivered=0 no_routes=0 rejected=10 other=0 delivery_rate=0.666667"
	if got := figures(t, stream, allFigures...); got != want {
		t.Errorf("counted %s, not %s", got, want)
	}
	for name, want := range map[string]string{
		"id": strconv.Itoa(busy.ID), "type": "otp", "status": "sending", "last_activity_at": now.Format(time.RFC3339),
	} {
		if got := textOf(t, stream, name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
}

// What it costs is what the documentation says.
func TestRealtimePerformanceCost(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	for i := range 120 {
		stream := account.AddStream(mockserver.Stream{Name: fmt.Sprint("Stream ", i)})
		if i < 10 {
			fill(account, stream.ID, time.Now(), map[string]int{mockserver.Delivered: i + 1})
		}
	}
	state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData(realtime, nil)
	acctest.ExpectNone(t, diagnostics)
	for i, stream := range performances(t, state) {
		want := "delivered=0"
		if i < 10 {
			want = fmt.Sprint("delivered=", i+1)
		}
		if got := figures(t, stream, "delivered"); got != want {
			t.Errorf("stream %d: %s, not %s", i, got, want)
		}
	}
	if lists, counts := account.Count("GET /streams"), account.Count("GET /streams/messages"); lists != 2 || counts != 110+10*7 || account.Count("") != lists+counts {
		t.Errorf("%d lists and %d counts of %d requests", lists, counts, account.Count(""))
	}
}

func TestRealtimePerformanceThatFails(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	for range 20 {
		account.AddStream(mockserver.Stream{})
	}
	p := acctest.NewProtocol(t, account, nil)
	account.Inject(mockserver.Fault{Pattern: "GET /streams/messages", Skip: 5, Times: -1, Status: 403, Body: `{"message": "IP ACL restriction"}`})
	_, diagnostics := p.ReadData(realtime, nil)
	acctest.Expect(t, diagnostics, "cannot be used from this address", "IP ACL restriction")
	if n := account.Count("GET /streams/messages"); n > 5+4+3 {
		t.Errorf("%d requests: it went on after the first failure", n)
	}
	account.Inject(mockserver.Fault{Pattern: "GET /streams", Status: 403, Body: `{"message": "IP ACL restriction"}`})
	_, diagnostics = p.ReadData(realtime, nil)
	acctest.Expect(t, diagnostics, "cannot be used from this address")
}

func TestRealtimePerformanceValidation(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewAccount(t), nil)
	acctest.Expect(t, p.ValidateData(realtime, acctest.Values{"window": "a day"}), "at window:", "not a duration")
	acctest.Expect(t, p.ValidateData(realtime, acctest.Values{"all_tags": []string{""}}), "blank")
	acctest.Expect(t, p.ValidateData(realtime, acctest.Values{"statuses": []string{" "}}), "blank")
}
