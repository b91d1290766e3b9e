package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	jsonType    = "application/json"
	patchType   = "application/merge-patch+json"
	problemType = "application/problem+json"

	// secret is where a message must never quote from.
	secret = "s3cr3t-value"

	goodStream = `{"id": 7, "name": "News", "type": "marketing", "state": "ready", "ipAcl": null, "streamTags": [],
		"whatsApp": null, "otpSettings": null, "createdAt": "2026-01-02 03:04:05", "lastActivityAt": null, "later": 1}`
	goodSend = `{"sender": "GLOBAL", "messages": [{"recipient_phone": "12025550123", "message_content": "Hi"}]}`
	goodSent = `{"status": true, "task_id": "t1", "messages": [{"internal_id": null, "message_uuid": "m1",
		"conversation_uuid": null, "error": null, "details": null}]}`
)

// probe is one request to the middleware and the answer that the handler behind it gives.
type probe struct {
	method, target    string
	contentType, body string
	anonymous         bool // without Authorization

	status       int
	answerType   string
	answer       string
	answerHeader http.Header
}

// run sends the probe through a server and returns what was reported.
func (p probe) run(t *testing.T) []string {
	t.Helper()
	var reports reports
	server := serve(t, &reports, func(w http.ResponseWriter, r *http.Request) {
		if got, err := io.ReadAll(r.Body); err != nil || string(got) != p.body {
			t.Errorf("the handler reads %q, %v, want %q", got, err, p.body)
		}
		maps.Copy(w.Header(), p.answerHeader)
		if p.answerType != "" {
			w.Header().Set("Content-Type", p.answerType)
		}
		w.WriteHeader(p.status)
		_, _ = io.WriteString(w, p.answer)
	})
	request := newRequest(t, p.method, server.URL+p.target, p.body)
	if p.contentType != "" {
		request.Header.Set("Content-Type", p.contentType)
	}
	if p.anonymous {
		request.Header.Del("Authorization")
	}
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if wanted := p.status != http.StatusNoContent; wanted && string(got) != p.answer || response.StatusCode != p.status {
		t.Errorf("the client reads %d %q, want %d %q", response.StatusCode, got, p.status, p.answer)
	}
	return reports.all()
}

func serve(t *testing.T, reports *reports, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	v, err := NewValidator()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(v.Middleware(handler, reports.add))
	t.Cleanup(server.Close)
	return server
}

func newRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", secret)
	return request
}

// reports collects what a middleware reports.
type reports struct {
	mu    sync.Mutex
	texts []string
}

func (r *reports) add(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.texts = append(r.texts, err.Error())
}

func (r *reports) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.texts)
}

func listing() probe {
	return probe{
		method: http.MethodGet, target: "/textpeak/streams?_page=2&itemsPerPage=100",
		status: http.StatusOK, answerType: jsonType, answer: "[" + goodStream + "]",
	}
}

func creating(body string) probe {
	return probe{
		method: http.MethodPost, target: "/textpeak/streams", contentType: jsonType, body: body,
		status: http.StatusCreated, answerType: jsonType, answer: goodStream,
	}
}

func patching(body string) probe {
	return probe{
		method: http.MethodPatch, target: "/textpeak/streams/7", contentType: patchType, body: body,
		status: http.StatusOK, answerType: jsonType, answer: goodStream,
	}
}

func deleting() probe {
	return probe{method: http.MethodDelete, target: "/textpeak/streams/7", status: http.StatusNoContent}
}

func sending(body string) probe {
	return probe{
		method: http.MethodPost, target: "/simple_send/", contentType: jsonType, body: body,
		status: http.StatusOK, answerType: jsonType, answer: goodSent,
	}
}

// reading is a GET that is answered as given.
func reading(target string, status int, answerType, answer string) probe {
	return probe{
		method: http.MethodGet, target: "/textpeak" + target, status: status, answerType: answerType, answer: answer,
	}
}

// with changes a copy.
func (p probe) with(change func(*probe)) probe {
	change(&p)
	return p
}

func TestGoodExchangesPassSilently(t *testing.T) {
	t.Parallel()
	tests := map[string]probe{
		"list":                listing(),
		"list without paging": listing().with(func(p *probe) { p.target = "/textpeak/streams" }),
		"charset":             listing().with(func(p *probe) { p.answerType = "application/json; charset=utf-8" }),
		"digits as id": reading("/streams/7", 200, jsonType,
			`{"id": "7", "name": "x", "type": "x", "state": "x"}`),
		"literal path before template": reading("/streams/messages?itemsPerPage=1&status=sent&streamId=7", 200, jsonType,
			`{"items": [{"message_uuid": "m", "status": "sent", "cost": 0.01, "content": {"type": "text", "text": "Hi"}}],
			"total": 3}`),
		"dates": reading("/streams/messages?startDate=2026-01-02+03%3A04%3A05&phone=12025550123", 200, jsonType,
			`{"items": [], "totalItems": 0}`),
		"dates without a time": reading("/streams/messages?startDate=2026-01-02&endDate=2026-01-03&type=outgoing&status=odd", 200, jsonType,
			`{"items": [], "total_items": 0}`),
		"version B": reading("/streams/messages", 200, jsonType,
			`{"items": [{"message_uuid": "m", "cost": "0.041200", "content": {"body": "Hi"}, "conversation": {"id": 1, "name": "a"},
			"stream": {"name": "News"}, "campaign": null}], "total": 1}`),
		"incoming": reading("/streams/incoming_messages?page=1&sender=1202&destination=1", 200, jsonType,
			`{"items": [{"message_uuid": "m", "received_at": "2026-01-02 03:04:05", "stream_id": "7"}], "total": 1}`),
		"incoming in version B": reading("/streams/incoming_messages?phone=12025550123", 200, jsonType,
			`{"items": [{"from": "12025550123", "to": "ACME", "body": "Hi"}], "total": 1}`),
		"domains": reading("/domains?_page=1&itemsPerPage=100", 200, jsonType,
			`[{"id": 1, "name": "go.example.com", "ip": "203.0.113.7", "status": "Reached Limit"}]`),
		"lists and objects of PHP": reading("/streams/7", 200, jsonType,
			`{"id": 7, "name": "x", "type": "x", "state": "x", "otpSettings": [], "whatsApp": [], "streamTags": {"0": {"value": "a"}, "2": {"value": "b"}}}`),
		"limits that are assumed": creating(`{"name": "` + strings.Repeat("x", 256) + `", "type": "otp",
			"otpSettings": {"codeLength": 12, "codeTtl": 1, "maxFailures": 99, "sendingLimit": {"messages": 0, "periodSeconds": 0}}}`),
		"error without text":     reading("/streams", 401, jsonType, `{}`),
		"error under error":      reading("/streams/7", 404, jsonType, `{"error": "no such stream"}`),
		"violations under title": creating(`{"name": "x", "type": "otp"}`).with(unprocessable).with(func(p *probe) { p.answer = `{"title": "no"}` }),
		"senders":                reading("/senders?_page=1", 200, jsonType, `[{"id": 1, "value": "ACME", "stream": "/streams/7"}]`),
		"templates": reading("/streams/7/whatsapp/templates", 200, jsonType,
			`[{"id": 1, "name": "hello", "body": "Hello"}]`),
		"show token": reading("/streams/7/token", 200, jsonType, `{"token": "`+secret+`"}`),
		"create":     creating(`{"name": "News", "type": "marketing"}`),
		"create with everything": creating(`{"name": "Codes", "type": "otp", "description": null, "defaultSender": "ACME",
			"streamTags": [{"value": "a"}, {"value": "b"}], "demo": true, "restricted": true, "state": "disabled",
			"ipAcl": "203.0.113.7, 2001:db8::/32", "otpSettings": {"codeGeneration": "customer", "codeLength": 10,
			"codeTtl": 30, "maxFailures": 1, "sendingLimit": {"messages": 1, "periodSeconds": 1}}}`),
		"create for WhatsApp": creating(`{"name": "Chat", "type": "whatsapp",
			"whatsApp": {"businessId": "1", "accessToken": "` + secret + `"}}`),
		"patch": patching(`{"description": null, "ipAcl": null, "defaultSender": null, "state": "ready",
			"otpSettings": {"sendingLimit": null}, "whatsApp": {"accessToken": "` + secret + `"}}`),
		"delete": deleting(),
		"reset": {
			method: http.MethodPost, target: "/textpeak/streams/7/token",
			status: http.StatusOK, answerType: jsonType, answer: `{"token": "` + secret + `"}`,
		},
		"create event": {
			method: http.MethodPost, target: "/textpeak/streams/7/events", contentType: jsonType,
			body:   `{"name": "Login", "key": "login_1", "template": "Your code is {code}"}`,
			status: http.StatusCreated, answerType: jsonType,
			answer: `{"id": 1, "name": "Login", "key": "login_1", "template": "Your code is {code}"}`,
		},
		"patch webhook": {
			method: http.MethodPatch, target: "/textpeak/streams/7/webhooks/2", contentType: patchType,
			body:   `{"headers": [{"name": "X-Key", "value": "` + secret + `"}], "method": "GET"}`,
			status: http.StatusOK, answerType: jsonType,
			answer: `{"id": 2, "url": "https://example.com", "method": "GET", "headers": [{"name": "X", "value": "****"}]}`,
		},
		"send":               sending(goodSend),
		"send by management": sending(goodSend).with(func(p *probe) { p.target = "/textpeak/streams/simple_send" }),
		"send that fails":    sending(goodSend).with(func(p *probe) { p.answer = `{"status": false}` }),
		"verify": {
			method: http.MethodPost, target: "/otp/verify", contentType: jsonType,
			body:   `{"recipient_phone": "12025550123", "code": "12345"}`,
			status: http.StatusOK, answerType: jsonType, answer: `{"status": false, "details": "expired"}`,
		},
		"wrong key":  reading("/streams", 401, jsonType, `{"message": "Not Authenticated: invalid token"}`),
		"not found":  reading("/streams/7", 404, problemType, `{"title": "Not Found", "detail": "No stream 7"}`),
		"violations": creating(`{"name": "x", "type": "otp"}`).with(unprocessable),
		"slow down, seconds": reading("/streams", 429, jsonType, `{"message": "slow"}`).with(func(p *probe) {
			p.answerHeader = http.Header{"Retry-After": {"3"}}
		}),
		"slow down, date": reading("/streams", 429, jsonType, `{"message": "slow"}`).with(func(p *probe) {
			p.answerHeader = http.Header{"Retry-After": {"Wed, 21 Oct 2026 07:28:00 GMT"}}
		}),
		"gateway's page": reading("/streams", 502, "text/html", "<h1>Bad Gateway</h1>"),
		"mock's own":     {method: http.MethodPut, target: "/_mock/faults?x=1", status: 418, anonymous: true},
		"fault": listing().with(func(p *probe) {
			p.answer, p.answerHeader = "{", http.Header{FaultHeader: {"truncated"}}
		}),
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.run(t); len(got) > 0 {
				t.Errorf("reported %q", got)
			}
		})
	}
}

func unprocessable(p *probe) {
	p.status, p.answerType = http.StatusUnprocessableEntity, problemType
	p.answer = `{"title": "Invalid", "detail": "name: too short",
		"violations": [{"propertyPath": "name", "message": "too short", "code": null}]}`
}

func TestViolationsAreReported(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		probe probe
		want  string // the one report, in full
	}{
		"unknown path": {
			reading("/nothing", 404, jsonType, `{"title": "a", "detail": "b"}`),
			`contract: GET /textpeak/nothing request: the document has no such path`,
		},
		"path of the other host": {
			listing().with(func(p *probe) { p.target = "/streams" }),
			`contract: GET /streams request: the document has no such path`,
		},
		"missing trailing slash": {
			sending(goodSend).with(func(p *probe) { p.target = "/simple_send" }),
			`contract: POST /simple_send request: the document has no such path`,
		},
		"excess trailing slash": {
			listing().with(func(p *probe) { p.target = "/textpeak/streams/" }),
			`contract: GET /textpeak/streams/ request: the document has no such path`,
		},
		"unknown method": {
			patching(`{"name": "x"}`).with(func(p *probe) { p.method = http.MethodPut }),
			`contract: PUT /textpeak/streams/7 request: the document has no such method for this path`,
		},
		"path parameter": {
			reading("/streams/seven", 404, jsonType, `{"title": "a", "detail": "b"}`),
			`contract: getStream request: path "id": $ breaks pattern`,
		},
		"unknown query parameter": {
			listing().with(func(p *probe) { p.target = "/textpeak/streams?page=" + secret }),
			`contract: listStreams request: query parameter "page" is not in the document`,
		},
		"repeated query parameter": {
			listing().with(func(p *probe) { p.target = "/textpeak/streams?_page=1&_page=2" }),
			`contract: listStreams request: query parameter "_page" is given more than once`,
		},
		"query that cannot be parsed": {
			listing().with(func(p *probe) { p.target = "/textpeak/streams?_page=%zz" }),
			`contract: listStreams request: the query cannot be parsed`,
		},
		"query parameter out of range": {
			listing().with(func(p *probe) { p.target = "/textpeak/streams?itemsPerPage=101" }),
			`contract: listStreams request: query "itemsPerPage": $ breaks maximum`,
		},
		"query parameter of wrong type": {
			listing().with(func(p *probe) { p.target = "/textpeak/streams?_page=" + secret }),
			`contract: listStreams request: Query parameter '_page' is not a valid integer`,
		},
		"query parameter of wrong form": {
			reading("/streams/messages?startDate=2026-01-02T03%3A04%3A05Z", 200, jsonType, `{"items": [], "total": 0}`),
			`contract: listMessages request: query "startDate": $ breaks pattern`,
		},
		"date in another form": {
			reading("/streams/messages?startDate=02.01.2026", 200, jsonType, `{"items": [], "total": 0}`),
			`contract: listMessages request: query "startDate": $ breaks pattern`,
		},
		"no Authorization": {
			listing().with(func(p *probe) { p.anonymous = true }),
			`contract: listStreams request: the Authorization header is missing`,
		},
		"wrong Content-Type": {
			patching(`{"name": "x"}`).with(func(p *probe) { p.contentType = jsonType }),
			`contract: updateStream request: the Content-Type is not in the document`,
		},
		"no Content-Type": {
			creating(`{"name": "x", "type": "otp"}`).with(func(p *probe) { p.contentType = "" }),
			`contract: createStream request: the Content-Type is not in the document`,
		},
		"no body": {
			creating(""),
			`contract: createStream request: POST request body is empty for '/textpeak/streams'`,
		},
		"body that is not JSON": {
			creating(`{"name": ` + secret),
			`contract: createStream request: POST request body for '/textpeak/streams' could not be decoded`,
		},
		"body where there is none": {
			deleting().with(func(p *probe) { p.contentType, p.body = jsonType, "{}" }),
			`contract: deleteStream request: DELETE request body for '/textpeak/streams/7' is not declared`,
		},
		"extra field": {
			creating(`{"name": "x", "type": "otp", "streamUid": "` + secret + `"}`),
			`contract: createStream request: body: $ has unknown streamUid`,
		},
		"extra field deep down": {
			creating(`{"name": "x", "type": "otp", "streamTags": [{"value": "a", "id": 1}]}`),
			`contract: createStream request: body: $.streamTags.0 has unknown id`,
		},
		"wrong enum": {
			creating(`{"name": "x", "type": "` + secret + `"}`),
			`contract: createStream request: body: $.type is not one of [marketing transactional otp two_way whatsapp]`,
		},
		"read-only state": {
			creating(`{"name": "x", "type": "otp", "state": "draft"}`),
			`contract: createStream request: body: $.state is not one of [disabled ready]`,
		},
		"missing required": {
			creating(`{"type": "otp"}`),
			`contract: createStream request: body: $ lacks name`,
		},
		"empty name": {
			creating(`{"name": "", "type": "otp"}`),
			`contract: createStream request: body: $.name breaks minLength`,
		},
		"separator of ipAcl": {
			creating(`{"name": "x", "type": "otp", "ipAcl": "203.0.113.7;203.0.113.8"}`),
			`contract: createStream request: body: $.ipAcl breaks pattern`,
		},
		"wrong type of secret": {
			creating(`{"name": "x", "type": "whatsapp", "whatsApp": {"businessId": "1", "accessToken": ["` + secret + `"]}}`),
			`contract: createStream request: body: $.whatsApp.accessToken is of type array, not string`,
		},
		"type in PATCH": {
			patching(`{"type": "otp"}`),
			`contract: updateStream request: body: $ has unknown type`,
		},
		"empty PATCH": {
			patching(`{}`),
			`contract: updateStream request: body: $ breaks minProperties`,
		},
		"null that clears nothing": {
			patching(`{"name": null}`),
			`contract: updateStream request: body: $.name is of type null, not string`,
		},
		"phone with plus": {
			sending(strings.Replace(goodSend, `"1202`, `"+1202`, 1)),
			`contract: sendMessages request: body: $.messages.0.recipient_phone breaks pattern`,
		},
		"too many messages": {
			sending(`{"messages": [` + strings.Repeat(`{"recipient_phone": "12025550123", "message_content": "x"},`, 250) +
				`{"recipient_phone": "12025550123", "message_content": "x"}]}`),
			`contract: sendMessages request: body: $.messages breaks maxItems`,
		},

		"answer without id": {
			reading("/streams/7", 200, jsonType, `{"name": "x", "type": "x", "state": "x"}`),
			`contract: getStream answer: status 200: body: $ lacks id`,
		},
		"item without id": {
			listing().with(func(p *probe) { p.answer = `[{"name": "x", "type": "x", "state": "x"}]` }),
			`contract: listStreams answer: status 200: body: $.0 lacks id`,
		},
		"answer with a page for an array": {
			listing().with(func(p *probe) { p.answer = `{"items": []}` }),
			`contract: listStreams answer: status 200: body: $ is of type object, not array`,
		},
		"answer with accessToken": {
			creating(`{"name": "x", "type": "whatsapp"}`).with(func(p *probe) {
				p.answer = `{"id": 7, "name": "x", "type": "x", "state": "x",
					"whatsApp": {"businessId": "1", "accessToken": "` + secret + `"}}`
			}),
			`contract: createStream answer: status 201: body: $.whatsApp.accessToken must not be there; ` +
				`$.whatsApp is of type object, not null or array`,
		},
		"answer with token": {
			reading("/streams/7", 200, jsonType,
				`{"id": 7, "name": "x", "type": "x", "state": "x", "token": "`+secret+`"}`),
			`contract: getStream answer: status 200: body: $.token must not be there`,
		},
		"time in another form": {
			reading("/streams/7", 200, jsonType,
				`{"id": 7, "name": "x", "type": "x", "state": "x", "createdAt": "2026-01-02T03:04:05Z"}`),
			`contract: getStream answer: status 200: body: $.createdAt breaks pattern`,
		},
		"id of neither form": {
			reading("/streams/7", 200, jsonType, `{"id": "seven", "name": "x", "type": "x", "state": "x"}`),
			`contract: getStream answer: status 200: body: $.id breaks pattern`,
		},
		"messages without total": {
			reading("/streams/messages", 200, jsonType, `{"items": []}`),
			`contract: listMessages answer: status 200: body: $ lacks total; $ lacks totalItems; $ lacks total_items`,
		},
		"send without messages": {
			sending(goodSend).with(func(p *probe) { p.answer = `{"status": true}` }),
			`contract: sendMessages answer: status 200: body: $ lacks messages`,
		},
		"unlisted status": {
			listing().with(func(p *probe) { p.status = http.StatusAccepted }),
			`contract: listStreams answer: status 202: the document does not list this status for the operation`,
		},
		"unlisted error": {
			reading("/streams", 418, jsonType, `{"message": "teapot"}`),
			`contract: listStreams answer: status 418: the document does not list this status for the operation`,
		},
		"wrong Content-Type of answer": {
			listing().with(func(p *probe) { p.answerType = "text/html" }),
			`contract: listStreams answer: status 200: the Content-Type is not in the document`,
		},
		"no Content-Type of answer": {
			listing().with(func(p *probe) { p.answerType = "" }),
			`contract: listStreams answer: status 200: the Content-Type is not in the document`,
		},
		"answer that is not JSON": {
			listing().with(func(p *probe) { p.answer = "[" + secret }),
			`contract: listStreams answer: status 200: GET response body for '/textpeak/streams' failed to validate schema`,
		},
		"empty answer": {
			listing().with(func(p *probe) { p.answer = "" }),
			`contract: listStreams answer: status 200: must have a body`,
		},
		"body of 204": {
			deleting().with(func(p *probe) { p.answerType, p.answer = jsonType, "{}" }),
			`contract: deleteStream answer: status 204: must have no body`,
		},
		"error whose text is no text": {
			reading("/streams", 401, jsonType, `{"message": {"a": "b"}}`),
			`contract: listStreams answer: status 401: body: $.message is of type object, not string`,
		},
		"violations without path": {
			creating(`{"name": "x", "type": "otp"}`).with(unprocessable).with(func(p *probe) {
				p.answer = `{"title": "a", "detail": "b", "violations": [{"message": "c"}]}`
			}),
			`contract: createStream answer: status 422: body: $.violations.0 lacks propertyPath`,
		},
		"429 without Retry-After": {
			reading("/streams", 429, jsonType, `{"message": "slow"}`),
			`contract: listStreams answer: status 429: Missing required header: Retry-After`,
		},
		"429 with another Retry-After": {
			reading("/streams", 429, jsonType, `{"message": "slow"}`).with(func(p *probe) {
				p.answerHeader = http.Header{"Retry-After": {secret}}
			}),
			`contract: listStreams answer: status 429: headers "retry-after": $ breaks pattern`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.probe.run(t); !slices.Equal(got, []string{test.want}) {
				t.Errorf("reported\n%q\nwant\n%q", got, test.want)
			}
			if strings.Contains(test.want, secret) {
				t.Error("the test itself wants a secret quoted")
			}
		})
	}
}

func TestRequestIsValidatedEvenWhenTheAnswerIsAFault(t *testing.T) {
	t.Parallel()
	got := creating(`{"type": "otp"}`).with(func(p *probe) {
		p.status, p.answerHeader = http.StatusTeapot, http.Header{FaultHeader: {"teapot"}}
	}).run(t)
	if want := []string{"contract: createStream request: body: $ lacks name"}; !slices.Equal(got, want) {
		t.Errorf("reported %q, want %q", got, want)
	}
}

func TestFaultsPassThrough(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		body    string // what the client reads before the connection fails
		reached bool   // whether the client gets an answer at all
	}{
		"abort before the answer": {
			handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		},
		"abort in the middle": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "[{")
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			},
			body: "[{", reached: true,
		},
		"hijack before the answer": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := w.Write([]byte("late")); err == nil {
					t.Error("a write after the hijack succeeds")
				}
				_ = conn.Close()
			},
		},
		"hijack with an answer by hand": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				conn, buffered, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = buffered.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{")
				_ = buffered.Flush()
				_ = conn.Close()
			},
			body: "[{", reached: true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var reports reports
			server := serve(t, &reports, test.handler)
			response, err := server.Client().Do(newRequest(t, http.MethodGet, server.URL+"/textpeak/streams", ""))
			if reached := err == nil; reached != test.reached {
				t.Fatalf("the client gets an answer: %t, want %t (%v)", reached, test.reached, err)
			}
			if test.reached {
				defer response.Body.Close()
				body, err := io.ReadAll(response.Body)
				if string(body) != test.body || err == nil {
					t.Errorf("the client reads %q, %v, want %q and an error", body, err, test.body)
				}
			}
			server.Close()
			if got := reports.all(); len(got) > 0 {
				t.Errorf("reported %q", got)
			}
		})
	}
}

func TestAnswersInPiecesAreValidatedWhole(t *testing.T) {
	t.Parallel()
	var reports reports
	gate := make(chan struct{})
	server := serve(t, &reports, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, `[{"name": "x", `)
		w.(http.Flusher).Flush()
		<-gate // the client has the first piece, or this never ends
		_, _ = io.WriteString(w, `"type": "x", "state": "x"}]`)
	})
	response, err := server.Client().Do(newRequest(t, http.MethodGet, server.URL+"/textpeak/streams", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	close(gate)
	body, err := io.ReadAll(response.Body)
	if want := `[{"name": "x", "type": "x", "state": "x"}]`; err != nil || string(body) != want {
		t.Errorf("the client reads %q, %v, want %q", body, err, want)
	}
	if want := []string{"contract: listStreams answer: status 200: body: $.0 lacks id"}; !slices.Equal(reports.all(), want) {
		t.Errorf("reported %q, want %q", reports.all(), want)
	}
}

func TestSilentHandlerAnswers200(t *testing.T) {
	t.Parallel()
	var reports reports
	server := serve(t, &reports, func(http.ResponseWriter, *http.Request) {})
	response, err := server.Client().Do(newRequest(t, http.MethodGet, server.URL+"/textpeak/streams", ""))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	want := []string{
		"contract: listStreams answer: status 200: the Content-Type is not in the document",
		"contract: listStreams answer: status 200: must have a body",
	}
	if !slices.Equal(reports.all(), want) {
		t.Errorf("reported %q, want %q", reports.all(), want)
	}
}

func TestClientThatLeavesIsNoViolation(t *testing.T) {
	t.Parallel()
	var reports reports
	ctx, leave := context.WithCancel(t.Context())
	server := serve(t, &reports, func(_ http.ResponseWriter, r *http.Request) {
		leave()
		<-r.Context().Done()
	})
	request := newRequest(t, http.MethodGet, server.URL+"/textpeak/streams", "").WithContext(ctx)
	if response, err := server.Client().Do(request); err == nil {
		_ = response.Body.Close()
		t.Fatal("the client got an answer")
	}
	server.Close()
	if got := reports.all(); len(got) > 0 {
		t.Errorf("reported %q", got)
	}
}

func TestBrokenRequestBodyReachesTheHandler(t *testing.T) {
	t.Parallel()
	v, err := NewValidator()
	if err != nil {
		t.Fatal(err)
	}
	var reports reports
	var got []byte
	var readErr error
	handler := v.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, readErr = io.ReadAll(r.Body)
	}), reports.add)
	broken := io.MultiReader(strings.NewReader("{"), failingReader{io.ErrUnexpectedEOF})
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/textpeak/streams", broken))
	if string(got) != "{" || !errors.Is(readErr, io.ErrUnexpectedEOF) {
		t.Errorf("the handler reads %q, %v", got, readErr)
	}
	if reported := reports.all(); len(reported) > 0 {
		t.Errorf("reported %q", reported)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const workers, rounds = 8, 25
	var reports reports
	server := serve(t, &reports, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, goodStream)
			return
		}
		_, _ = io.WriteString(w, `[{}]`)
	})
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for round := range rounds {
				name := fmt.Sprintf(`{"name": "%d-%d", "type": "otp", "extra": 1}`, worker, round)
				post := newRequest(t, http.MethodPost, server.URL+"/textpeak/streams", name)
				post.Header.Set("Content-Type", jsonType)
				for _, request := range []*http.Request{
					post, newRequest(t, http.MethodGet, server.URL+"/textpeak/streams", ""),
				} {
					response, err := server.Client().Do(request)
					if err != nil {
						t.Error(err)
						return
					}
					_ = response.Body.Close()
				}
			}
		})
	}
	group.Wait()
	counts := make(map[string]int)
	for _, text := range reports.all() {
		counts[text]++
	}
	for _, want := range []string{
		"contract: createStream request: body: $ has unknown extra",
		"contract: listStreams answer: status 200: body: $.0 lacks id, name, type, state",
	} {
		if counts[want] != workers*rounds {
			t.Errorf("%q was reported %d times, want %d", want, counts[want], workers*rounds)
		}
		delete(counts, want)
	}
	if len(counts) > 0 {
		t.Errorf("also reported %v", counts)
	}
}

func BenchmarkMiddleware(b *testing.B) {
	v, err := NewValidator()
	if err != nil {
		b.Fatal(err)
	}
	page := []byte("[" + strings.Repeat(goodStream+",", 99) + goodStream + "]")
	handler := v.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = w.Write(page)
	}), func(err error) { b.Error(err) })
	for b.Loop() {
		request := httptest.NewRequest(http.MethodGet, "/textpeak/streams?_page=1", bytes.NewReader(nil))
		request.Header.Set("Authorization", secret)
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
}
