package testmessage_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// news is a configuration with a stream that may send.
func news(settings string) string {
	return `
resource "commpeak_stream" "news" {
  name           = "News"
  type           = "transactional"
  default_sender = "ACME"
  ` + settings + `
}`
}

// sending is a configuration that sends a test message whenever the release
// changes, and then counts.
func sending(release, settings string) string {
	return fmt.Sprintf(`
action "commpeak_send_test_message" "hello" {
  config {
    stream_id = commpeak_stream.news.id
    recipient = %[2]q
    text      = "Hello from release %[1]s"
    %[3]s
  }
}

resource "terraform_data" "release" {
  input = %[1]q

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.commpeak_send_test_message.hello]
    }
  }
}

data "commpeak_stream_statistics" "news" {
  stream_id  = commpeak_stream.news.id
  window     = "1h"
  depends_on = [terraform_data.release]
}

data "commpeak_realtime_performance" "all" {
  depends_on = [terraform_data.release]
}`, release, phone, settings)
}

func sends(release string) string {
	return fmt.Sprintf(`POST /simple_send/ {"messages": [{"recipient_phone": %q, "message_content": "Hello from release %s"}]}`, phone, release)
}

// counted expects figures of both data sources.
func counted(total int64) []statecheck.StateCheck {
	const statistics, all = "data.commpeak_stream_statistics.news", "data.commpeak_realtime_performance.all"
	first := tfjsonpath.New("streams").AtSliceIndex(0)
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue(statistics, tfjsonpath.New("total"), knownvalue.Int64Exact(total)),
		statecheck.ExpectKnownValue(statistics, tfjsonpath.New("delivered"), knownvalue.Int64Exact(total)),
		statecheck.ExpectKnownValue(statistics, tfjsonpath.New("delivery_rate"), knownvalue.Float64Exact(1)),
		statecheck.ExpectKnownValue(all, first.AtMapKey("delivered"), knownvalue.Int64Exact(total)),
		statecheck.ExpectKnownValue(all, first.AtMapKey("messages_per_minute"), knownvalue.Float64Exact(float64(total)/60)),
	}
}

// A test message goes out, the statistics count it, and no plan is made
// non-empty by that.
func TestAccTestMessage(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Actions)
	account := acctest.NewAccount(t)
	step := func(config string, sends bool, total int64, writes ...string) acctest.Step {
		return acctest.Step{
			TestStep: resource.TestStep{Config: config, ConfigStateChecks: counted(total)}, Writes: writes, Sends: sends,
		}
	}
	one, two := news("")+sending("1.0", ""), news("")+sending("2.0", "wait_for_delivery = true")
	acctest.Test(t, account,
		step(one, true, 1, "POST /streams", sends("1.0")),
		step(one, false, 1),
		step(two, true, 2, sends("2.0")),
		step(two, false, 2),
	)
}

func TestAccTestMessageOfAnEvent(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Actions)
	account := acctest.NewAccount(t)
	stream := account.AddStream(mockserver.Stream{Name: "Codes", Type: mockserver.OTP})
	account.AddEvent(stream.ID, mockserver.Event{Key: "login", Template: "Your code is {code}"})
	acctest.TestKeeping(t, account, []string{"Codes"}, acctest.Step{
		TestStep: resource.TestStep{Config: fmt.Sprintf(`
			action "commpeak_send_test_message" "login" {
				config {
					stream_id = %q
					recipient = %q
					event_key = "login"
					variables = { code = "12345" }
					sender    = "GLOBAL"
				}
			}
			resource "terraform_data" "release" {
				lifecycle {
					action_trigger {
						events  = [after_create]
						actions = [action.commpeak_send_test_message.login]
					}
				}
			}`, strconv.Itoa(stream.ID), phone)},
		Writes: []string{`POST /event_send/ {"event": "login", "recipients": [
			{"recipient_phone": "` + phone + `", "sender": "GLOBAL", "template_variables": {"code": "12345"}}]}`},
	})
	if messages := account.Messages(); len(messages) != 1 || messages[0].Text != "Your code is 12345" {
		t.Errorf("sent %+v", messages)
	}
}

// A disabled stream rejects messages; after it is enabled, it sends them.
func TestAccTestMessageThroughADisabledStream(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Actions)
	account := acctest.NewAccount(t)
	acctest.Test(t, account,
		acctest.Step{
			TestStep: resource.TestStep{
				Config:      news("enabled = false") + sending("1.0", ""),
				ExpectError: regexp.MustCompile(`(?s)stream is disabled \(0x10\).*enabled\s+=\s+true`),
			},
			Writes: []string{"POST /streams", sends("1.0")},
		},
		acctest.Step{
			TestStep: resource.TestStep{Config: news("") + sending("2.0", "")},
			Writes:   []string{`PATCH /streams/{id} {"state": "ready"}`, sends("2.0")},
			Sends:    true,
		},
	)
	if n := len(account.Messages()); n != 1 {
		t.Errorf("%d messages were sent", n)
	}
}

func TestAccTestMessageReadOnly(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Actions)
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{ID: 101, Name: "News"})
	config := strings.ReplaceAll(sending("1.0", ""), "commpeak_stream.news.id", `"101"`)
	acctest.TestKeeping(t, account, []string{"News"}, acctest.Step{TestStep: resource.TestStep{
		Config:      `provider "commpeak" { read_only = true }` + config,
		ExpectError: regexp.MustCompile(`(?s)read_only = true\.\s+Nothing\s+was\s+sent`),
	}})
}

// call makes a call of the messaging API and returns the HTTP status and the
// answer's own.
func call(account *acctest.Account, token, path, body string) (httpStatus int, status bool, details string, err error) {
	request, err := http.NewRequest(http.MethodPost, account.MessagingEndpoint+path, strings.NewReader(body))
	if err != nil {
		return 0, false, "", err
	}
	request.Header.Set("Authorization", token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, false, "", err
	}
	defer response.Body.Close()
	var answer struct {
		Status  bool   `json:"status"`
		Details string `json:"details"`
	}
	err = json.NewDecoder(response.Body).Decode(&answer)
	return response.StatusCode, answer.Status, answer.Details, err
}

// After a reset, a test message uses the current token.
func TestAccTestMessageAfterATokenReset(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Actions)
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusUnauthorized)
	trySend := func(token string, want int) {
		t.Helper()
		body := fmt.Sprintf(`{"messages": [{"recipient_phone": %q, "message_content": "By hand"}]}`, phone)
		if got, _, _, err := call(account, token, "/simple_send/", body); err != nil || got != want {
			t.Errorf("HTTP %d, not %d (%v)", got, want, err)
		}
	}
	reset := func() {
		id := account.Streams()[0].ID
		old := account.Token(id)
		trySend(old, http.StatusOK)
		current := account.ResetToken(id)
		trySend(old, http.StatusUnauthorized)
		trySend(current, http.StatusOK)
	}
	acctest.Test(t, account,
		acctest.Step{
			TestStep: resource.TestStep{Config: news("") + sending("1.0", "")},
			Writes:   []string{"POST /streams", sends("1.0"), "POST /simple_send/", "POST /simple_send/", "POST /simple_send/"},
			Sends:    true,
		},
		acctest.Step{
			TestStep: resource.TestStep{PreConfig: reset, Config: news("") + sending("2.0", ""), ConfigStateChecks: counted(4)},
			Writes:   []string{sends("2.0")},
			Sends:    true,
		},
	)
}

// What Terraform sets of an OTP stream is what its codes obey.
func TestAccCodesExpireAndCountFailures(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	account := acctest.NewAccount(t, func(o *mockserver.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	stream := func() (int, string) { id := account.Streams()[0].ID; return id, account.Token(id) }
	auth := func() error {
		_, token := stream()
		if _, accepted, details, err := call(account, token, "/otp/auth", fmt.Sprintf(`{"recipient_phone": %q}`, phone)); err != nil || !accepted {
			return fmt.Errorf("no code was sent: %s %w", details, err)
		}
		return nil
	}
	verify := func(right bool, want string) error {
		id, token := stream()
		code := account.Code(id, phone)
		if !right {
			code = "wrong"
		}
		_, verified, details, err := call(account, token, "/otp/verify", fmt.Sprintf(`{"recipient_phone": %q, "code": %q}`, phone, code))
		if err != nil || verified != (want == "") || details != want {
			return fmt.Errorf("verified: %t, %q, not %q (%w)", verified, details, want, err)
		}
		return nil
	}
	exercise := func(*terraform.State) error {
		for _, act := range []func() error{
			auth, func() error { return verify(true, "") },
			auth, func() error { return verify(false, "code is wrong") }, func() error { return verify(false, "code is wrong") },
			func() error { return verify(true, "too many failures") },
			auth, func() error { ahead.Add(int64(time.Minute)); return verify(true, "code has expired") },
		} {
			if err := act(); err != nil {
				return err
			}
		}
		if id, _ := stream(); len(account.Code(id, phone)) != 6 {
			return fmt.Errorf("the code has %d digits", len(account.Code(id, phone)))
		}
		return nil
	}
	acctest.Test(t, account, acctest.Step{
		TestStep: resource.TestStep{
			Config: `resource "commpeak_stream" "codes" {
				name           = "Codes"
				type           = "otp"
				default_sender = "ACME"
				otp            = { code_length = 6, code_ttl_seconds = 60, max_failures = 2 }
			}`,
			Check: exercise,
		},
		Writes: []string{
			"POST /streams", "POST /otp/auth", "POST /otp/verify", "POST /otp/auth", "POST /otp/verify",
			"POST /otp/verify", "POST /otp/verify", "POST /otp/auth", "POST /otp/verify",
		},
		Sends: true,
	})
}
