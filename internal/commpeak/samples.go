package commpeak

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// RequestSample is a request of the run-time API as the console's Request API
// tab shows it. Its authorisation, a stream's token, is not part of it.
type RequestSample struct {
	// Kind names what the request does, such as "simple_send".
	Kind        string
	Method, URL string
	// ContentType is that of the body, which is indented JSON.
	ContentType, Body string
}

// The bodies of calls that this client only shows.
type (
	otpAuth struct {
		Recipient string            `json:"recipient_phone"`
		Sender    string            `json:"sender,omitempty"`
		Variables map[string]string `json:"template_variables,omitempty"`
	}
	otpVerify struct {
		Recipient string `json:"recipient_phone"`
		Code      string `json:"code"`
	}
	whatsAppInitial struct {
		Recipient string            `json:"recipient_phone"`
		Template  string            `json:"template"`
		Language  string            `json:"language"`
		Variables map[string]string `json:"template_variables"`
	}
	whatsAppMedia struct {
		Conversation string `json:"conversation_uuid"`
		URL          string `json:"media_url"`
		Caption      string `json:"caption"`
	}
	whatsAppReply struct {
		Conversation string `json:"conversation_uuid"`
		Text         string `json:"message_content"`
	}
)

// What the samples are filled with.
const (
	sampleRecipient    = "491701234567"
	sampleSender       = "GLOBAL" // shared, and approved for every account.
	sampleCode         = "12345"
	sampleMessage      = "00000000-0000-4000-8000-000000000000"
	sampleConversation = "11111111-1111-4111-8111-111111111111"
)

// RequestSamples returns the requests that fit the type of a stream; none for a
// type that is not known. Sends, events and one-time passwords are documented,
// except for what otp_verify says and answers; those of WhatsApp are assumed.
func (c *Client) RequestSamples(stream Stream) ([]RequestSample, error) {
	var sender string
	if stream.DefaultSender == nil || *stream.DefaultSender == "" {
		sender = sampleSender
	}
	simple := sample{"simple_send", simpleSendPath, simpleSend{Sender: sender, Messages: []TextMessage{
		{InternalID: "order-1001", Recipient: sampleRecipient, Text: "Your order is on its way"},
	}}}
	event := sample{"event_send", eventSendPath, eventSend{Event: "event_key", Recipients: []EventMessage{
		{InternalID: "order-1001", Recipient: sampleRecipient, Sender: sender, Variables: map[string]string{"variable": "value"}},
	}}}
	status := sample{"messages_status", messagesStatusPath, statusQuery{UUIDs: []string{sampleMessage}}}
	auth := sample{"otp_auth", "/otp/auth", otpAuth{Recipient: sampleRecipient, Sender: sender, Variables: codeOf(stream)}}
	verify := sample{"otp_verify", "/otp/verify", otpVerify{Recipient: sampleRecipient, Code: sampleCode}}

	switch stream.Type {
	case Marketing, TwoWay:
		return c.samples(simple, status)
	case Transactional:
		return c.samples(simple, event, status)
	case OTP:
		return c.samples(simple, event, auth, verify, status)
	case WhatsApp:
		return c.samples(
			sample{"whatsapp_initial", "/whatsapp/initial/", whatsAppInitial{
				Recipient: sampleRecipient, Template: "template_name", Language: "en_US", Variables: map[string]string{"variable": "value"},
			}},
			sample{"whatsapp_media", "/whatsapp/media/", whatsAppMedia{sampleConversation, "https://example.com/picture.jpg", "A picture"}},
			sample{"whatsapp_reply", "/whatsapp/reply/", whatsAppReply{sampleConversation, "Thank you for your message"}},
			status,
		)
	}
	return nil, nil
}

// codeOf is the code in a request for an OTP stream whose customer makes them.
func codeOf(stream Stream) map[string]string {
	if stream.OTP != nil && stream.OTP.CodeGeneration == CodesByCustomer {
		return map[string]string{"code": sampleCode}
	}
	return nil
}

// sample is a [RequestSample] in the making.
type sample struct {
	kind, path string
	body       any
}

func (c *Client) samples(list ...sample) ([]RequestSample, error) {
	samples := make([]RequestSample, len(list))
	for i, s := range list {
		body, err := json.MarshalIndent(s.body, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("encoding a sample: %w", err)
		}
		samples[i] = RequestSample{
			Kind: s.kind, Method: http.MethodPost, URL: c.config.StreamsEndpoint + s.path, ContentType: jsonType, Body: string(body),
		}
	}
	return samples, nil
}
