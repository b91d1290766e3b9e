package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const stream = `resource "commpeak_stream" "test" {
	name = "Newsletter"
	type = "marketing"
}
`

const listing = `data "commpeak_streams" "all" {}
`

// says matches an error as the terminal shows it, wherever its lines break.
func says(words ...string) *regexp.Regexp {
	patterns := make([]string, len(words))
	for i, word := range words {
		patterns[i] = strings.Join(strings.Fields(regexp.QuoteMeta(word)), `\s+(?:│\s+)?`)
	}
	return regexp.MustCompile("(?s)" + strings.Join(patterns, ".*"))
}

func fails(config string, words ...string) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: config, ExpectError: says(words...)}}
}

func TestAccWrongKey(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Tolerate(http.StatusUnauthorized)
	provider := `provider "commpeak" { api_key = "wrong-key" }
	`
	acctest.Test(t, account,
		fails(provider+listing, "CommPeak rejected the API key", "HTTP 401", "COMMPEAK_API_KEY", "token of a stream does not work"),
		fails(provider+stream, "CommPeak rejected the API key", "HTTP 401", "COMMPEAK_API_KEY"),
	)
}

func TestAccUnreachable(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	provider := fmt.Sprintf(`provider "commpeak" {
		endpoint    = "http://%s/textpeak"
		max_retries = 1
	}
	`, closedPort(t))
	acctest.Test(t, account, fails(provider+listing, "Could not connect to CommPeak", "refused", "COMMPEAK_ENDPOINT"))
}

// noRoute is an endpoint with a wrong path: the API answers as it does to
// what it has no route for.
func noRoute(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"title": "An error occurred", "detail": "No route found", "status": 404}`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A wrong path in the endpoint, which the API answers 404, does not make the
// account look empty, and no state is lost.
func TestAccWrongPath(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	work := acctest.NewWorkspace(t, account)
	work.Write("main.tf", requirements+stream+`
resource "commpeak_allowed_ip" "test" {
	stream_id = commpeak_stream.test.id
	ip        = "203.0.113.7"
}
`)
	work.Run("apply", "-auto-approve")
	work.Setenv("COMMPEAK_ENDPOINT", noRoute(t))
	for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"destroy", "-auto-approve"}, {"destroy", "-auto-approve", "-refresh=false"}} {
		out, err := work.Try(args...)
		if said := out + fmt.Sprint(err); err == nil || !says("even for the list of streams", "COMMPEAK_ENDPOINT").MatchString(said) {
			t.Errorf("%v says %s", args, said)
		}
	}
	work.Setenv("COMMPEAK_ENDPOINT", account.Endpoint)
	work.Run("plan", "-detailed-exitcode")
	work.Check()
}

func TestAccHTMLInsteadOfJSON(t *testing.T) {
	t.Parallel()
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>Welcome to the hotel's network</body></html>"))
	}))
	defer portal.Close()
	provider := fmt.Sprintf("provider \"commpeak\" { endpoint = %q }\n", portal.URL)
	acctest.Test(t, acctest.NewAccount(t),
		fails(provider+listing, "Unexpected response from the CommPeak endpoint", "text/html instead of JSON", "Check endpoint"))
}

func TestAccPlainHTTP(t *testing.T) {
	t.Parallel()
	acctest.Test(t, acctest.NewAccount(t),
		fails(`provider "commpeak" { endpoint = "http://gw.commpeak.com/textpeak" }
		`+listing, "Invalid endpoint", `endpoint = "http://gw.commpeak.com/textpeak"`, "clear text", "use https://"))
}

func TestAccMissingKey(t *testing.T) {
	t.Parallel()
	acctest.Test(t, acctest.NewAccount(t), fails(`provider "commpeak" { api_key = "" }
	`+listing, "Invalid api_key", "blank"))
}

// TestAccWritesNotOffered: the advice is about the call that was refused, for each operation.
func TestAccWritesNotOffered(t *testing.T) {
	t.Parallel()
	for _, policy := range []mockserver.WritePolicy{mockserver.WritesNotAllowed, mockserver.WritesNotFound} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t, func(o *mockserver.Options) { o.Writes = policy })
			account.Tolerate(http.StatusNotFound)
			account.Tolerate(http.StatusMethodNotAllowed)
			made := account.AddStream(mockserver.Stream{Name: "By hand"})
			adopt := fmt.Sprintf(`import {
				to = commpeak_stream.test
				id = "%d"
			}
			`, made.ID)
			byHand := strings.Replace(stream, "Newsletter", "By hand", 1)
			const assumed = "CommPeak does not document this call"
			change := fails(strings.Replace(stream, "Newsletter", "Other", 1), "This account cannot change the stream", assumed, "The next plan is then empty.")
			change.Writes = []string{"PATCH /streams/{id}"}
			destroy := fails(byHand, "This account cannot delete the stream", assumed, "removed {")
			destroy.Destroy = true
			destroy.Writes = []string{"DELETE /streams/{id}"}
			forget := acctest.Step{TestStep: resource.TestStep{Config: `removed {
				from = commpeak_stream.test
				lifecycle { destroy = false }
			}`}}
			create := fails(strings.Replace(stream, "test", "new", 1), "This account cannot create the stream", assumed, "import {")
			create.Writes = []string{"POST /streams"}
			acctest.TestKeeping(t, account, []string{"By hand"},
				acctest.Step{TestStep: resource.TestStep{Config: adopt + byHand}}, change, destroy, forget, create)
		})
	}
}

// TestAccDocumentedCallsSuffice: what needs only documented calls works on an account that offers no other calls.
func TestAccDocumentedCallsSuffice(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) {
		o.DocumentedOnly = true
		o.Spelling = mockserver.Spelling{Case: mockserver.Title}
	})
	made := account.AddStream(mockserver.Stream{Name: "By hand", Type: mockserver.OTP, Tags: []string{"eu"}})
	adopt := fmt.Sprintf(`import {
		to = commpeak_stream.test
		id = "%d"
	}
	resource "commpeak_stream" "test" {
		name = "By hand"
		type = "otp"
		tags = ["eu"]
		otp  = {}
	}
	`, made.ID)
	const data = `data "commpeak_streams" "eu" { any_tags = ["eu"] }
	data "commpeak_stream" "one" { name = "By hand" }
	data "commpeak_senders" "all" {}
	`
	const forget = `removed {
		from = commpeak_stream.test
		lifecycle { destroy = false }
	}
	`
	drifted := acctest.Step{TestStep: resource.TestStep{Config: adopt + data, PlanOnly: true, ExpectNonEmptyPlan: true}}
	drifted.PreConfig = func() { account.EditStream(made.ID, func(s *mockserver.Stream) { s.State = mockserver.Disabled }) }
	acctest.TestKeeping(t, account, []string{"By hand"},
		acctest.Step{TestStep: resource.TestStep{
			Config: adopt + data, ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.commpeak_streams.eu", tfjsonpath.New("total"), knownvalue.Int64Exact(1)),
				statecheck.ExpectKnownValue("data.commpeak_stream.one", tfjsonpath.New("type"), knownvalue.StringExact("otp")),
				statecheck.ExpectKnownValue("data.commpeak_stream.one", tfjsonpath.New("demo"), knownvalue.Null()),
			},
		}},
		drifted,
		acctest.Step{TestStep: resource.TestStep{Config: forget}},
	)
}

// The API key comes from another resource and is not known while planning.
func TestAccUnknownKey(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) { o.APIKey = "the-key-of-a-vault" })
	acctest.Test(t, account, acctest.Step{
		TestStep: resource.TestStep{Config: `resource "terraform_data" "vault" {
			input = "vault"
		}
		provider "commpeak" {
			api_key = "the-key-of-a-${terraform_data.vault.output}"
		}
		` + strings.Replace(stream, "type", "default_sender = \"GLOBAL\"\n type", 1)},
		Writes: []string{"POST /streams"},
	})
}

// TestAccThrottled: the provider waits as long as CommPeak asks.
func TestAccThrottled(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Inject(
		mockserver.Fault{Pattern: "POST /streams", Status: 429, Header: map[string]string{"Retry-After": "0"}},
		mockserver.Fault{Pattern: "GET /streams", Status: 429, Header: map[string]string{"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}},
	)
	acctest.Test(t, account, acctest.Step{
		TestStep: resource.TestStep{Config: stream},
		Writes:   []string{"POST /streams", "POST /streams"},
	})
	if left := account.PendingFaults(); left > 0 {
		t.Errorf("%d faults did not happen", left)
	}
}

// Violations are shown on the attributes they name.
func TestAccViolationsOnAttributes(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.Inject(mockserver.Fault{
		Pattern: "POST /streams", Status: 422, Header: map[string]string{"Content-Type": "application/problem+json"},
		Body: `{"title":"Validation failed","detail":"otpSettings.codeTtl: This is too odd.",
			"violations":[{"propertyPath":"otpSettings.codeTtl","message":"This is too odd.","code":"x"}]}`,
	})
	step := fails(`resource "commpeak_stream" "test" {
		name = "Codes"
		type = "otp"
		otp = {
			code_ttl_seconds = 61
		}
	}`, `Could not create the stream "Codes"`, "with commpeak_stream.test", "CommPeak rejected this value: This is too odd.", "Request ID:")
	step.Writes = []string{"POST /streams"}
	acctest.Test(t, account, step)
}
