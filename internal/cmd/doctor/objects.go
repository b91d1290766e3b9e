package main

import "slices"

// object is something that the provider offers, and the calls of the contract that it makes.
type object struct {
	kind, name string
	reads      []string // without these it does not work at all
	writes     []string // without these it can at most be imported and compared
}

// objects are all that need an account.
var objects = []object{
	{"resource", "commpeak_stream", []string{"getStream"}, []string{"createStream", "updateStream", "deleteStream"}},
	{"resource", "commpeak_event_template", []string{"listEvents", "getEvent"}, []string{"createEvent", "updateEvent", "deleteEvent"}},
	{"resource", "commpeak_webhook", []string{"listWebhooks", "getWebhook"}, []string{"createWebhook", "updateWebhook", "deleteWebhook"}},
	{"resource", "commpeak_allowed_ip", []string{"getStream"}, []string{"updateStream"}},
	{"resource", "commpeak_allowed_ips", []string{"getStream"}, []string{"updateStream"}},
	{"resource", "commpeak_stream_token", []string{"getStreamToken"}, []string{"resetStreamToken"}},

	{"data source", "commpeak_stream", []string{"listStreams", "getStream"}, nil},
	{"data source", "commpeak_streams", []string{"listStreams"}, nil},
	{"data source", "commpeak_allowed_ips", []string{"getStream"}, nil},
	{"data source", "commpeak_event_templates", []string{"listEvents"}, nil},
	{"data source", "commpeak_realtime_performance", []string{"listStreams", "listMessages"}, nil},
	{"data source", "commpeak_domains", []string{"listDomains"}, nil},
	{"data source", "commpeak_sender", []string{"listSenders"}, nil},
	{"data source", "commpeak_senders", []string{"listSenders"}, nil},
	{"data source", "commpeak_stream_request_samples", []string{"getStream"}, nil},
	{"data source", "commpeak_stream_statistics", []string{"listMessages", "listIncomingMessages"}, nil},
	{"data source", "commpeak_webhooks", []string{"listWebhooks"}, nil},
	{"data source", "commpeak_whatsapp_templates", []string{"listWhatsAppTemplates"}, nil},

	{"list resource", "commpeak_stream", []string{"listStreams"}, nil},
	{"list resource", "commpeak_allowed_ip", []string{"listStreams"}, nil},
	{"list resource", "commpeak_allowed_ips", []string{"listStreams"}, nil},
	{"list resource", "commpeak_event_template", []string{"listStreams", "listEvents"}, nil},
	{"list resource", "commpeak_webhook", []string{"listStreams", "listWebhooks"}, nil},

	{"ephemeral", "commpeak_stream_token", []string{"getStreamToken"}, nil},

	{"action", "commpeak_send_test_message", []string{"getStreamToken"}, []string{"sendMessages", "sendEvent", "getMessageStatuses"}},
	{"action", "commpeak_reset_stream_token", []string{"getStreamToken"}, []string{"resetStreamToken"}},
}

// provided reports whether the provider makes the call.
func provided(operationID string) bool {
	return slices.ContainsFunc(objects, func(o object) bool {
		return slices.Contains(o.reads, operationID) || slices.Contains(o.writes, operationID)
	})
}
