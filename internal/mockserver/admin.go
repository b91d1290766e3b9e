package mockserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// addHooks serves what people who run the program use to look at the account and to change it by hand.
func (s *Server) addHooks() {
	hook := func(pattern string, serve func(*call) *answer) {
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			c := &call{server: s, route: route{pattern: pattern}, request: r}
			s.hook(c, serve).write(w, false)
		})
	}
	locked := func(serve func(*call) *answer) func(*call) *answer {
		return func(c *call) (ans *answer) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if refusal := s.checkStream(c); refusal != nil {
				return refusal
			}
			return serve(c)
		}
	}
	hook("GET /_mock/requests", s.hookRequests)
	hook("DELETE /_mock/requests", func(*call) *answer { s.ResetRequests(); return noContent() })
	hook("POST /_mock/faults", s.hookFault)
	hook("DELETE /_mock/faults", func(*call) *answer { s.ClearFaults(); return noContent() })
	hook("GET /_mock/streams", locked(func(*call) *answer { return s.hookStreams() }))
	hook("POST /_mock/streams", locked(s.createStream))
	hook("PATCH /_mock/streams/{id}", locked(s.patchStream))
	hook("DELETE /_mock/streams/{id}", locked(s.deleteStream))
	hook("POST /_mock/streams/{id}/token", locked(s.resetToken))
	hook("POST /_mock/streams/{id}/incoming", s.hookIncoming)
}

// hook reads the body, if there is one, and serves the hook.
func (s *Server) hook(c *call, serve func(*call) *answer) *answer {
	if err := json.NewDecoder(http.MaxBytesReader(nil, c.request.Body, maxBody)).Decode(&c.doc); err != nil && c.request.ContentLength != 0 {
		return problem(http.StatusBadRequest, fmt.Sprintf("The body must be one JSON object: %v.", err))
	}
	ans := serve(c)
	if c.request.Method != http.MethodGet && ans.status < 300 {
		s.changed()
	}
	return ans
}

func (s *Server) hookStreams() *answer {
	list := []wireStream{}
	for _, st := range s.account.Streams {
		list = append(list, s.wire(st))
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
	if fault.Stage != Before && fault.Stage != After {
		return problem(http.StatusBadRequest, `stage must be "after" or nothing.`)
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

func (s *Server) hookRequests(*call) *answer {
	blot := s.blotter()
	list := []hookRequest{}
	for _, r := range s.Requests() {
		list = append(list, hookRequest{
			Time: r.Time.Format(time.RFC3339), Method: r.Method, Path: r.Path, Query: blot(r.Query.Encode()), Pattern: r.Pattern,
			Body: blot(string(r.Body)), Status: r.Status, Took: float64(r.Took.Microseconds()) / 1000,
			Faulted: r.Faulted, Dropped: r.Dropped, ID: r.RequestID,
		})
	}
	return ok(list)
}

// writtenToken finds an access token in a body, be it one that the server refused.
var writtenToken = regexp.MustCompile(`("accessToken"\s*:\s*)"(?:[^"\\]|\\.)*"`)

// blotter returns a function that takes every secret out of a text.
func (s *Server) blotter() func(string) string {
	var pairs []string
	for _, secret := range s.Secrets() {
		pairs = append(pairs, secret, "***")
	}
	known := strings.NewReplacer(pairs...)
	return func(text string) string { return writtenToken.ReplaceAllString(known.Replace(text), `$1"***"`) }
}
