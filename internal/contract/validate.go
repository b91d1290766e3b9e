package contract

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/router"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
)

const (
	// FaultHeader exempts an answer from validation. A handler sets it, to any value, on answers that are broken on
	// purpose.
	FaultHeader = "X-Mock-Fault"

	// mockPrefix is where a mock server keeps its own hooks, which are no part of the contract.
	mockPrefix = "/_mock/"
)

// Violation is one way in which a request or an answer departs from the document. It names fields and rules, but never
// the values of headers or fields, since those can be secret.
type Violation struct {
	Operation string // the operation's ID; method and path when the document has no such call
	Side      Side
	Problem   string
}

// Side says who broke the contract.
type Side string

const (
	// Request means that the client broke it.
	Request Side = "request"
	// Answer means that the server broke it.
	Answer Side = "answer"
)

// Error returns the operation, the side and what is wrong, in one line.
func (v *Violation) Error() string {
	return fmt.Sprintf("contract: %s %s: %s", v.Operation, v.Side, v.Problem)
}

// Validator holds requests and answers to the document. It is immutable and safe for concurrent use.
type Validator struct {
	library validator.Validator
	router  router.Router
	calls   map[string]call // by method and path template
}

// call is an operation with what the library does not check for us.
type call struct {
	id    string
	query map[string]bool // the names that it knows
}

// NewValidator returns the validator of the embedded document. Building it takes a moment, so it is built once and
// shared. The error is that of a document that cannot be read, which the package's tests rule out.
func NewValidator() (*Validator, error) { return sharedValidator() }

var sharedValidator = sync.OnceValues(func() (*Validator, error) {
	_, model, err := load()
	if err != nil {
		return nil, err
	}
	return &Validator{
		library: validator.NewValidatorFromV3Model(model, config.WithRejectUndeclaredRequestBody()),
		router:  router.NewRouter(model), // the library's own knows no servers of paths
		calls:   callsOf(model),
	}, nil
})

func callsOf(model *v3.Document) map[string]call {
	calls := make(map[string]call)
	for path, item := range model.Paths.PathItems.FromOldest() {
		for method, operation := range item.GetOperations().FromOldest() {
			query := make(map[string]bool)
			for _, parameter := range slices.Concat(item.Parameters, operation.Parameters) {
				if parameter.In == "query" {
					query[parameter.Name] = true
				}
			}
			calls[strings.ToUpper(method)+" "+path] = call{id: operation.OperationId, query: query}
		}
	}
	return calls
}

// Middleware returns a handler that passes every request to next, and every answer back, unchanged, and reports each
// [Violation] in them. It expects the management host under /textpeak/ and the messaging host at the root; paths under
// /_mock/ are not looked at. Answers are reported on before the client has all of them.
//
// Not validated are answers with [FaultHeader], hijacked connections, handlers that panic, and what is answered to a
// client that has gone. Report must be safe for concurrent use.
func (v *Validator) Middleware(next http.Handler, report func(error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path+"/", mockPrefix) {
			next.ServeHTTP(w, r)
			return
		}
		asked, violations := v.checkRequest(r)
		reportAll(report, violations)

		recorded := &recorder{ResponseWriter: w}
		defer recorded.forward() // also while panicking: how an abort looks to the client is not ours to change
		next.ServeHTTP(recorded, r)

		if asked != nil && !recorded.exempt() && r.Context().Err() == nil {
			reportAll(report, v.checkAnswer(asked, recorded))
		}
	})
}

func reportAll(report func(error), violations []*Violation) {
	for _, violation := range violations {
		report(violation)
	}
}

// exchange is a request whose place in the document is known.
type exchange struct {
	call
	request *http.Request // as the public server would get it
	route   *router.Route
}

// checkRequest leaves r readable. The exchange is nil when the document has no such call.
func (v *Validator) checkRequest(r *http.Request) (*exchange, []*Violation) {
	body, err := peek(r)
	if err != nil {
		return nil, nil // the client has gone in the middle of its request
	}
	public := asPublic(r, body)
	route, _ := v.router.FindRoute(public) // there is a route, too, when only the method is unknown
	if route == nil || slices.Contains(slices.Collect(maps.Values(route.RawPathParams)), "") {
		return nil, []*Violation{unknownCall(r, "the document has no such path")}
	}
	known, ok := v.calls[r.Method+" "+route.Path]
	if !ok {
		return nil, []*Violation{unknownCall(r, "the document has no such method for this path")}
	}

	problems := queryProblems(r.URL.RawQuery, known.query)
	_, errs := v.library.ValidateHttpRequestSyncWithPathItem(public, route.PathItem, route.Path)
	problems = append(problems, describe(errs)...)
	return &exchange{call: known, request: public, route: route}, violationsOf(known.id, Request, problems)
}

func (v *Validator) checkAnswer(asked *exchange, answer *recorder) []*Violation {
	status, header := answer.result()
	response := &http.Response{
		StatusCode: status,
		Header:     header,
		Body:       io.NopCloser(bytes.NewReader(answer.body.Bytes())),
		Request:    asked.request,
	}
	_, errs := v.library.GetResponseBodyValidator().
		ValidateResponseBodyWithPathItem(asked.request, response, asked.route.PathItem, asked.route.Path)
	problems := append(describe(errs), bodyProblems(asked.route.Operation, status, answer.body.Len())...)
	for i, problem := range problems {
		problems[i] = fmt.Sprintf("status %d: %s", status, problem)
	}
	return violationsOf(asked.id, Answer, problems)
}

// peek reads the body of r and puts it back; an error, too, is put back for the handler to meet.
func peek(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	var rest io.Reader = bytes.NewReader(body)
	if err != nil {
		rest = io.MultiReader(rest, failingReader{err})
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{rest, r.Body}
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	return body, nil
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// asPublic copies a request to the test's listener as a request to the public host that the listener stands for.
func asPublic(r *http.Request, body []byte) *http.Request {
	host := Messaging
	if strings.HasPrefix(r.URL.Path, managementPrefix) {
		host = Management
	}
	public := r.Clone(r.Context())
	public.URL.Scheme, public.URL.Host = "https", host.name()
	public.Body = io.NopCloser(bytes.NewReader(body))
	return public
}

// queryProblems finds what the library lets pass: names that the call does not know, and repeated ones.
func queryProblems(raw string, known map[string]bool) []string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return []string{"the query cannot be parsed"}
	}
	var problems []string
	for name, all := range values {
		switch {
		case !known[name]:
			problems = append(problems, fmt.Sprintf("query parameter %q is not in the document", name))
		case len(all) > 1:
			problems = append(problems, fmt.Sprintf("query parameter %q is given more than once", name))
		}
	}
	return problems
}

// bodyProblems finds what the library lets pass: a body where there is none in the document, and none where there is one.
func bodyProblems(operation *v3.Operation, status, length int) []string {
	listed := operation.Responses.Codes.GetOrZero(strconv.Itoa(status))
	switch {
	case listed == nil: // a range like 5XX, or reported already
		return nil
	case orderedmap.Len(listed.Content) == 0 && length > 0:
		return []string{"must have no body"}
	case orderedmap.Len(listed.Content) > 0 && length == 0:
		return []string{"must have a body"}
	}
	return nil
}

func unknownCall(r *http.Request, problem string) *Violation {
	return &Violation{Operation: r.Method + " " + r.URL.EscapedPath(), Side: Request, Problem: problem}
}

func violationsOf(operation string, side Side, problems []string) []*Violation {
	violations := make([]*Violation, 0, len(problems))
	for _, problem := range problems {
		violations = append(violations, &Violation{Operation: operation, Side: side, Problem: problem})
	}
	return violations
}
