package allowedip_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// Allowed IPs are listed by documented calls alone.
func TestAllowedIPsQuery(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) { o.DocumentedOnly = true })
	account.AddStream(mockserver.Stream{Name: "News", IPACL: "203.0.113.7/32; 2001:DB8::/32,192.0.2.0/24"})
	account.AddStream(mockserver.Stream{Name: "Open"})
	account.AddStream(mockserver.Stream{Name: "Odd", IPACL: "office, 192.0.2.1"})
	p := acctest.NewProtocol(t, account, nil)
	odd := func(query acctest.Query) int {
		t.Helper()
		found, diagnostics := p.List(query)
		acctest.Expect(t, diagnostics, "Allowed IPs left out", `"office" of the stream "Odd" (103)`)
		return len(found)
	}

	entry := func(config acctest.Values, limit int64) acctest.Query {
		return acctest.Query{Type: "commpeak_allowed_ip", Config: config, Limit: limit}
	}
	p.ExpectNames(t, entry(acctest.Values{"stream_id": "101"}, 0), "News: 192.0.2.0/24", "News: 2001:db8::/32", "News: 203.0.113.7")
	p.ExpectNames(t, entry(acctest.Values{"streams": acctest.Values{"name_contains": "New"}}, 2), "News: 192.0.2.0/24", "News: 2001:db8::/32")
	p.ExpectNames(t, entry(acctest.Values{"stream_id": "102"}, 0))
	if found := odd(entry(nil, 0)); found != 4 {
		t.Errorf("%d entries are listed", found)
	}
	p.ExpectImportable(t, "commpeak_allowed_ip", 4)

	whole := func(config acctest.Values, limit int64) acctest.Query {
		return acctest.Query{Type: "commpeak_allowed_ips", Config: config, Limit: limit}
	}
	p.ExpectNames(t, whole(acctest.Values{"stream_id": "101"}, 0), "News: 192.0.2.0/24, 2001:db8::/32, 203.0.113.7")
	p.ExpectNames(t, whole(acctest.Values{"stream_id": "102"}, 0))
	p.ExpectNames(t, whole(nil, 1), "News: 192.0.2.0/24, 2001:db8::/32, 203.0.113.7")
	if found := odd(whole(nil, 0)); found != 1 {
		t.Errorf("%d lists are listed", found)
	}

	p.ExpectImportable(t, "commpeak_allowed_ips", 1)

	account.Tolerate(404)
	for _, name := range []string{"commpeak_allowed_ip", "commpeak_allowed_ips"} {
		_, diagnostics := p.List(acctest.Query{Type: name, Config: acctest.Values{"stream_id": "4711"}})
		acctest.Expect(t, diagnostics, "at stream_id:", "stream with the ID 4711")
	}
}
