package commpeak

import (
	"encoding/json"
	"net/http"
	"reflect"
)

// What the tests, which are outside the package, need of its inside.

var (
	ParseIPList = parseIPList
	Operations  = []operation{
		listStreams, readStream, createStream, updateStream, writeAllowedIPs, deleteStream, showToken, resetToken,
		listEvents, readEvent, createEvent, updateEvent, deleteEvent,
		listWebhooks, readWebhook, createWebhook, updateWebhook, deleteWebhook,
		listTemplates, listSenders, listDomains, listMessages, countMessages, listReceivedMessages, sendTexts, sendEvent,
	}
)

func (o operation) Method() string   { return o.method }
func (o operation) Path() string     { return o.path }
func (o operation) Evidence() string { return string(o.evidence) }

func bodyOf(spec any) any {
	switch spec := spec.(type) {
	case StreamSpec:
		return spec.body()
	case WebhookSpec:
		return spec.body()
	}
	return spec
}

// Wire is the API's form of a spec.
func Wire(spec any) map[string]any {
	encoded, err := json.Marshal(bodyOf(spec))
	if err != nil {
		panic(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(encoded, &fields); err != nil {
		panic(err)
	}
	return fields
}

// Changes are the fields in which two specs differ, as a merge patch.
func Changes(from, to StreamSpec) map[string]any { return changes(from.body(), to.body()) }

// ReadFields are the JSON fields that are read of each kind of object.
func ReadFields() map[string][]string {
	return map[string][]string{
		"Stream": jsonNames(reflect.TypeFor[wireStream]()), "Event": jsonNames(reflect.TypeFor[wireEvent]()), "Webhook": jsonNames(reflect.TypeFor[wireWebhook]()),
	}
}

func (s Stream) WithoutFields() Stream { s.fields = 0; return s }

func (e Event) WithoutFields() Event { e.fields = 0; return e }

func (w Webhook) WithoutFields() Webhook { w.fields = 0; return w }

func (c *Client) SetTransport(transport http.RoundTripper) { c.http.Transport = transport }

func (c *Client) SetReached() { c.endpoint.isRight.Store(true) }

func (c *Client) Transport() *http.Transport { return c.http.Transport.(*http.Transport) }

func (c *Client) ErrorFromResponse(status int, header http.Header, body []byte) *Error {
	return c.errorFromResponse(listStreams.call(), response{status: status, header: header, body: body})
}

// AddProxies adds the credentials of the proxies that a test's environment names.
func (c *Client) AddProxies(getenv func(string) string) { c.secrets.addProxies(getenv) }
