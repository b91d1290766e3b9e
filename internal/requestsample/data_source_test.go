package requestsample_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const name = "commpeak_stream_request_samples"

// read returns the attributes of the data source for a stream.
func read(t *testing.T, account *acctest.Account, config acctest.Values) map[string]any {
	t.Helper()
	state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData(name, config)
	acctest.ExpectNone(t, diagnostics)
	attributes, isObject := acctest.DecodeValue(state).(map[string]any)
	if !isObject {
		t.Fatalf("the state is %s", state)
	}
	return attributes
}

// sample is one of the requests.
type sample struct {
	method, url, body, curl string
	headers                 map[string]any
}

// samples returns the requests by name.
func samples(t *testing.T, account *acctest.Account, config acctest.Values) map[string]sample {
	t.Helper()
	found := map[string]sample{}
	requests, _ := read(t, account, config)["requests"].(map[string]any)
	for name, request := range requests {
		attributes, _ := request.(map[string]any)
		text := func(attribute string) string { return fmt.Sprint(attributes[attribute]) }
		headers, _ := attributes["headers"].(map[string]any)
		found[name] = sample{text("method"), text("url"), text("body"), text("curl"), headers}
	}
	return found
}

func of(stream mockserver.Stream) acctest.Values {
	return acctest.Values{"stream_id": strconv.Itoa(stream.ID)}
}

// The mock account refuses requests that are not in the contract.
func TestRequestSamplesWork(t *testing.T) {
	t.Parallel()
	for streamType, kinds := range map[string][]string{
		mockserver.Marketing:     {"messages_status", "simple_send"},
		mockserver.Transactional: {"event_send", "messages_status", "simple_send"},
		mockserver.OTP:           {"event_send", "messages_status", "otp_auth", "otp_verify", "simple_send"},
		mockserver.TwoWay:        {"messages_status", "simple_send"},
		mockserver.WhatsApp:      {"messages_status", "whatsapp_initial", "whatsapp_media", "whatsapp_reply"},
		"voice":                  nil,
	} {
		t.Run(streamType, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			stream := account.AddStream(mockserver.Stream{Type: streamType, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "7", AccessToken: "EAAG-secret"}})
			account.AddEvent(stream.ID, mockserver.Event{Key: "event_key", Template: "A {variable}"})
			found := samples(t, account, of(stream))
			if n := account.Count(""); n != 1 || account.Count("GET /streams/{id}") != 1 {
				t.Errorf("it costs %d requests", n)
			}
			var got []string
			for name, sample := range found {
				got = append(got, name)
				sample.send(t, account.Token(stream.ID))
				if strings.Contains(sample.body+sample.curl, account.Token(stream.ID)) {
					t.Errorf("%s contains the token", name)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, kinds) {
				t.Errorf("the requests are %q, not %q", got, kinds)
			}
			if sends := len(account.Messages()); (sends == 0) != (streamType == "voice" || streamType == mockserver.WhatsApp) {
				t.Errorf("the samples sent %d messages", sends)
			}
		})
	}
}

// send makes the request with the token in its place.
func (s sample) send(t *testing.T, token string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), s.method, s.url, strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range s.headers {
		request.Header.Set(name, strings.ReplaceAll(fmt.Sprint(value), "$COMMPEAK_STREAM_TOKEN", token))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if answer, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		t.Errorf("%s %s is answered %s: %s", s.method, s.url, response.Status, answer)
	}
}

// The command passes the other attributes to curl unchanged, also with characters that a shell expands.
func TestRequestSampleCommand(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no POSIX shell")
	}
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{})
	account.MessagingEndpoint += "/it's$HOME"
	found := samples(t, account, of(stream))["simple_send"]
	const token = "a token's $HOME"
	command := exec.CommandContext(t.Context(), shell, "-c", `curl() { printf '%s\0' "$@"; }; `+found.curl)
	command.Env = []string{"COMMPEAK_STREAM_TOKEN=" + token, "HOME=/nowhere"}
	printed, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %s", err, found.curl)
	}
	want := []string{
		"--request", "POST", found.url, "--header", "Authorization: " + token, "--header", "Content-Type: application/json", "--data", found.body,
	}
	if got := strings.Split(strings.TrimSuffix(string(printed), "\x00"), "\x00"); !slices.Equal(got, want) {
		t.Errorf("curl receives %q, not %q", got, want)
	}
	if !strings.HasSuffix(found.url, "/it's$HOME/simple_send/") {
		t.Errorf("the URL is %s", found.url)
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	p := acctest.NewProtocol(t, account, nil)
	acctest.Expect(t, p.ValidateData(name, acctest.Values{"stream_id": " "}), "at stream_id:", "blank")
	_, diagnostics := p.ReadData(name, acctest.Values{"stream_id": "7"})
	acctest.Expect(t, diagnostics, "at stream_id:", "stream with the ID 7")
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}", Status: 403, Body: `{"message": "IP ACL restriction"}`})
	_, diagnostics = p.ReadData(name, acctest.Values{"stream_id": "7"})
	acctest.Expect(t, diagnostics, "cannot be used from this address", "IP ACL restriction")
}

// With an event key, the body can be sent as it is: the account refuses a send without one of the variables.
func TestSampleOfOneEvent(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Type: mockserver.Transactional, DefaultSender: "GLOBAL"})
	account.AddEvent(stream.ID, mockserver.Event{Key: "paid", Template: "Thank you"})
	account.AddEvent(stream.ID, mockserver.Event{Key: "shipped", Template: "Order {order} arrives {date}. Your code is {code}"})
	config := of(stream)
	config["event_key"] = "shipped"
	sample := samples(t, account, config)["event_send"]
	var got, want any
	const body = `{"event": "shipped", "recipients": [{"internal_id": "order-1001", "recipient_phone": "491701234567",
		"template_variables": {"order": "value", "date": "value", "code": "12345"}}]}`
	if err := errors.Join(json.Unmarshal([]byte(sample.body), &got), json.Unmarshal([]byte(body), &want)); err != nil || !cmp.Equal(got, want) {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
	sample.send(t, account.Token(stream.ID))
	if messages := account.Messages(); len(messages) != 1 || messages[0].Text != "Order value arrives value. Your code is 12345" {
		t.Errorf("sent %+v", messages)
	}
	if n := account.Count(""); n != 3 { // The stream, its events, and the send.
		t.Errorf("%d requests", n)
	}
}

func TestUnknownEventKey(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Type: mockserver.OTP})
	p, config := acctest.NewProtocol(t, account, nil), of(stream)
	config["event_key"] = "login"
	_, diagnostics := p.ReadData(name, config)
	acctest.Expect(t, diagnostics, "at event_key:", `"login"`, "does not have any event templates")
	account.AddEvent(stream.ID, mockserver.Event{Key: "log_in", Template: "Your code is {code}"})
	_, diagnostics = p.ReadData(name, config)
	acctest.Expect(t, diagnostics, "at event_key:", `"login"`, `Its keys are "log_in"`)
}

// The sample of an incoming message has the fields that the account sends to a webhook.
func TestIncomingMessageIsWhatAWebhookReceives(t *testing.T) {
	t.Parallel()
	var bodies, queries []string
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies, queries = append(bodies, string(body)), append(queries, r.URL.RawQuery)
	}))
	t.Cleanup(receiver.Close)
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Type: mockserver.TwoWay})
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		account.AddWebhook(stream.ID, mockserver.Webhook{URL: receiver.URL, Method: method, Enabled: true})
	}
	if _, _, err := account.Receive(t.Context(), stream.ID, "447700900123", "ACME", "Hi"); err != nil || len(bodies) != 2 {
		t.Fatalf("%d calls, %v", len(bodies), err)
	}
	sample, _ := read(t, account, of(stream))["incoming_message"].(map[string]any)
	fields := func(body any) []string {
		var object map[string]any
		if err := json.Unmarshal([]byte(fmt.Sprint(body)), &object); err != nil {
			t.Error(err)
		}
		return slices.Sorted(maps.Keys(object))
	}
	parameters := func(query any) []string {
		values, err := url.ParseQuery(fmt.Sprint(query))
		if err != nil {
			t.Error(err)
		}
		return slices.Sorted(maps.Keys(values))
	}
	if difference := cmp.Diff(fields(bodies[0]), fields(sample["body"])); difference != "" {
		t.Errorf("the body differs:\n%s", difference)
	}
	if difference := cmp.Diff(parameters(queries[1]), parameters(sample["query"])); difference != "" {
		t.Errorf("the query differs:\n%s", difference)
	}
}
