package simulation_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// roundTripper is a transport that is a function.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// through is a transport with a defect.
func through(defect func(next http.RoundTripper, r *http.Request) (*http.Response, error)) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) { return defect(next, r) })
	}
}

// again returns a copy of the request, with a changed body.
func again(r *http.Request, change func(string) string) *http.Request {
	other := r.Clone(r.Context())
	if r.Body == nil {
		return other
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	other.Body = io.NopCloser(strings.NewReader(change(string(body))))
	return other
}

func same(body string) string { return body }

func repeatsCreates(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	repetition := again(r, same)
	response, err := next.RoundTrip(r)
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/streams") && (err != nil || response.StatusCode >= 500) {
		return next.RoundTrip(repetition)
	}
	return response, err
}

func forgetsDeletes(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodDelete {
		return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	}
	return next.RoundTrip(r)
}

func resetsTwice(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/token") {
		if _, err := next.RoundTrip(again(r, same)); err != nil {
			return nil, err
		}
	}
	return next.RoundTrip(r)
}

func dropsForeignIPs(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPatch {
		return next.RoundTrip(r)
	}
	return next.RoundTrip(again(r, func(body string) string {
		before, list, found := strings.Cut(body, `{"ipAcl":"`)
		if !found {
			return body
		}
		list, rest, _ := strings.Cut(list, `"`)
		mine := slices.DeleteFunc(slices.Collect(entriesOf(list)), isForeignIP)
		return before + `{"ipAcl":"` + joined(mine) + `"` + rest
	}))
}

// forgetsChanges sends a change to nowhere, and answers with what is.
func forgetsChanges(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPatch {
		r = again(r, same)
		r.Method, r.Body = http.MethodGet, nil
	}
	return next.RoundTrip(r)
}

func logsKey(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	tflog.Info(context.WithoutCancel(r.Context()), "sending", map[string]any{"authorization": r.Header.Get("Authorization")})
	return next.RoundTrip(r)
}

// leavesGoroutine waits for a response that never comes after a failure.
func leavesGoroutine(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	response, err := next.RoundTrip(r)
	if err != nil {
		go func() { <-make(chan struct{}) }()
	}
	return response, err
}

// toFirst is a request for the first stream of the account, which is a foreign one
// where there are some.
func toFirst(r *http.Request, method, body string) *http.Request {
	other := r.Clone(r.Context())
	other.Method, other.Body = method, io.NopCloser(strings.NewReader(body))
	other.URL.Path = mockserver.ManagementPath + "/streams/101"
	return other
}

func deletesForeign(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodDelete {
		if _, err := next.RoundTrip(toFirst(r, http.MethodDelete, "")); err != nil {
			return nil, err
		}
	}
	return next.RoundTrip(r)
}

func changesForeign(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPatch {
		if _, err := next.RoundTrip(toFirst(r, http.MethodPatch, `{"description":"changed"}`)); err != nil {
			return nil, err
		}
	}
	return next.RoundTrip(r)
}

// opensLists empties each list before it writes the new one.
func opensLists(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	body := ""
	copied := again(r, func(text string) string { body = text; return `{"ipAcl":null}` })
	if r.Method == http.MethodPatch && strings.HasPrefix(body, `{"ipAcl":"`) {
		if _, err := next.RoundTrip(copied); err != nil {
			return nil, err
		}
	}
	return next.RoundTrip(r)
}

func writesInRefresh(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if operationOf(r.Context()).verb == "refresh" && r.Method == http.MethodGet {
		if _, err := next.RoundTrip(toFirst(r, http.MethodPatch, `{}`)); err != nil {
			return nil, err
		}
	}
	return next.RoundTrip(r)
}

// keepsToken shows the token where a destruction resets it.
func keepsToken(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if operationOf(r.Context()).verb == "delete" && r.Method == http.MethodPost {
		r = again(r, same)
		r.Method, r.Body = http.MethodGet, nil
	}
	return next.RoundTrip(r)
}

// forgetsOnce forgets the first change of each process.
func forgetsOnce(next http.RoundTripper) http.RoundTripper {
	var isLater atomic.Bool
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPatch && !isLater.Swap(true) {
			return forgetsChanges(next, r)
		}
		return next.RoundTrip(r)
	})
}
