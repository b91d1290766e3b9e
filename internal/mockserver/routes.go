package mockserver

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// route is one call that the server knows.
type route struct {
	operation string     // ID in the contract; empty: no such call
	pattern   string     // method and path as the contract writes them; empty: no such call
	auth      credential // what the Authorization header must hold
	assumed   bool       // not publicly documented
	accepts   string     // media type of the body, which is then a JSON object; emptyBody: the body is ignored
	serve     handler    // runs under the server's lock
}

// credential is what authorises a call.
type credential int

const (
	noKey credential = iota
	apiKey
	streamToken
)

const (
	emptyBody  = ""
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

// routes are all calls that the server answers, the one for unknown paths at the end.
func (s *Server) routes() []route {
	return slices.Concat(s.calls(), s.otherSpellings(), []route{s.unknownRoute(s.mux)})
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

// unknownRoute takes what no other route takes: 405 if the path has other methods in mux that this account's API offers,
// else 404.
func (s *Server) unknownRoute(mux *http.ServeMux) route {
	return route{serve: func(c *call) *answer {
		var allowed []string
		if mux != nil {
			allowed = s.methodsOf(mux, c.request)
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

// methodsOf returns the methods that mux knows for the path of r, and that are offered.
func (s *Server) methodsOf(mux *http.ServeMux, r *http.Request) []string {
	var methods []string
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := mux.Handler(probe); pattern != "/" && !s.withholds(s.known[pattern]) {
			methods = append(methods, method)
		}
	}
	return methods
}

// checkKey refuses a call without the credential that it takes. The key stands alone in the header, so that "Bearer …"
// is simply a wrong one.
func (s *Server) checkKey(c *call) *answer {
	given := []byte(c.request.Header.Get("Authorization"))
	switch c.route.auth {
	case noKey:
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

// withholds reports whether this account's API lacks the call.
func (s *Server) withholds(rt route) bool {
	write := rt.auth == apiKey && !strings.HasPrefix(rt.pattern, http.MethodGet+" ")
	return rt.assumed && (s.opts.DocumentedOnly || write && s.opts.Writes != WritesOffered)
}

// checkOffered refuses calls that this account's API does not have.
func (s *Server) checkOffered(c *call) *answer {
	switch {
	case !s.withholds(c.route):
		return nil
	case s.opts.DocumentedOnly || s.opts.Writes == WritesNotFound:
		return noRoute(c)
	}
	ans := problem(http.StatusMethodNotAllowed, "This API is read-only.")
	ans.set("Allow", http.MethodGet)
	return ans
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
	if c.route.accepts == emptyBody {
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
