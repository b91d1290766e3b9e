package commpeak

import (
	"encoding/json"
	"net/http"
)

// What the tests, which stand outside the package, need of its inside.

var (
	MergePatch  = mergePatch
	ParseIPList = parseIPList
)

func CreateBody(spec StreamSpec) (json.RawMessage, error) { return spec.createBody() }

// Wire is the API's form of a spec.
func Wire(spec interface{ wire() map[string]any }) map[string]any { return spec.wire() }

func (s Stream) WithoutFields() Stream { s.fields = 0; return s }

func (e Event) WithoutFields() Event { e.fields = 0; return e }

func (w Webhook) WithoutFields() Webhook { w.fields = 0; return w }

func (c *Client) SetTransport(transport http.RoundTripper) { c.http.Transport = transport }

func (c *Client) SetReached() { c.reached.Store(true) }

func (c *Client) Transport() *http.Transport { return c.http.Transport.(*http.Transport) }

func (c *Client) Refusal(status int, header http.Header, body []byte) *Error {
	return c.refusal(call{does: "fuzz"}, answer{status: status, header: header, body: body})
}
