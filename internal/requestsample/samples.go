package requestsample

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/sms"
)

// requestSample is a request of the messaging API as the tab Request API of the console shows it. It does not contain the token.
type requestSample struct {
	Name              string // for example "simple_send"
	Method, URL       string
	ContentType, Body string // Body is indented JSON.
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

// The values in the samples.
const (
	sampleRecipient    = "491701234567"
	sampleSender       = "GLOBAL" // Shared and approved for all accounts.
	sampleCode         = "12345"
	sampleValue        = "value"
	sampleMessage      = "00000000-0000-4000-8000-000000000000"
	sampleConversation = "11111111-1111-4111-8111-111111111111"
)

// requestSamples returns the requests for the type of a stream, and event_send for any type if an event is given. There are none
// for a type that is not recognized.
func requestSamples(endpoint string, stream commpeak.Stream, event *commpeak.Event) ([]requestSample, error) {
	var sender string
	if stream.DefaultSender == nil || *stream.DefaultSender == "" {
		sender = sampleSender
	}
	samples := typeSamples(stream, sender)
	if event != nil || slices.Contains(commpeak.EventStreamTypes, stream.Type) {
		samples = append(samples, sample{"event_send", "/event_send/", eventSample(event, sender)})
	}
	if len(samples) > 0 {
		samples = append(samples, sample{"messages_status", "/messages_status/", statusQuery{UUIDs: []string{sampleMessage}}})
	}
	return encodeSamples(endpoint, samples)
}

// typeSamples returns the requests that only some types of streams have.
func typeSamples(stream commpeak.Stream, sender string) []sample {
	simple := sample{"simple_send", "/simple_send/", simpleSend{Sender: sender, Messages: []commpeak.TextMessage{
		{InternalID: "order-1001", Recipient: sampleRecipient, Text: "Your order is on its way"},
	}}}
	switch stream.Type {
	case commpeak.Marketing, commpeak.TwoWay, commpeak.Transactional:
		return []sample{simple}
	case commpeak.OTP:
		return []sample{
			simple,
			{"otp_auth", "/otp/auth", otpAuth{Recipient: sampleRecipient, Sender: sender, Variables: codeVariables(stream)}},
			{"otp_verify", "/otp/verify", otpVerify{Recipient: sampleRecipient, Code: sampleCode}},
		}
	case commpeak.WhatsApp:
		return []sample{
			{"whatsapp_initial", "/whatsapp/initial/", whatsAppInitial{
				Recipient: sampleRecipient, Template: "template_name", Language: "en_US", Variables: map[string]string{"variable": sampleValue},
			}},
			{"whatsapp_media", "/whatsapp/media/", whatsAppMedia{sampleConversation, "https://example.com/picture.jpg", "A picture"}},
			{"whatsapp_reply", "/whatsapp/reply/", whatsAppReply{sampleConversation, "Thank you for your message"}},
		}
	}
	return nil
}

// eventSample returns the body that sends an event with a value for each of its variables. Without an event, key and variable are placeholders.
func eventSample(event *commpeak.Event, sender string) eventSend {
	key, variables := "event_key", map[string]string{"variable": sampleValue}
	if event != nil {
		key, variables = event.Key, map[string]string{}
		for _, name := range sms.Variables(event.Template) {
			variables[name] = sampleValue
		}
	}
	if _, found := variables["code"]; found {
		variables["code"] = sampleCode
	}
	return eventSend{Event: key, Recipients: []commpeak.EventMessage{
		{InternalID: "order-1001", Recipient: sampleRecipient, Sender: sender, Variables: variables},
	}}
}

// codeVariables returns the code in the request of an OTP stream whose customer generates the codes.
func codeVariables(stream commpeak.Stream) map[string]string {
	if stream.OTP != nil && stream.OTP.CodeGeneration == commpeak.CodesByCustomer {
		return map[string]string{"code": sampleCode}
	}
	return nil
}

// sample is a [requestSample] whose body is not encoded yet.
type sample struct {
	name, path string
	body       any
}

func encodeSamples(endpoint string, samples []sample) ([]requestSample, error) {
	encoded := make([]requestSample, len(samples))
	for i, s := range samples {
		body, err := json.MarshalIndent(s.body, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("encoding a sample: %w", err)
		}
		encoded[i] = requestSample{
			Name: s.name, Method: http.MethodPost, URL: endpoint + s.path, ContentType: "application/json", Body: string(body),
		}
	}
	return encoded, nil
}
