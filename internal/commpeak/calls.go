package commpeak

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// evidence is whether CommPeak documents a call. Package contract says more.
type evidence string

const (
	documented evidence = "documented"
	assumed    evidence = "assumed"
)

// operation is one call of the API. Each {placeholder} of the path takes one
// argument. The name repeats them; its {subject} is not part of the path.
type operation struct {
	name, method, path string
	evidence           evidence
}

// Every call that this client makes. No other file holds a path: if CommPeak
// documents a call that is assumed here, change its line.
var (
	listStreams     = operation{"list streams", http.MethodGet, "/streams", documented}
	readStream      = operation{"read stream {id}", http.MethodGet, "/streams/{id}", documented}
	createStream    = operation{"create stream {subject}", http.MethodPost, "/streams", assumed}
	updateStream    = operation{"update stream {id}", http.MethodPatch, "/streams/{id}", assumed}
	writeAllowedIPs = operation{"change the allowed IPs of stream {id}", http.MethodPatch, "/streams/{id}", assumed}
	deleteStream    = operation{"delete stream {id}", http.MethodDelete, "/streams/{id}", assumed}

	showToken  = operation{"show the token of stream {id}", http.MethodGet, "/streams/{id}/token", documented}
	resetToken = operation{"reset the token of stream {id}", http.MethodPost, "/streams/{id}/token", assumed}

	listEvents  = operation{"list events of stream {id}", http.MethodGet, "/streams/{id}/events", assumed}
	readEvent   = operation{"read event {eventId} of stream {id}", http.MethodGet, "/streams/{id}/events/{eventId}", assumed}
	createEvent = operation{"create event {subject} of stream {id}", http.MethodPost, "/streams/{id}/events", assumed}
	updateEvent = operation{"update event {eventId} of stream {id}", http.MethodPatch, "/streams/{id}/events/{eventId}", assumed}
	deleteEvent = operation{"delete event {eventId} of stream {id}", http.MethodDelete, "/streams/{id}/events/{eventId}", assumed}

	listWebhooks  = operation{"list the webhooks of stream {id}", http.MethodGet, "/streams/{id}/webhooks", assumed}
	readWebhook   = operation{"read webhook {webhookId} of stream {id}", http.MethodGet, "/streams/{id}/webhooks/{webhookId}", assumed}
	createWebhook = operation{"create a webhook of stream {id}", http.MethodPost, "/streams/{id}/webhooks", assumed}
	updateWebhook = operation{"update webhook {webhookId} of stream {id}", http.MethodPatch, "/streams/{id}/webhooks/{webhookId}", assumed}
	deleteWebhook = operation{"delete webhook {webhookId} of stream {id}", http.MethodDelete, "/streams/{id}/webhooks/{webhookId}", assumed}

	listTemplates = operation{"list the WhatsApp templates of stream {id}", http.MethodGet, "/streams/{id}/whatsapp/templates", assumed}

	listSenders          = operation{"list senders", http.MethodGet, "/senders", documented}
	listDomains          = operation{"list domains", http.MethodGet, "/domains", documented}
	listMessages         = operation{"list messages", http.MethodGet, "/streams/messages", documented}
	countMessages        = operation{"count messages", http.MethodGet, "/streams/messages", documented}
	listReceivedMessages = operation{"list received messages", http.MethodGet, "/streams/incoming_messages", documented}

	// These two go to the messaging API. The closing slash belongs to them.
	sendTexts = operation{"send {subject}", http.MethodPost, "/simple_send/", documented}
	sendEvent = operation{"send {subject}", http.MethodPost, "/event_send/", documented}
)

// lookups are the reads that show what a 404 means: see [Client.explainNotFound].
var lookups = map[operation]operation{
	updateStream: readStream, writeAllowedIPs: readStream, deleteStream: readStream,
	showToken: readStream, resetToken: readStream, listTemplates: readStream,
	listEvents: readStream, createEvent: readStream,
	readEvent: listEvents, updateEvent: readEvent, deleteEvent: readEvent,
	listWebhooks: readStream, createWebhook: readStream,
	readWebhook: listWebhooks, updateWebhook: readWebhook, deleteWebhook: readWebhook,
}

// call is one use of an operation.
type call struct {
	operation
	args []string
	// subject names in errors what the path does not.
	subject string
	query   url.Values
	body    any
	// token is a stream's token: the call goes to the messaging API. Without one it
	// goes to the management API, with the account's key.
	token string
}

func (o operation) call(args ...string) call { return call{operation: o, args: args} }

func (o operation) isWrite() bool { return o.method != http.MethodGet }

// isRepeatable reports whether a second request has the same effect as one, as a merge
// patch has. A list of allowed IPs is written whole: after a lost answer it must be
// read first, or a second request would undo what another program changed meanwhile.
func (o operation) isRepeatable() bool { return o.method != http.MethodPost && o != writeAllowedIPs }

// describe names the call in errors and logs: "read stream 7".
func (r call) describe() string {
	name := strings.Replace(r.name, "{subject}", r.subject, 1)
	args := r.args
	for segment := range strings.SplitSeq(r.path, "/") {
		if strings.HasPrefix(segment, "{") && len(args) > 0 {
			name, args = strings.Replace(name, segment, args[0], 1), args[1:]
		}
	}
	return name
}

// escapedPath fills the path with the arguments, each one segment of it.
func (r call) escapedPath() (string, error) {
	segments := strings.Split(r.path, "/")
	args := r.args
	for i, segment := range segments {
		if !strings.HasPrefix(segment, "{") {
			continue
		}
		switch {
		case args[0] == "" || args[0] == "." || args[0] == "..":
			return "", fmt.Errorf("%q is not an ID", args[0])
		case segment == "{id}" && strings.Trim(args[0], "0123456789") != "":
			return "", fmt.Errorf("%q is not the ID of a stream, which is a whole number", args[0])
		}
		segments[i], args = url.PathEscape(args[0]), args[1:]
	}
	return strings.Join(segments, "/"), nil
}
