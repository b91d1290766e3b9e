package stream_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

func TestStreamsQuery(t *testing.T) {
	t.Parallel()
	_, p := shop(t)
	list := func(config acctest.Values, limit int64) acctest.Query {
		return acctest.Query{Type: "commpeak_stream", Config: config, Limit: limit}
	}
	for name, test := range map[string]struct {
		config acctest.Values
		limit  int64
		want   []string
	}{
		"part of the name": {acctest.Values{"name_contains": "letter"}, 0, []string{"Newsletter EU", "Newsletter US"}},
		"regex":            {acctest.Values{"name_regex": "^(Orders|Login)"}, 0, []string{"Orders", "Login codes"}},
		"statuses":         {acctest.Values{"statuses": []string{"disabled", "sending"}}, 0, []string{"Newsletter US", "Orders"}},
		"types":            {acctest.Values{"types": []string{"otp", "two_way"}}, 0, []string{"Login codes", "Replies (new*)"}},
		"all tags":         {acctest.Values{"all_tags": []string{"eu", "shop"}}, 0, []string{"Newsletter EU"}},
		"any tags":         {acctest.Values{"any_tags": []string{"us", "eu"}}, 0, []string{"Newsletter EU", "Newsletter US", "Orders"}},
		"every filter":     {acctest.Values{"name_contains": "News", "statuses": []string{"ready"}, "types": []string{"marketing"}, "all_tags": []string{"shop"}}, 0, []string{"Newsletter EU"}},
		"nothing":          {acctest.Values{"name_contains": "none such"}, 0, nil},
		"limit":            {nil, 2, []string{"Newsletter EU", "Newsletter US"}},
		"limit of matches": {acctest.Values{"any_tags": []string{"shop"}}, 2, []string{"Newsletter EU", "Newsletter US"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p.ExpectNames(t, list(test.config, test.limit), test.want...)
		})
	}
	t.Run("what cannot be managed", func(t *testing.T) {
		t.Parallel()
		found, diagnostics := p.List(list(nil, 0))
		acctest.Expect(t, diagnostics, "Streams left out", `"Calls" (107, voice)`)
		if len(acctest.Warnings(diagnostics)) != 1 || len(found) != 6 {
			t.Errorf("%d are listed, with %q", len(found), acctest.Texts(diagnostics))
		}
	})
	t.Run("resources", func(t *testing.T) {
		t.Parallel()
		p.ExpectImportable(t, "commpeak_stream", 6)
	})
	for name, test := range map[string]struct {
		config acctest.Values
		words  []string
	}{
		"regex": {acctest.Values{"name_regex": "("}, []string{"at name_regex:", "missing closing"}},
		"null":  {acctest.Values{"types": []any{nil}}, []string{"Null in types"}},
		"blank": {acctest.Values{"all_tags": []string{" "}}, []string{"Blank text in all_tags"}},
	} {
		t.Run("invalid "+name, func(t *testing.T) {
			t.Parallel()
			acctest.Expect(t, p.ValidateList(list(test.config, 0)), test.words...)
		})
	}
}

// What a stream does not report is what importing it assumes.
func TestStreamsQueryOfDocumentedFields(t *testing.T) {
	t.Parallel()
	_, p := shop(t, func(o *mockserver.Options) { o.DocumentedOnly = true })
	p.ExpectImportable(t, "commpeak_stream", 6)
}

// No page after the last that the limit needs is asked for.
func TestStreamsQueryStopsAtLimit(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	for range 250 {
		account.AddStream(mockserver.Stream{Name: "News"})
	}
	p := acctest.NewProtocol(t, account, nil)
	for _, test := range []struct {
		limit        int64
		found, pages int
	}{{100, 100, 1}, {101, 101, 2}, {0, 250, 3}} {
		account.ResetRequests()
		found, diagnostics := p.List(acctest.Query{Type: "commpeak_stream", Limit: test.limit})
		acctest.ExpectNone(t, diagnostics)
		if pages := account.Count("GET /streams"); len(found) != test.found || pages != test.pages {
			t.Errorf("a limit of %d: %d streams of %d pages", test.limit, len(found), pages)
		}
	}
}

// An error inside the listing is seen, even after many results.
func TestListErrorsArePushed(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(403)
	for range 150 {
		account.AddStream(mockserver.Stream{Name: "News"})
	}
	p := acctest.NewProtocol(t, account, nil)
	account.Inject(mockserver.Fault{Pattern: "GET /streams", Skip: 1, Status: 403})
	found, diagnostics := p.List(acctest.Query{Type: "commpeak_stream"})
	acctest.Expect(t, diagnostics, "cannot be used from this address", "HTTP 403")
	if len(found) != 100 {
		t.Errorf("%d streams came before the error", len(found))
	}
}
