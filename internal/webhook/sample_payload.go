package webhook

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// payload is what a webhook receives for an incoming message. CommPeak does not
// publish its shape: these are the fields by which it lists messages.
type payload struct {
	MessageUUID       string         `json:"message_uuid"`
	ConversationUUID  string         `json:"conversation_uuid"`
	StreamID          int64          `json:"stream_id"`
	SourceName        string         `json:"source_name"`
	DestinationNumber string         `json:"destination_number"`
	SentAt            string         `json:"sent_at"`
	Channel           string         `json:"channel"`
	Content           payloadContent `json:"content"`
}

type payloadContent struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// SamplePayload is what a webhook of this stream and method receives for an
// incoming message, with made-up values: indented JSON, the body of a POST, or
// for GET the query string, without nesting. It is always the same.
func SamplePayload(streamID, method string) string {
	number, _ := strconv.ParseInt(streamID, 10, 64)
	sample := payload{
		MessageUUID:       "3f0c2a52-6b1d-4e0a-9c57-2d8f4b7e6a10",
		ConversationUUID:  "b7d1e9c4-0a38-4f6e-8f21-5c9a7e3d2b64",
		StreamID:          number,
		SourceName:        "447700900123", // a number that is reserved for examples.
		DestinationNumber: "447700900456",
		SentAt:            time.Date(2026, time.January, 31, 12, 30, 0, 0, time.UTC).Format(time.DateTime),
		Channel:           "sms",
		Content:           payloadContent{Type: "text", Text: "Is my order on its way?"},
	}
	if method == http.MethodGet {
		return sample.query().Encode()
	}
	body, _ := json.MarshalIndent(sample, "", "  ") // it has nothing that could not be encoded.
	return string(body)
}

func (r payload) query() url.Values {
	return url.Values{
		"message_uuid": {r.MessageUUID}, "conversation_uuid": {r.ConversationUUID}, "stream_id": {strconv.FormatInt(r.StreamID, 10)},
		"source_name": {r.SourceName}, "destination_number": {r.DestinationNumber}, "sent_at": {r.SentAt}, "channel": {r.Channel},
		"type": {r.Content.Type}, "text": {r.Content.Text},
	}
}
