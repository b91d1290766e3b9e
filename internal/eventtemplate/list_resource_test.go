package eventtemplate_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// busy is an account whose streams have 0, 2, 120 and 1 events.
func busy(t *testing.T) (*acctest.Account, *acctest.Protocol) {
	t.Helper()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{Name: "News", Type: mockserver.Marketing})
	orders := account.AddStream(mockserver.Stream{Name: "Orders", Type: mockserver.Transactional, Tags: []string{"shop"}})
	many := account.AddStream(mockserver.Stream{Name: "Many", Type: mockserver.Transactional})
	codes := account.AddStream(mockserver.Stream{Name: "Codes", Type: mockserver.OTP, Tags: []string{"shop"}})
	add := func(stream mockserver.Stream, keys ...string) {
		for _, key := range keys {
			account.AddEvent(stream.ID, mockserver.Event{Name: "Event " + key, Key: key, Template: "Hello {name}"})
		}
	}
	add(orders, "shipped", "paid")
	for i := range 120 {
		add(many, "event_"+string(rune('a'+i/26))+string(rune('a'+i%26)))
	}
	add(codes, "code")
	return account, acctest.NewProtocol(t, account, nil)
}

func query(config acctest.Values, limit int64) acctest.Query {
	return acctest.Query{Type: "commpeak_event_template", Config: config, Limit: limit}
}

func TestEventTemplatesQuery(t *testing.T) {
	t.Parallel()
	_, p := busy(t)
	for name, test := range map[string]struct {
		config acctest.Values
		limit  int64
		want   []string
	}{
		"one stream":         {acctest.Values{"stream_id": "102"}, 0, []string{"Orders: shipped", "Orders: paid"}},
		"streams by a tag":   {acctest.Values{"streams": acctest.Values{"all_tags": []string{"shop"}}}, 0, []string{"Orders: shipped", "Orders: paid", "Codes: code"}},
		"streams by a name":  {acctest.Values{"streams": acctest.Values{"name_regex": "^Co"}}, 0, []string{"Codes: code"}},
		"streams by a type":  {acctest.Values{"streams": acctest.Values{"types": []string{"otp"}}}, 0, []string{"Codes: code"}},
		"streams of no kind": {acctest.Values{"streams": acctest.Values{"types": []string{"marketing"}}}, 0, nil},
		"limit":              {nil, 1, []string{"Orders: shipped"}},
		"limit at a border":  {nil, 3, []string{"Orders: shipped", "Orders: paid", "Many: event_aa"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p.ExpectNames(t, query(test.config, test.limit), test.want...)
		})
	}
	t.Run("resources", func(t *testing.T) {
		t.Parallel()
		p.ExpectImportable(t, "commpeak_event_template", 123)
	})
}

// Only streams that can have events are asked, and none after the limit.
func TestEventTemplatesQueryRequests(t *testing.T) {
	t.Parallel()
	account, p := busy(t)
	for limit, pages := range map[int64]int{0: 4, 1: 1, 2: 1, 3: 2, 102: 2, 103: 3} {
		account.ResetRequests()
		_, diagnostics := p.List(query(nil, limit))
		acctest.ExpectNone(t, diagnostics)
		if got := account.Count("GET /streams/{id}/events"); got != pages {
			t.Errorf("a limit of %d: %d pages of events, not %d", limit, got, pages)
		}
	}
}

func TestEventTemplatesQueryMistakes(t *testing.T) {
	t.Parallel()
	account, p := busy(t)
	account.Tolerate(404)
	account.Tolerate(403)
	list := func(config acctest.Values, words ...string) []acctest.Listed {
		t.Helper()
		found, diagnostics := p.List(query(config, 0))
		acctest.Expect(t, acctest.Errors(diagnostics), words...)
		return found
	}
	list(acctest.Values{"stream_id": "4711"}, "at stream_id:", "stream with the ID 4711")
	list(acctest.Values{"stream_id": "101"}, "at stream_id:", "A stream of this type has no event templates", `"News" (101)`, `"marketing"`)

	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/events", Skip: 1, Status: 403})
	if found := list(nil, "cannot be used from this address", "HTTP 403"); len(found) != 2 {
		t.Errorf("%d events came before the error", len(found))
	}
	// An account whose API has no such call: that is no empty list.
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/events", Status: 404})
	list(nil, "Could not list the event templates", "offers no such call")

	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"id":     {acctest.Values{"stream_id": " "}, []string{"at stream_id:", "blank"}},
		"both":   {acctest.Values{"stream_id": "102", "streams": acctest.Values{"name_contains": "a"}}, []string{"at streams:", "stream_id"}},
		"filter": {acctest.Values{"streams": acctest.Values{"name_regex": "("}}, []string{"at streams.name_regex:", "missing closing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Expect(t, p.ValidateList(query(test.config, 0)), test.words...)
		})
	}
}

// A stream that vanishes while its account is listed is no error.
func TestEventTemplatesQueryOfAVanishingStream(t *testing.T) {
	t.Parallel()
	account, p := busy(t)
	account.Tolerate(404)
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/events", Match: func(r mockserver.Request) bool {
		return r.Path == mockserver.ManagementPath+"/streams/103/events"
	}, Status: 404}, mockserver.Fault{Pattern: "GET /streams/{id}", Status: 404})
	p.ExpectNames(t, query(nil, 0), "Orders: shipped", "Orders: paid", "Codes: code")
}
