package main

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
)

// watch stands between the client and the network. It lets nothing through that could change the account, holds every
// exchange to the contract, and remembers the first one since it was asked last.
type watch struct {
	validator *contract.Validator
	bases     map[contract.Host]*url.URL
	network   http.RoundTripper

	mu    sync.Mutex
	first *exchange
}

// exchange is a request, and what came of it.
type exchange struct {
	path     string // below the base URL
	status   int    // 0: no answer
	header   http.Header
	breaches []string // of the contract, by the answer
}

var errNoWrites = errors.New("the doctor makes no call that could change something")

// RoundTrip is for an http.Client.
func (w *watch) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodGet && request.Method != http.MethodOptions {
		return nil, errNoWrites
	}
	host, path := w.place(request.URL)
	seen := &exchange{path: path}
	w.remember(seen)

	var failure error
	forward := http.HandlerFunc(func(into http.ResponseWriter, _ *http.Request) {
		var response *http.Response
		if response, failure = w.network.RoundTrip(request); failure != nil {
			return
		}
		defer response.Body.Close()
		maps.Copy(into.Header(), response.Header)
		into.WriteHeader(response.StatusCode)
		_, failure = io.Copy(into, response.Body)
	})
	answer := httptest.NewRecorder()
	w.validator.Middleware(forward, func(err error) {
		// Contracts have no OPTIONS; what the request breaks is the provider's own test to find.
		if breach, is := errors.AsType[*contract.Violation](err); is && breach.Side == contract.Answer {
			seen.breaches = append(seen.breaches, breach.Problem)
		}
	}).ServeHTTP(answer, asPublic(request, host, path))
	if failure != nil {
		return nil, failure
	}
	response := answer.Result()
	response.Request = request
	seen.status, seen.header = response.StatusCode, response.Header
	return response, nil
}

// place tells which host a URL belongs to, and the path below its base. The longer base decides, for one listener may
// serve both.
func (w *watch) place(u *url.URL) (contract.Host, string) {
	management := w.bases[contract.Management]
	if below, is := strings.CutPrefix(u.Path, management.Path+"/"); is && u.Host == management.Host {
		return contract.Management, "/" + below
	}
	return contract.Messaging, strings.TrimPrefix(u.Path, w.bases[contract.Messaging].Path)
}

// asPublic is the request as the public host would get it, whatever stands between it and this one.
func asPublic(request *http.Request, host contract.Host, path string) *http.Request {
	public := request.Clone(request.Context())
	if base, err := url.Parse(host.URL()); err == nil {
		public.URL.Path, public.URL.RawPath = base.Path+path, ""
	}
	if public.Body == nil {
		public.Body = http.NoBody
	}
	return public
}

func (w *watch) remember(seen *exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.first == nil {
		w.first = seen
	}
}

// take returns the first exchange since the last take, and forgets it. There is always one to return.
func (w *watch) take() *exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	first := w.first
	w.first = nil
	if first == nil {
		first = &exchange{}
	}
	return first
}
