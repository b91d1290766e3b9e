package mockserver

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// MessageVersion selects one of the two versions in which the vendor's reference shows messages.
type MessageVersion string

// The versions of messages.
const (
	VersionA MessageVersion = ""  // flat: source_number, text, stream_id as text
	VersionB MessageVersion = "b" // nested: from, body, stream without an ID
)

// fieldsOf is an object of an answer. Both versions of a message are easier to compare with the reference in this form.
type fieldsOf = map[string]any

// sentMessage returns a message that was sent as the API lists it.
func (s *Server) sentMessage(m Message) fieldsOf {
	var deliveredAt *string
	if m.Status == Delivered {
		deliveredAt = wireTime(m.SettledAt)
	}
	from := countryOf(m.Recipient)
	fields := fieldsOf{
		"message_uuid": m.UUID, "external_key": orNull(m.ExternalKey), "sent_at": wireTime(m.SentAt), "delivered_at": deliveredAt,
		"status": m.Status, "source_number": m.Sender, "source_name": m.Sender, "destination_number": m.Recipient,
		"country_code": orNull(from.code), "country_name": orNull(from.name),
	}
	if s.opts.MessageVersion == VersionB {
		fields["cost"] = fmt.Sprintf("%.6f", m.Cost)
		fields["platform"] = m.Channel
		fields["content"] = fieldsOf{"body": m.Text}
		fields["conversation"] = conversationOf(m, m.Recipient)
		fields["stream"] = fieldsOf{"name": m.StreamName}
		fields["campaign"] = nil
		return fields
	}
	fields["type"] = directionOut
	fields["cost"] = m.Cost
	fields["channel"] = m.Channel
	fields["content"] = fieldsOf{"type": m.ContentType, "text": m.Text}
	fields["conversation_uuid"] = orNull(m.ConversationUUID)
	fields["country_iso"] = orNull(from.iso)
	fields["stream_id"] = decimal(m.StreamID)
	fields["campaign_id"] = nil
	return fields
}

// receivedMessage returns a message that was received as the API lists it. It has neither a status nor a cost.
func (s *Server) receivedMessage(m Message) fieldsOf {
	if s.opts.MessageVersion == VersionB {
		return fieldsOf{
			"received_at": wireTime(m.SentAt), "from": m.Sender, "to": m.Recipient, "contact_name": nil,
			"message_length": utf8.RuneCountInString(m.Text), "body": m.Text, "conversation": conversationOf(m, m.Sender),
			"stream": fieldsOf{"name": m.StreamName},
		}
	}
	return receivedFields(m)
}

// receivedFields returns a message that was received in version A. Webhooks receive the same fields.
func receivedFields(m Message) fieldsOf {
	from := countryOf(m.Sender)
	return fieldsOf{
		"message_uuid": m.UUID, "received_at": wireTime(m.SentAt), "source_number": m.Sender, "destination_number": m.Recipient,
		"contact_name": nil, "country_code": orNull(from.code), "country_iso": orNull(from.iso), "country_name": orNull(from.name),
		"text": m.Text, "length": utf8.RuneCountInString(m.Text), "conversation_uuid": orNull(m.ConversationUUID),
		"stream_id": decimal(m.StreamID),
	}
}

// conversationOf returns the conversation of a message, named after the phone, or nil.
func conversationOf(m Message, phone string) any {
	if m.ConversationUUID == "" {
		return nil
	}
	return fieldsOf{"id": m.ConversationUUID, "name": phone}
}

// country is what the API derives from a phone number.
type country struct{ code, iso, name string }

// countries are enough for examples: those of reserved numbers, and some others. No code begins with another one.
var countries = []country{
	{"1", "US", "United States"},
	{"33", "FR", "France"},
	{"34", "ES", "Spain"},
	{"39", "IT", "Italy"},
	{"44", "GB", "United Kingdom"},
	{"49", "DE", "Germany"},
	{"61", "AU", "Australia"},
	{"91", "IN", "India"},
	{"972", "IL", "Israel"},
}

func countryOf(phone string) country {
	for _, c := range countries {
		if strings.HasPrefix(phone, c.code) {
			return c
		}
	}
	return country{}
}

// wireTime writes a time as the API does: UTC without a zone, null if it is zero.
func wireTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.DateTime))
}
