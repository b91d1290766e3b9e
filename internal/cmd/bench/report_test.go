package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// within is a result that misses no bar: two streams, at 50 ms.
func within() result {
	return result{
		scenario: scenario{name: "2 streams", streams: 2, requests: 6, trips: 3},
		applies: map[string]cost{
			create:  {requests: map[string]int{"POST /streams": 2}},
			update:  {requests: map[string]int{"PATCH /streams/{id}": 2, "GET /streams": 1}},
			destroy: {requests: map[string]int{"DELETE /streams/{id}": 2, "GET /streams": 1}},
		},
		plans: map[string]cost{
			idle:   {time: time.Second},
			shared: {time: 1150 * time.Millisecond, requests: map[string]int{"GET /streams": 5, "GET /streams/{id}": 1}, memory: 150 << 20},
			single: {time: 2 * time.Second, requests: map[string]int{"GET /streams/{id}": 2}},
		},
	}
}

func TestBars(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*result)
		want   string
	}{
		"within":     {func(*result) {}, ""},
		"round trip": {func(r *result) { r.plans[shared] = cost{time: 1300 * time.Millisecond} }, ""},
		"slow":       {func(r *result) { r.plans[shared] = cost{time: 1301 * time.Millisecond} }, "took 1.301s, beyond 1.3s"},
		"chatty":     {func(r *result) { r.plans[shared].requests["GET /streams"]++ }, "7 requests, beyond 6"},
		"large": {func(r *result) {
			plan := r.plans[shared]
			plan.memory = 151 << 20
			r.plans[shared] = plan
		}, "151 MiB"},
		"patches":     {func(r *result) { r.applies[create].requests["PATCH /streams/{id}"] = 1 }, "1 PATCHes, beyond 0"},
		"creates":     {func(r *result) { r.applies[create].requests["POST /streams"]++ }, "create made 3 × POST /streams, not 2"},
		"updates":     {func(r *result) { r.applies[update].requests["PATCH /streams/{id}"]++ }, "update made 3 × PATCH /streams/{id}, not 2"},
		"deletes":     {func(r *result) { r.applies[destroy].requests["DELETE /streams/{id}"]-- }, "destroy made 1 × DELETE /streams/{id}, not 2"},
		"children":    {func(r *result) { r.events = 3 }, "create made 0 × POST /streams/{id}/events, not 3"},
		"not created": {func(r *result) { r.existing = 9 }, "create made 2 × POST /streams, not 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := within()
			test.change(&r)
			got := strings.Join(r.beyond(50*time.Millisecond), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("beyond are %q, not %q", got, test.want)
			}
		})
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	tables(&text, settings{latency: 50 * time.Millisecond}, []result{within()}, []variant{{name: idle}, {name: shared}, {name: single}})
	for _, want := range []string{
		"takes 50ms", "this provider  1.1 s  1.15   150 MiB  5 × GET /streams, 1 × GET /streams/{id}", "no requests    1.0 s  1.00   0 MiB    none",
		"destroy  0.0 s  2 × DELETE /streams/{id}, 1 × GET /streams",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
}

func TestPlotIsXML(t *testing.T) {
	t.Parallel()
	svg := plot([]result{within()}, 50*time.Millisecond)
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s\n%s", err, svg)
		}
	}
	for _, want := range []string{">2 streams<", ">1.15<", ">2.00<", "1 = " + idle} {
		if !strings.Contains(svg, want) {
			t.Errorf("%q is not in\n%s", want, svg)
		}
	}
}

// Nothing is left to do for a plan that begins with such a state.
func TestState(t *testing.T) {
	t.Parallel()
	account := mockserver.New(mockserver.Options{})
	large := scenario{streams: 1001}
	large.seed(account)
	text, err := stateOf(account, "registry.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"index_key":1000,`, `"name":"Stream 1000"`, `"identity":{"id":"1101"}`, `provider[\"registry.example.com/commpeak/commpeak\"]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in the state: %.300s", want, text)
		}
	}
	if len(large.steps()) > 0 {
		t.Error("what is recorded is applied")
	}
}
