package commpeak

import "net/http"

// What the tests, which stand outside the package, need of its inside.

var ParseIPList = parseIPList

func (c *Client) SetTransport(transport http.RoundTripper) { c.http.Transport = transport }

func (c *Client) Transport() *http.Transport { return c.http.Transport.(*http.Transport) }

func (c *Client) Refusal(status int, header http.Header, body []byte) *Error {
	return c.refusal(call{does: "fuzz"}, answer{status: status, header: header, body: body})
}
