package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// What the provider itself spends on a stream among many that nothing changes:
// a refresh, answered by a page that others asked for, and a plan of the same.
func BenchmarkSettledStream(b *testing.B) {
	const streams = 10
	account := acctest.NewAccount(b)
	p := acctest.NewProtocol(b, account, nil)
	var all []*acctest.Resource
	for i := range streams {
		made := account.AddStream(mockserver.Stream{Name: fmt.Sprint("Stream ", i), Type: mockserver.Transactional, Tags: []string{"bench"}})
		one := p.Resource("commpeak_stream")
		acctest.ExpectNone(b, one.Import(fmt.Sprint(made.ID)))
		all = append(all, one)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		one := all[i%streams]
		acctest.ExpectNone(b, one.Refresh())
		config := acctest.Values{"name": fmt.Sprint("Stream ", i%streams), "type": "transactional", "tags": []string{"bench"}}
		if plan := one.Plan(config); !plan.Planned.Equal(one.State) {
			b.Fatal("a change is planned")
		}
	}
}

// BenchmarkSettledList is a refresh, a validation and a plan of a long list of
// allowed IPs that nothing changes.
func BenchmarkSettledList(b *testing.B) {
	account := acctest.NewAccount(b)
	p := acctest.NewProtocol(b, account, nil)
	var ips []string
	for i := range 3000 {
		ips = append(ips, fmt.Sprintf("198.%d.%d.7", 18+i/256, i%256))
	}
	account.AddStream(mockserver.Stream{Name: "Stream", IPACL: strings.Join(ips, ",")})
	list := p.Resource("commpeak_allowed_ips")
	acctest.ExpectNone(b, list.Import("101"))
	slices.Sort(ips)
	config := acctest.Values{"stream_id": "101", "ips": ips}
	b.ReportAllocs()
	for b.Loop() {
		acctest.ExpectNone(b, list.Validate(config))
		acctest.ExpectNone(b, list.Refresh())
		if plan := list.Plan(config); len(plan.Diagnostics) > 0 {
			b.Fatal(plan.Diagnostics)
		}
	}
}

// What a provider takes to start and to say what it offers, which every command
// of the CLI asks for first.
func BenchmarkFirstAnswer(b *testing.B) {
	account := acctest.NewAccount(b)
	b.ReportAllocs()
	for b.Loop() {
		acctest.Serve(b, account.Env)
	}
}
