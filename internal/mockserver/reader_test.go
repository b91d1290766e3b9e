package mockserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// The client of this test shares no code with the provider's: its calls and fields come from the vendor's reference and
// from public programs. "a.b" is a field of an object, "a[].b" a field of the first item of a list, "[].b" of the body's.

// documentedCall is a call, and the fields that a reader of the reference expects in its answer.
type documentedCall struct {
	call   string
	auth   string // "key" or "token"
	body   string
	fields []string
}

// callsOfBothVersions look the same in both versions of the reference.
var callsOfBothVersions = []documentedCall{
	{"GET /textpeak/streams?_page=1&itemsPerPage=1", "key", "", streamFields("[].")},
	{"GET /textpeak/streams/101", "key", "", streamFields("")},
	{"GET /textpeak/streams/101/token", "key", "", []string{"token"}},
	{
		"GET /textpeak/senders?_page=1&itemsPerPage=100", "key", "",
		[]string{"[].id", "[].name", "[].value", "[].dailyLimit", "[].stream", "[].senderType", "[].status"},
	},
	{"GET /textpeak/domains?_page=1&itemsPerPage=100", "key", "", []string{"[].id", "[].name", "[].ip", "[].status"}},
	{
		"POST /simple_send/", "token", `{"sender": "GLOBAL", "messages": [{"internal_id": "a", "recipient_phone": "447700900123", "message_content": "Hi"}]}`,
		sendFields,
	},
	{
		"POST /textpeak/streams/simple_send", "token", `{"messages": [{"sender": "GLOBAL", "recipient_phone": "447700900123", "message_content": "Hi"}]}`,
		sendFields,
	},
	{
		"POST /event_send/", "token",
		`{"event": "welcome", "recipients": [{"internal_id": "a", "recipient_phone": "447700900123", "sender": "GLOBAL", "template_variables": {"name": "Ada", "more": "x"}}]}`,
		sendFields,
	},
	{"POST /messages_status/", "token", `{"message_uuids": ["00000000-0000-4000-8000-000000000000"]}`, []string{"status", "messages"}},
}

var sendFields = []string{
	"status", "task_id", "messages[].internal_id", "messages[].message_uuid", "messages[].conversation_uuid", "messages[].error", "messages[].details",
}

func streamFields(prefix string) []string {
	names := []string{"id", "streamUid", "name", "description", "type", "callerId", "ipAcl", "state", "streamTags", "streamTags[].id", "streamTags[].value"}
	for i, name := range names {
		names[i] = prefix + name
	}
	return names
}

const (
	sentQuery     = "GET /textpeak/streams/messages?type=outgoing&status=delivered&streamId=101&phone=447700900123&startDate=2026-01-01&endDate=2099-01-01+00:00:00&page=1&itemsPerPage=1"
	receivedQuery = "GET /textpeak/streams/incoming_messages?streamId=102&destination=GLOBAL&startDate=2026-01-01+00:00:00&endDate=2099-01-01&page=1&itemsPerPage=1"
)

// callsOfVersion are the lists of messages, by version of the reference.
var callsOfVersion = map[mockserver.MessageVersion][]documentedCall{
	mockserver.VersionA: {
		{sentQuery, "key", "", items(
			"type", "message_uuid", "external_key", "sent_at", "delivered_at", "status", "source_number", "source_name", "destination_number",
			"country_code", "country_iso", "country_name", "cost", "channel", "content.type", "content.text", "conversation_uuid", "stream_id", "campaign_id",
		)},
		{receivedQuery + "&sender=447700900123", "key", "", items(
			"message_uuid", "received_at", "source_number", "destination_number", "contact_name", "country_code", "country_iso", "country_name",
			"text", "length", "conversation_uuid", "stream_id",
		)},
	},
	mockserver.VersionB: {
		{sentQuery, "key", "", items(
			"message_uuid", "sent_at", "delivered_at", "status", "source_number", "source_name", "destination_number", "country_code", "country_name",
			"cost", "platform", "content.body", "conversation", "stream.name", "campaign", "external_key",
		)},
		{receivedQuery + "&phone=447700900123", "key", "", items(
			"received_at", "from", "to", "contact_name", "message_length", "body", "conversation.id", "conversation.name", "stream.name",
		)},
	},
}

func items(names ...string) []string {
	fields := []string{"total"}
	for _, name := range names {
		fields = append(fields, "items[]."+name)
	}
	return fields
}

func TestForeignClientReadsEveryDocumentedField(t *testing.T) {
	for version, lists := range callsOfVersion {
		t.Run("version "+string(version), func(t *testing.T) {
			server, url := documentedAccount(t, version)
			read := 0
			for _, call := range append(callsOfBothVersions, lists...) {
				credential := server.APIKey()
				if call.auth == "token" {
					credential = server.Token(101)
				}
				answer := readJSON(t, url, call, credential)
				for _, field := range call.fields {
					if _, err := lookUp(answer, field); err != nil {
						t.Errorf("%s: %s: %v", call.call, field, err)
					}
					read++
				}
			}
			t.Logf("read %d fields", read)
		})
	}
}

// The forms of some values are documented, too.
func TestDocumentedForms(t *testing.T) {
	for version, want := range map[mockserver.MessageVersion]map[string]string{
		mockserver.VersionA: {"items[].stream_id": `"101"`, "items[].cost": "0.01", "items[].type": `"outgoing"`, "items[].country_iso": `"GB"`},
		mockserver.VersionB: {"items[].cost": `"0.010000"`, "items[].stream.name": `"Welcome"`, "items[].country_name": `"United Kingdom"`},
	} {
		server, url := documentedAccount(t, version)
		readJSON(t, url, callsOfBothVersions[5], server.Token(101))
		answer := readJSON(t, url, callsOfVersion[version][0], server.APIKey())
		for field, text := range want {
			value, err := lookUp(answer, field)
			if got, _ := json.Marshal(value); err != nil || string(got) != text {
				t.Errorf("version %q: %s is %s, want %s, %v", version, field, got, text, err)
			}
		}
	}
}

func TestStreamOfAReceivedMessageIsText(t *testing.T) {
	server, url := documentedAccount(t, mockserver.VersionA)
	id, err := lookUp(readJSON(t, url, callsOfVersion[mockserver.VersionA][1], server.APIKey()), "items[].stream_id")
	if err != nil || id != "102" {
		t.Errorf("%#v, %v", id, err)
	}
}

// No status and no cost: that is documented of messages that were received.
func TestReceivedMessagesLackStatusAndCost(t *testing.T) {
	for version, lists := range callsOfVersion {
		server, url := documentedAccount(t, version)
		answer := readJSON(t, url, lists[1], server.APIKey())
		for _, field := range []string{"items[].status", "items[].cost"} {
			if value, err := lookUp(answer, field); err == nil {
				t.Errorf("version %q: %s is %v", version, field, value)
			}
		}
	}
}

// documentedAccount returns an account in which every list has an item, restricted to what is documented.
func documentedAccount(t *testing.T, version mockserver.MessageVersion) (*mockserver.Server, string) {
	t.Helper()
	server := mockserver.New(mockserver.Options{MessageVersion: version, DocumentedOnly: true})
	server.AddStream(mockserver.Stream{Name: "Welcome", Type: mockserver.Transactional, Tags: []string{"a"}})
	server.AddEvent(101, mockserver.Event{Key: "welcome", Template: "Hi {name}"})
	server.AddStream(mockserver.Stream{Name: "Desk", Type: mockserver.TwoWay})
	server.AddMessage(mockserver.Message{StreamID: 101, Recipient: "447700900123", Sender: "GLOBAL", Text: "Hi"})
	if _, _, err := server.Receive(t.Context(), 102, "447700900123", "GLOBAL", "Hi"); err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	return server, listening.URL
}

func readJSON(t *testing.T, url string, call documentedCall, credential string) any {
	t.Helper()
	method, path, _ := strings.Cut(call.call, " ")
	request, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(call.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", credential)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v: %s", call.call, response.StatusCode, err, text)
	}
	var answer any
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%s: %v: %s", call.call, err, text)
	}
	return answer
}

// lookUp returns a field of an answer.
func lookUp(value any, path string) (any, error) {
	for part := range strings.SplitSeq(path, ".") {
		name, isList := strings.CutSuffix(part, "[]")
		if name != "" {
			object, isObject := value.(map[string]any)
			field, found := object[name]
			if !isObject || !found {
				return nil, fmt.Errorf("there is no %s", name)
			}
			value = field
		}
		if list, _ := value.([]any); isList && len(list) == 0 {
			return nil, fmt.Errorf("%s is no list with an item", part)
		} else if isList {
			value = list[0]
		}
	}
	return value, nil
}
