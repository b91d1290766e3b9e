package requestsample

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// incomingMessage is what a webhook receives for an incoming message. CommPeak does not document
// the body: these are the documented fields of a received message, in the order of the reference.
type incomingMessage struct {
	MessageUUID       string `json:"message_uuid"`
	ReceivedAt        string `json:"received_at"`
	SourceNumber      string `json:"source_number"`
	DestinationNumber string `json:"destination_number"`
	ContactName       string `json:"contact_name"`
	CountryCode       string `json:"country_code"`
	CountryISO        string `json:"country_iso"`
	CountryName       string `json:"country_name"`
	Text              string `json:"text"`
	Length            int    `json:"length"`
	ConversationUUID  string `json:"conversation_uuid"`
	StreamID          string `json:"stream_id"`
}

// incomingSample returns the sample of a message that the stream receives, or nil if streams of its type do not receive messages.
func incomingSample(stream commpeak.Stream) *incomingMessage {
	const text = "Is my order on its way?"
	if !slices.Contains(commpeak.WebhookStreamTypes, stream.Type) {
		return nil
	}
	return &incomingMessage{
		MessageUUID:       sampleMessage,
		ReceivedAt:        time.Date(2026, time.January, 31, 12, 30, 0, 0, time.UTC).Format(time.DateTime),
		SourceNumber:      "447700900123", // Reserved for examples, like the next one.
		DestinationNumber: "447700900456",
		ContactName:       "Customer",
		CountryCode:       "44",
		CountryISO:        "GB",
		CountryName:       "United Kingdom",
		Text:              text,
		Length:            utf8.RuneCountInString(text),
		ConversationUUID:  sampleConversation,
		StreamID:          stream.ID,
	}
}

// body returns the body of a POST as indented JSON.
func (m incomingMessage) body() string {
	body, _ := json.MarshalIndent(m, "", "  ") // Strings and numbers can always be encoded.
	return string(body)
}

// query returns the query string of a GET.
func (m incomingMessage) query() string {
	return url.Values{
		"message_uuid": {m.MessageUUID}, "received_at": {m.ReceivedAt}, "source_number": {m.SourceNumber},
		"destination_number": {m.DestinationNumber}, "contact_name": {m.ContactName}, "country_code": {m.CountryCode},
		"country_iso": {m.CountryISO}, "country_name": {m.CountryName}, "text": {m.Text}, "length": {strconv.Itoa(m.Length)},
		"conversation_uuid": {m.ConversationUUID}, "stream_id": {m.StreamID},
	}.Encode()
}
