package commpeak_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// paged answers with its part of n streams, as the query asks.
func paged(t *testing.T, n int) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		page, err := strconv.Atoi(r.URL.Query().Get("_page"))
		if err != nil || page < 1 {
			t.Errorf("page %q", r.URL.RawQuery)
		}
		var items []string
		for id := (page-1)*100 + 1; id <= min(n, page*100); id++ {
			items = append(items, fmt.Sprintf(`{"id": %d}`, id))
		}
		reply(w, 200, "["+strings.Join(items, ",")+"]")
	}
}

func pageLines(pages int) []string {
	lines := []string{}
	for page := 1; page <= pages; page++ {
		lines = append(lines, fmt.Sprintf("GET /base/streams?_page=%d&itemsPerPage=100", page))
	}
	return lines
}

func TestListingAsksForTheRightPages(t *testing.T) {
	t.Parallel()
	for n, pages := range map[int]int{0: 1, 1: 1, 99: 1, 100: 2, 101: 2, 250: 3} {
		s := serve(t, paged(t, n))
		next := 1
		for stream, err := range newClient(s.URL + "/base").Streams(t.Context()) {
			if err != nil || stream.ID != strconv.Itoa(next) {
				t.Fatalf("%d streams: got %q, %v; want %d", n, stream.ID, err, next)
			}
			next++
		}
		equal(t, "listed", next-1, n)
		equal(t, fmt.Sprintf("%d streams", n), s.lines(), pageLines(pages))
	}
}

func TestListingStopsWithItsReader(t *testing.T) {
	t.Parallel()
	for stopAt, pages := range map[int]int{1: 1, 100: 1, 101: 2} {
		s := serve(t, paged(t, 250))
		listed := 0
		for _, err := range newClient(s.URL + "/base").Streams(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			listed++
			if listed == stopAt {
				break
			}
		}
		equal(t, fmt.Sprintf("stopped at %d", stopAt), s.lines(), pageLines(pages))
	}
}

func TestListingEndsWithAnError(t *testing.T) {
	t.Parallel()
	full := paged(t, 250)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("_page") == "2" {
			reply(w, 403, `{"message": "IP ACL restriction"}`)
			return
		}
		full(w, r)
	})
	listed, failures := 0, 0
	for _, err := range newClient(s.URL + "/base").Streams(t.Context()) {
		if err == nil {
			listed++
			continue
		}
		failures++
		mentions(t, err, "list streams", "IP ACL restriction")
	}
	equal(t, "listed", listed, 100)
	equal(t, "errors", failures, 1)
	equal(t, "requests", s.lines(), pageLines(2))
}

func TestListingRefusesWhatIsNoPage(t *testing.T) {
	t.Parallel()
	tooMany := "[" + strings.Repeat(`{"id": 1},`, 100) + `{"id": 2}]`
	for _, body := range []string{tooMany, `null`, `{}`, `{"items": []}`, `[null]`, `[{"id": 1}, {}]`, ``} {
		s := serve(t, always(200, body))
		var last error
		yielded := 0
		for _, err := range newClient(s.URL).Streams(t.Context()) {
			last = err
			yielded++
		}
		if yielded != 1 || !errors.Is(last, commpeak.ErrNotTheAPI) {
			t.Errorf("%.20s: %d items, %v", body, yielded, last)
		}
		equal(t, "requests", s.count("GET"), 1)
	}
}
