package message

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// requestSample is a request of the run-time API as the console's Request API
// tab shows it. Its authorisation, a stream's token, is not part of it.
type requestSample struct {
	// Kind names what the request does, such as "simple_send".
	Kind        string
	Method, URL string
	// ContentType is that of the body, which is indented JSON.
	ContentType, Body string
}

// The bodies of the requests.
type (
	simpleSend struct {
		Sender   string                 `json:"sender,omitempty"`
		Messages []commpeak.TextMessage `json:"messages"`
	}
	eventSend struct {
		Event      string                  `json:"event"`
		Recipients []commpeak.EventMessage `json:"recipients"`
	}
	statusQuery struct {
		UUIDs []string `json:"message_uuids"`
	}
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

// requestSamples returns the requests that fit the type of a stream; none for a
// type that is not known. Sends, events and one-time passwords are documented,
// except for what otp_verify says and answers; those of WhatsApp are assumed.
func requestSamples(endpoint string, stream commpeak.Stream) ([]requestSample, error) {
	var sender string
	if stream.DefaultSender == nil || *stream.DefaultSender == "" {
		sender = sampleSender
	}
	simple := sample{"simple_send", "/simple_send/", simpleSend{Sender: sender, Messages: []commpeak.TextMessage{
		{InternalID: "order-1001", Recipient: sampleRecipient, Text: "Your order is on its way"},
	}}}
	event := sample{"event_send", "/event_send/", eventSend{Event: "event_key", Recipients: []commpeak.EventMessage{
		{InternalID: "order-1001", Recipient: sampleRecipient, Sender: sender, Variables: map[string]string{"variable": "value"}},
	}}}
	status := sample{"messages_status", "/messages_status/", statusQuery{UUIDs: []string{sampleMessage}}}
	auth := sample{"otp_auth", "/otp/auth", otpAuth{Recipient: sampleRecipient, Sender: sender, Variables: codeOf(stream)}}
	verify := sample{"otp_verify", "/otp/verify", otpVerify{Recipient: sampleRecipient, Code: sampleCode}}

	switch stream.Type {
	case commpeak.Marketing, commpeak.TwoWay:
		return encodeSamples(endpoint, simple, status)
	case commpeak.Transactional:
		return encodeSamples(endpoint, simple, event, status)
	case commpeak.OTP:
		return encodeSamples(endpoint, simple, event, auth, verify, status)
	case commpeak.WhatsApp:
		return encodeSamples(endpoint,
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
func codeOf(stream commpeak.Stream) map[string]string {
	if stream.OTP != nil && stream.OTP.CodeGeneration == commpeak.CodesByCustomer {
		return map[string]string{"code": sampleCode}
	}
	return nil
}

// sample is a [requestSample] in the making.
type sample struct {
	kind, path string
	body       any
}

func encodeSamples(endpoint string, list ...sample) ([]requestSample, error) {
	samples := make([]requestSample, len(list))
	for i, s := range list {
		body, err := json.MarshalIndent(s.body, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("encoding a sample: %w", err)
		}
		samples[i] = requestSample{
			Kind: s.kind, Method: http.MethodPost, URL: endpoint + s.path, ContentType: "application/json", Body: string(body),
		}
	}
	return samples, nil
}
