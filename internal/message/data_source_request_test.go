package message_test

import (
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const streamRequest = "commpeak_stream_request"

// sample is one request of a commpeak_stream_request.
type sample struct {
	method, url, body, curl string
	headers                 map[string]string
}

// samples reads the requests of the stream.
func samples(t *testing.T, account *acctest.Account, stream mockserver.Stream) map[string]sample {
	t.Helper()
	state, diagnostics := acctest.NewProtocol(t, account, nil).ReadData(streamRequest, acctest.Values{"stream_id": strconv.Itoa(stream.ID)})
	acctest.ExpectNone(t, diagnostics)
	found := map[string]sample{}
	for kind, request := range attributesOf(t, attributesOf(t, state)["requests"]) {
		one := sample{
			method: textOf(t, request, "method"), url: textOf(t, request, "url"),
			body: textOf(t, request, "body"), curl: textOf(t, request, "curl"), headers: map[string]string{},
		}
		var headers map[string]tftypes.Value
		if err := attributesOf(t, request)["headers"].As(&headers); err != nil {
			t.Fatal(err)
		}
		for name := range headers {
			one.headers[name] = textOf(t, attributesOf(t, request)["headers"], name)
		}
		found[kind] = one
	}
	return found
}

// Each sample is a request that the service understands: the account's contract
// refuses any other.
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
			found := samples(t, account, stream)
			if n := account.Count(""); n != 1 || account.Count("GET /streams/{id}") != 1 {
				t.Errorf("it costs %d requests", n)
			}
			var got []string
			for kind, sample := range found {
				got = append(got, kind)
				sample.send(t, account.Token(stream.ID))
				if strings.Contains(sample.body+sample.curl, account.Token(stream.ID)) {
					t.Errorf("%s holds the token", kind)
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
		request.Header.Set(name, strings.ReplaceAll(value, "$COMMPEAK_STREAM_TOKEN", token))
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

// The command says to curl what the other attributes say, whatever is in them.
func TestRequestSampleCommand(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no POSIX shell")
	}
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{})
	account.MessagingEndpoint += "/it's$HOME"
	found := samples(t, account, stream)["simple_send"]
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
		t.Errorf("curl is told %q, not %q", got, want)
	}
	if !strings.HasSuffix(found.url, "/it's$HOME/simple_send/") {
		t.Errorf("the URL is %s", found.url)
	}
}

func TestStreamRequestMistakes(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	p := acctest.NewProtocol(t, account, nil)
	acctest.Expect(t, p.ValidateData(streamRequest, acctest.Values{"stream_id": " "}), "at stream_id:", "blank")
	_, diagnostics := p.ReadData(streamRequest, acctest.Values{"stream_id": "7"})
	acctest.Expect(t, diagnostics, "at stream_id:", "stream with the ID 7")
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}", Status: 403, Body: `{"message": "IP ACL restriction"}`})
	_, diagnostics = p.ReadData(streamRequest, acctest.Values{"stream_id": "7"})
	acctest.Expect(t, diagnostics, "cannot be used from this address", "IP ACL restriction")
}
