package mockserver

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

const problemJSON = "application/problem+json"

// answer is what the server says, before a byte of it has left.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// newAnswer returns an answer whose body is v as JSON.
func newAnswer(status int, mediaType string, v any) *answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // Only the server's own types get here.
	}
	return &answer{status: status, header: http.Header{"Content-Type": {mediaType}}, body: body}
}

func ok(v any) *answer { return newAnswer(http.StatusOK, plainJSON, v) }

func created(v any) *answer { return newAnswer(http.StatusCreated, plainJSON, v) }

func noContent() *answer { return &answer{status: http.StatusNoContent, header: http.Header{}} }

// problem is an error in the style of RFC 7807.
func problem(status int, detail string) *answer {
	return newAnswer(status, problemJSON, map[string]string{"title": http.StatusText(status), "detail": detail})
}

func notFound(detail string) *answer { return problem(http.StatusNotFound, detail) }

// message is an error as the API's gateway words it.
func message(status int, text string) *answer {
	return newAnswer(status, plainJSON, map[string]string{"message": text})
}

func unauthorized() *answer {
	return message(http.StatusUnauthorized, "Not Authenticated: invalid token")
}

func refusedAddress() *answer { return message(http.StatusForbidden, "IP ACL restriction") }

// violation is one thing wrong with a body.
type violation struct {
	PropertyPath string `json:"propertyPath"`
	Message      string `json:"message"`
	Code         string `json:"code"`
}

// invalid is the answer to a body that violates rules.
func invalid(violations []violation) *answer {
	var details []string
	for _, v := range violations {
		details = append(details, strings.TrimPrefix(v.PropertyPath+": "+v.Message, ": "))
	}
	return newAnswer(http.StatusUnprocessableEntity, problemJSON, map[string]any{
		"title": "An error occurred", "detail": strings.Join(details, "\n"), "violations": violations,
	})
}

func (a *answer) set(name, value string) { a.header.Set(name, value) }

// write sends the answer. With truncate it announces the whole body, sends half and breaks the connection.
func (a *answer) write(w http.ResponseWriter, truncate bool) {
	maps.Copy(w.Header(), a.header)
	if len(a.body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if !truncate {
		w.Write(a.body) // The client may have left; nothing is lost with it.
		return
	}
	w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush() // The connection is cut next in any case.
	panic(http.ErrAbortHandler)
}
