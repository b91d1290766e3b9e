package session_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const twoSenders = `[{"id": 1, "value": "ACME", "status": "approved"}, {"id": 2, "value": "NEW", "status": "pending"},
	{"id": 3, "value": "LATE", "status": "pending"}, {"id": 4, "value": "LATE", "status": "approved"}]`

func TestSenderStatusesAreAskedForOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, always(200, twoSenders))
	client := newSession(s.URL)
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

// TestSenderStatusesOfACancelledCaller has one caller ask a slow service and
// give up, one wait for the first and give up, and one that stays.
func TestSenderStatusesOfACancelledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, asked := virtual(t, func(w http.ResponseWriter, r *http.Request) {
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
			equal(t, "answered after", time.Since(begin), 20*time.Second)
		})
		workers.Wait()
		equal(t, "requests", asked.count("GET"), 1)
	})
}

// A failure is kept as well: the plan of each object depends on the same answer.
func TestSenderStatusesKeepAFailure(t *testing.T) {
	t.Parallel()
	s := serve(t, always(403, `{"message": "IP ACL restriction"}`))
	client := newSession(s.URL)
	for i := range 3 {
		if _, err := client.SenderStatuses(t.Context()); !errors.Is(err, commpeak.ErrForbidden) {
			t.Errorf("got %v", err)
		}
		equal(t, "the first to report it", client.ReportOnce("senders"), i == 0)
	}
	equal(t, "requests", s.count(""), 1)
}

// Lookups depend on the account as it was listed once: not on the order of the calls, and not
// on what this run reads and creates in the meantime.
func TestLookupsDependOnTheAccount(t *testing.T) {
	t.Parallel()
	account, run := mockAccount(t)
	before := run()
	for range 2 {
		_, err := before.CreateStream(t.Context(), commpeak.StreamSpec{Name: "Twin", Type: commpeak.OTP, Enabled: true})
		equal(t, "error", err, nil)
	}
	account.AddStream(mockserver.Stream{Name: "Twin", Type: mockserver.TwoWay})
	var answers []string
	for range 10 {
		s := run()
		var all sync.WaitGroup
		all.Go(func() { _, _ = s.GetStream(t.Context(), "101") })
		all.Go(func() {
			ids, err := s.StreamsLike(t.Context(), "Twin", commpeak.OTP)
			equal(t, "error", err, nil)
			answers = append(answers, fmt.Sprint(ids))
		})
		all.Wait()
	}
	slices.Sort(answers)
	equal(t, "answers", slices.Compact(answers), []string{"[101 102]"})

	s := run()
	_, err := s.CreateStream(t.Context(), commpeak.StreamSpec{Name: "Twin", Type: commpeak.OTP, Enabled: true})
	equal(t, "error", err, nil)
	ids, err := s.StreamsLike(t.Context(), "Twin", commpeak.OTP)
	equal(t, "error", err, nil)
	equal(t, "streams before this run", ids, []string{"101", "102"})
}

// A list that a plan could not read is read again for a create.
func TestListIsReadAgainForACreate(t *testing.T) {
	t.Parallel()
	account, run := mockAccount(t)
	account.Inject(mockserver.Fault{Pattern: "GET /streams", Status: 403})
	s := run()
	for range 2 {
		if _, err := s.StreamsLike(t.Context(), "News", commpeak.OTP); !errors.Is(err, commpeak.ErrForbidden) {
			t.Errorf("got %v", err)
		}
	}
	_, err := s.CreateStream(t.Context(), commpeak.StreamSpec{Name: "News", Type: commpeak.OTP, Enabled: true})
	equal(t, "error", err, nil)
}
