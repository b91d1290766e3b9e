package mockserver

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// route is one call that the server knows.
type route struct {
	pattern string              // method and path as the contract writes them; empty: no such call
	auth    credential          // what the Authorization header must hold
	assumed bool                // not publicly documented
	accepts string              // media type of the body, which is then a JSON object; empty: the body is ignored
	serve   func(*call) *answer // runs under the server's lock
}

// credential is what authorises a call.
type credential int

const (
	noKey credential = iota
	apiKey
	streamToken
)

const (
	plainJSON  = "application/json"
	mergePatch = "application/merge-patch+json"
)

// call is one request on its way through the server.
type call struct {
	server  *Server
	route   route
	request *http.Request
	body    []byte
	id      string         // of the request, for the answer
	doc     map[string]any // the body of a call that takes one
	stream  *stream        // the stream that the path names
}

func (s *Server) routes() []route {
	return slices.Concat(s.streamRoutes(), s.eventRoutes(), s.webhookRoutes(), s.templateRoutes(), s.messageRoutes(),
		s.sendRoutes(), s.otpRoutes(), s.whatsAppRoutes(), []route{s.unknownRoute(s.mux)})
}

func (s *Server) streamRoutes() []route {
	return []route{
		{pattern: "GET /streams", auth: apiKey, serve: s.listStreams},
		{pattern: "POST /streams", auth: apiKey, assumed: true, accepts: plainJSON, serve: s.createStream},
		{pattern: "GET /streams/{id}", auth: apiKey, serve: s.showStream},
		{pattern: "PATCH /streams/{id}", auth: apiKey, assumed: true, accepts: mergePatch, serve: s.patchStream},
		{pattern: "DELETE /streams/{id}", auth: apiKey, assumed: true, serve: s.deleteStream},
		{pattern: "GET /streams/{id}/token", auth: apiKey, serve: s.showToken},
		{pattern: "POST /streams/{id}/token", auth: apiKey, assumed: true, serve: s.resetToken},
		{pattern: "GET /senders", auth: apiKey, serve: s.listSenders},
	}
}

// muxPattern returns the pattern on this server, where one listener serves both hosts.
func (rt route) muxPattern() string {
	if rt.pattern == "" {
		return "/"
	}
	method, path, _ := strings.Cut(rt.pattern, " ")
	if rt.auth == apiKey || strings.HasPrefix(path, "/streams/") {
		path = ManagementPath + path
	}
	if strings.HasSuffix(path, "/") {
		path += "{$}"
	}
	return method + " " + path
}

// unknownRoute takes what no other route takes: 405 if the path has other methods in mux, else 404.
func (s *Server) unknownRoute(mux *http.ServeMux) route {
	return route{serve: func(c *call) *answer {
		var allowed []string
		if mux != nil {
			allowed = methodsOf(mux, c.request)
		}
		if allowed == nil {
			return noRoute(c)
		}
		ans := problem(http.StatusMethodNotAllowed, fmt.Sprintf("Allowed here: %s.", strings.Join(allowed, ", ")))
		ans.set("Allow", strings.Join(allowed, ", "))
		return ans
	}}
}

func noRoute(c *call) *answer {
	return notFound(fmt.Sprintf("No route found for %q.", c.request.Method+" "+c.request.URL.Path))
}

// methodsOf returns the methods that mux knows for the path of r.
func methodsOf(mux *http.ServeMux, r *http.Request) []string {
	var methods []string
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := mux.Handler(probe); pattern != "/" {
			methods = append(methods, method)
		}
	}
	return methods
}

// checkRate refuses what exceeds the rate limit.
func (s *Server) checkRate(*call) *answer {
	pause := s.bucket.take(s.now())
	if pause == 0 {
		return nil
	}
	ans := problem(http.StatusTooManyRequests, "Too many requests.")
	ans.set("Retry-After", strconv.Itoa(int(math.Ceil(pause.Seconds()))))
	return ans
}

// checkKey refuses a call without the credential that it takes. The key stands alone in the header, so that "Bearer …"
// is simply a wrong one.
func (s *Server) checkKey(c *call) *answer {
	given := []byte(c.request.Header.Get("Authorization"))
	switch c.route.auth {
	case apiKey:
		if subtle.ConstantTimeCompare(given, []byte(s.account.APIKey)) != 1 {
			return unauthorized()
		}
	case streamToken:
		if c.stream = s.account.streamByToken(given); c.stream == nil {
			return unauthorized()
		}
		return s.checkAddress(c)
	}
	return nil
}

// checkOffered refuses calls that this account's API does not have.
func (s *Server) checkOffered(c *call) *answer {
	if !c.route.assumed {
		return nil
	}
	write := c.request.Method != http.MethodGet && c.route.auth == apiKey
	switch {
	case s.opts.DocumentedOnly, write && s.opts.Writes == WritesNotFound:
		return noRoute(c)
	case write && s.opts.Writes == WritesNotAllowed:
		ans := problem(http.StatusMethodNotAllowed, "This API is read-only.")
		ans.set("Allow", http.MethodGet)
		return ans
	}
	return nil
}

// checkStream finds the stream that the path names.
func (s *Server) checkStream(c *call) *answer {
	if !strings.Contains(c.route.pattern, "/streams/{id}") {
		return nil
	}
	id, err := strconv.Atoi(c.request.PathValue("id"))
	if c.stream = s.account.stream(id); err != nil || c.stream == nil {
		return notFound("No such stream.")
	}
	return nil
}

// checkBody refuses a body of the wrong media type and one that is no JSON object.
func (s *Server) checkBody(c *call) *answer {
	if c.route.accepts == "" {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || mediaType != c.route.accepts {
		return problem(http.StatusUnsupportedMediaType, fmt.Sprintf("The body must be %s.", c.route.accepts))
	}
	return c.decode()
}

// decode reads the body into c.doc.
func (c *call) decode() *answer {
	if err := json.Unmarshal(c.body, &c.doc); err != nil || c.doc == nil {
		return problem(http.StatusBadRequest, "The body must be one JSON object.")
	}
	return nil
}

// page cuts the page that the query asks for out of items: _page counts from 1, itemsPerPage is 1 to 100, 30 if missing.
func page[T any](c *call, items []T) ([]T, *answer) {
	return pageBy(c, "_page", items)
}

// listed answers a page of items as wire tells them.
func listed[T, W any](c *call, items []T, wire func(T) W) *answer {
	items, refusal := page(c, items)
	if refusal != nil {
		return refusal
	}
	list := []W{}
	for _, item := range items {
		list = append(list, wire(item))
	}
	return ok(list)
}

// pageBy is page for a call that names the number of the page otherwise.
func pageBy[T any](c *call, name string, items []T) ([]T, *answer) {
	number, refusal := c.queryNumber(name, 1, math.MaxInt32)
	if refusal != nil {
		return nil, refusal
	}
	size, refusal := c.queryNumber("itemsPerPage", 30, 100)
	if refusal != nil {
		return nil, refusal
	}
	start := min((number-1)*size, len(items))
	return items[start:min(start+size, len(items))], nil
}

// queryNumber returns a query parameter that is a number from 1 to most.
func (c *call) queryNumber(name string, missing, most int) (int, *answer) {
	query := c.request.URL.Query()
	if !query.Has(name) {
		return missing, nil
	}
	n, err := strconv.Atoi(query.Get(name))
	if err != nil || n < 1 || n > most {
		return 0, problem(http.StatusBadRequest, fmt.Sprintf("%s must be a number from 1 to %d.", name, most))
	}
	return n, nil
}

// bucket is a token bucket that holds one second's worth of requests, and one at least.
type bucket struct {
	rate   float64 // requests a second; 0: no limit
	tokens float64
	filled time.Time // when tokens was right; zero: never used
}

// take takes one token out. It returns 0, or how long to wait until there is one.
func (b *bucket) take(now time.Time) time.Duration {
	if b.rate <= 0 {
		return 0
	}
	size := max(1, b.rate)
	if b.filled.IsZero() {
		b.tokens = size
	} else if now.After(b.filled) {
		b.tokens = min(size, b.tokens+b.rate*now.Sub(b.filled).Seconds())
	}
	b.filled = now
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration(math.Ceil((1 - b.tokens) / b.rate * float64(time.Second)))
}
