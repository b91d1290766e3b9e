package mockserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// hook is a call of the server's own, for people and programs that watch the account, change it as the console would, or
// make it misbehave. It needs no key.
type hook struct {
	pattern string
	help    string
	locked  bool // runs under the server's lock, and finds the stream that the path names
	serve   handler
}

// hooks is the one table of hooks. GET /_mock lists it.
func (s *Server) hooks() []hook {
	return slices.Concat(s.serverHooks(), s.streamHooks(), s.childHooks(), s.accountHooks())
}

func (s *Server) serverHooks() []hook {
	return []hook{
		{"GET /_mock", "this list; a page for browsers", false, s.hookIndex},
		{pageActions, "the forms of the page", false, s.hookAction},
		{"GET /_mock/health", "200 as soon as the server answers", false, func(*call) *answer { return ok(fieldsOf{"status": "ok"}) }},
		{"POST /_mock/reset", "back to the seed, or to a new account; forgets requests and faults", false, s.hookReset},
		{"GET /_mock/clock", "the time of the server", false, s.hookClock},
		{"POST /_mock/clock", `move the clock: {"advance": "10m"}`, false, s.hookAdvance},
		{"GET /_mock/requests", "the requests so far, without secrets; ?pattern= filters, ?count=1 counts", false, s.hookRequests},
		{"DELETE /_mock/requests", "forget the requests", false, func(*call) *answer { s.ResetRequests(); return noContent() }},
		{"GET /_mock/faults", "the faults, with the number of requests that they hit and may still hit", false, s.hookFaults},
		{"POST /_mock/faults", "inject a fault: pattern, method, path, skip, times, stage, delay, status, header, body, drop, truncate", false, s.hookFault},
		{"DELETE /_mock/faults", "forget the faults", false, func(*call) *answer { s.ClearFaults(); return noContent() }},
	}
}

// addHooks serves the hooks.
func (s *Server) addHooks() {
	for _, h := range s.hooks() {
		serve := h.serve
		if h.locked {
			serve = s.locked(h.serve)
		}
		s.mux.HandleFunc(h.pattern, func(w http.ResponseWriter, r *http.Request) {
			c := &call{server: s, route: route{pattern: h.pattern}, request: r}
			s.hook(c, serve).write(w, false)
		})
	}
	s.mux.HandleFunc("/_mock/", func(w http.ResponseWriter, r *http.Request) {
		problem(http.StatusNotFound, fmt.Sprintf("There is no hook %s %s. GET /_mock lists all hooks.", r.Method, r.URL.Path)).write(w, false)
	})
}

func (s *Server) locked(serve handler) handler {
	return func(c *call) *answer {
		s.mu.Lock()
		defer s.mu.Unlock()
		if refusal := s.checkStream(c); refusal != nil {
			return refusal
		}
		return serve(c)
	}
}

// isCrossOrigin reports whether a page of another origin sends the request. Such a page must not change the account.
func isCrossOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host || r.Header.Get("Sec-Fetch-Site") == "cross-site"
}

// hook reads the body, if there is one, and serves the hook.
func (s *Server) hook(c *call, serve handler) *answer {
	if isCrossOrigin(c.request) {
		return problem(http.StatusForbidden, "Requests of other origins are refused.")
	}
	isForm := strings.HasPrefix(c.request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") && c.route.pattern == pageActions
	if isForm {
		c.request.Body = http.MaxBytesReader(nil, c.request.Body, maxBody)
		if err := c.request.ParseForm(); err != nil {
			return problem(http.StatusBadRequest, "The form cannot be read.")
		}
	} else if err := json.NewDecoder(http.MaxBytesReader(nil, c.request.Body, maxBody)).Decode(&c.doc); err != nil && c.request.ContentLength != 0 {
		return problem(http.StatusBadRequest, fmt.Sprintf("The body must be one JSON object: %v.", err))
	}
	ans := serve(c)
	if c.request.Method != http.MethodGet && ans.status < http.StatusBadRequest {
		s.changed()
	}
	return ans
}

func (s *Server) hookIndex(c *call) *answer {
	if strings.Contains(c.request.Header.Get("Accept"), "text/html") {
		return s.page(c, noteOf(c.request.URL.Query()))
	}
	list := []map[string]string{}
	for _, h := range s.hooks() {
		method, path, _ := strings.Cut(h.pattern, " ")
		list = append(list, map[string]string{"method": method, "path": path, "help": h.help})
	}
	return ok(fieldsOf{"endpoints": list})
}

func (s *Server) hookReset(*call) *answer { s.Reset(); return noContent() }

func (s *Server) hookClock(*call) *answer { return ok(fieldsOf{"now": s.now().Format(time.RFC3339)}) }

func (s *Server) hookAdvance(c *call) *answer {
	text, _ := c.doc["advance"].(string)
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || len(c.doc) != 1 {
		return problem(http.StatusBadRequest, `The body must be {"advance": "10m"}, with a duration that is not negative.`)
	}
	s.Advance(d)
	return s.hookClock(c)
}

// hookFaults lists the faults.
func (s *Server) hookFaults(*call) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []fieldsOf{}
	for _, f := range s.faults {
		entry := document(f.Fault)
		entry["hits"], entry["left"] = f.hits, f.left // left -1: all requests
		if f.Delay > 0 {
			entry["delay"] = f.Delay.String()
		}
		list = append(list, entry)
	}
	return ok(list)
}

// hookFault injects the fault that the body describes.
func (s *Server) hookFault(c *call) *answer {
	delay, _ := c.doc["delay"].(string)
	delete(c.doc, "delay")
	var fault Fault
	text, err := json.Marshal(c.doc)
	if err == nil {
		err = strictly(text, &fault)
	}
	if err == nil && delay != "" {
		fault.Delay, err = time.ParseDuration(delay)
	}
	if err != nil {
		return problem(http.StatusBadRequest, err.Error())
	}
	if err := s.checkFault(fault); err != nil {
		return problem(http.StatusBadRequest, err.Error())
	}
	s.Inject(fault)
	return noContent()
}

// strictly decodes JSON that may hold nothing that v does not.
func strictly(text []byte, v any) error {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	return decoder.Decode(v)
}

// hookRequest is a request as people see it.
type hookRequest struct {
	Time    string  `json:"time"`
	Method  string  `json:"method"`
	Path    string  `json:"path"`
	Query   string  `json:"query,omitempty"`
	Pattern string  `json:"pattern,omitempty"`
	Body    string  `json:"body,omitempty"`
	Status  int     `json:"status"`
	Took    float64 `json:"tookMs"`
	Faulted bool    `json:"faulted,omitempty"`
	Dropped bool    `json:"dropped,omitempty"`
	ID      string  `json:"requestId"`
}

func (s *Server) hookRequests(c *call) *answer {
	query := c.request.URL.Query()
	pattern := query.Get("pattern")
	requests := slices.DeleteFunc(s.Requests(), func(r Request) bool { return !matches(pattern, r.Pattern) })
	list := readable(requests, s.Secrets())
	if query.Get("count") != "" {
		return ok(fieldsOf{"count": len(list)})
	}
	return ok(list)
}

// readable returns requests as people see them, without secrets.
func readable(requests []Request, secrets []string) []hookRequest {
	redact := redactor(secrets)
	list := []hookRequest{}
	for _, r := range requests {
		list = append(list, hookRequest{
			Time: r.Time.Format(time.RFC3339), Method: r.Method, Path: r.Path, Query: redact(r.Query.Encode()), Pattern: r.Pattern,
			Body: redact(string(r.Body)), Status: r.Status, Took: float64(r.Took.Microseconds()) / 1000,
			Faulted: r.Faulted, Dropped: r.Dropped, ID: r.RequestID,
		})
	}
	return list
}

// writtenToken finds an access token in a body, be it one that the server refused.
var writtenToken = regexp.MustCompile(`("accessToken"\s*:\s*)"(?:[^"\\]|\\.)*"`)

// redactor returns a function that takes every secret out of a text.
func redactor(secrets []string) func(string) string {
	var pairs []string
	for _, secret := range secrets {
		pairs = append(pairs, secret, "***")
	}
	known := strings.NewReplacer(pairs...)
	return func(text string) string { return writtenToken.ReplaceAllString(known.Replace(text), `$1"***"`) }
}
