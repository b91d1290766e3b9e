package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// grown is an account of 120 streams that people made by hand.
func grown(t *testing.T) *acctest.Account {
	t.Helper()
	account := acctest.NewAccount(t)
	about := "Says \"hello\",\nin ${two} lines and %{if}, to Zoë"
	for i := range 24 {
		tags := []string{"shop", fmt.Sprintf("team-%d", i%3)}
		marketing := mockserver.Stream{Name: fmt.Sprintf("Newsletter %d", i), Type: mockserver.Marketing, Tags: tags, DefaultSender: "GLOBAL"}
		orders := mockserver.Stream{Name: fmt.Sprintf("Orders %d", i), Type: mockserver.Transactional, Description: &about, Demo: i%2 == 0}
		codes := mockserver.Stream{Name: fmt.Sprintf("Codes %d", i), Type: mockserver.OTP, Restricted: i%2 == 0}
		replies := mockserver.Stream{Name: fmt.Sprintf("Replies %d", i), Type: mockserver.TwoWay, Tags: tags}
		support := mockserver.Stream{Name: fmt.Sprintf("Support %d", i), Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "7", AccessToken: fmt.Sprintf("EAAG-made-by-hand-%d", i)}}
		switch i % 4 {
		case 1:
			marketing.State, orders.IPACL = mockserver.Disabled, "192.0.2.1, 2001:db8::/32"
		case 2:
			codes.OTP = &mockserver.OTPSettings{CodeGeneration: "customer", CodeLength: 8, CodeTTL: 60, MaxFailures: 5, SendingLimit: &mockserver.SendingLimit{Messages: 3, PeriodSeconds: 600}}
			codes.IPACL = "198.51.100.0/24"
		case 3:
			support.WhatsApp.AccessToken = ""
		}
		account.AddStream(marketing)
		for _, stream := range []mockserver.Stream{account.AddStream(orders), account.AddStream(codes)} {
			for _, event := range []mockserver.Event{
				{Name: "Code", Key: "code", Template: "Your code is {code}"},
				{Name: "Wait \"here\"", Key: "wait", Template: "{name}, wait:\n${not} a %{reference} 100%"},
			} {
				account.AddEvent(stream.ID, event)
			}
		}
		for _, stream := range []mockserver.Stream{account.AddStream(replies), account.AddStream(support)} {
			account.AddWebhook(stream.ID, mockserver.Webhook{URL: "https://example.com/in?a=b&c=${d}", Method: "POST", Enabled: i%2 == 0})
		}
	}
	return account
}

// copyExample copies an example, with all that is below it.
func copyExample(w *acctest.Workspace, folder string) {
	w.CopyFS(os.DirFS(filepath.Join(examples, folder)))
}

// adopt runs the commands of the guide, each of which must succeed, and demands
// that the plan imports as many objects as said, and does nothing else.
func adopt(t *testing.T, w *acctest.Workspace, objects int) {
	t.Helper()
	out, err := w.Shell("sh -eux look.sh && sh -eux adopt.sh")
	if err != nil {
		t.Fatalf("%s\n%s", err, out)
	}
	for _, words := range []string{fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", objects), "No changes."} {
		if !strings.Contains(out, words) {
			t.Errorf("the output does not say %q:\n%s", words, out)
		}
	}
	w.Check()
	w.CheckUnchanged()
}

// An account that was made by hand comes under Terraform as the guide says, word
// for word: nothing is changed, and nothing is left to do.
func TestAccAdopting(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"query", "import"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			if folder == "query" {
				acctest.SkipWithout(t, acctest.ListResources)
			}
			w := acctest.NewWorkspace(t, grown(t))
			copyExample(w, "adopting/"+folder)
			adopt(t, w, 276)
		})
	}
}

// Documented calls and fields are enough to import streams of all types and their allowed IPs, also with CommPeak's labels of types.
func TestAccAdoptingByDocumentedCalls(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.ListResources)
	account := acctest.NewAccount(t, acctest.Spelled(mockserver.Spelling{Case: mockserver.OtherLabels}),
		func(o *mockserver.Options) { o.DocumentedOnly = true })
	for _, streamType := range []string{mockserver.Marketing, mockserver.Transactional, mockserver.OTP, mockserver.TwoWay, mockserver.WhatsApp} {
		account.AddStream(mockserver.Stream{
			Name: streamType, Type: streamType, Tags: []string{"shop"}, State: mockserver.Disabled,
		})
	}
	account.AddStream(mockserver.Stream{Name: "News", Type: mockserver.Marketing, IPACL: "192.0.2.1;198.51.100.0/24"})
	w := acctest.NewWorkspace(t, account)
	copyExample(w, "adopting/query")
	w.Write("account.tfquery.hcl", `
		list "commpeak_stream" "stream" { provider = commpeak }
		list "commpeak_allowed_ip" "ip" { provider = commpeak }
	`)
	adopt(t, w, 8)
	w.Run("plan", "-refresh-only", "-detailed-exitcode")
	w.CheckUnchanged()
}

// What is generated is what Terraform would write, and valid as it is.
func TestAccAdoptingGeneratesValidConfiguration(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file, text string
		generate   []string
	}{
		"query": {
			file:     "streams.tfquery.hcl",
			text:     `list "commpeak_stream" "stream" { provider = commpeak }`,
			generate: []string{"query", "-generate-config-out=generated.tf"},
		},
		"plan": {
			file: "imports.tf",
			text: `
				import {
					provider = commpeak
					to       = commpeak_stream.orders
					id       = "102"
				}
				import {
					provider = commpeak
					to       = commpeak_event_template.code
					id       = "103/code"
				}
				import {
					provider = commpeak
					to       = commpeak_webhook.replies
					id       = "104/1"
				}
				import {
					provider = commpeak
					to       = commpeak_stream.support
					id       = "105"
				}
				import {
					provider = commpeak
					to       = commpeak_allowed_ip.orders
					id       = "107/192.0.2.1"
				}
				import {
					provider = commpeak
					to       = commpeak_allowed_ips.codes
					id       = "113"
				}
				import {
					provider = commpeak
					to       = commpeak_stream_token.orders
					id       = "102"
				}
			`,
			generate: []string{"plan", "-generate-config-out=generated.tf"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "query" {
				acctest.SkipWithout(t, acctest.ListResources)
			}
			w := acctest.NewWorkspace(t, grown(t))
			copyExample(w, "adopting/import")
			for _, file := range []string{"account.tf", "resources.tf", "settled/account.tf"} {
				w.Remove(file)
			}
			w.Write(test.file, test.text)
			w.Run("init")
			w.Run(test.generate...)
			// Some versions demand the provider where they generate the resource,
			// and refuse it where the resource is there.
			if test.file == "imports.tf" {
				w.Write(test.file, strings.ReplaceAll(test.text, "provider = commpeak\n", "\n"))
			}
			w.Run("fmt", "-check", "-diff", "generated.tf")
			w.Run("validate")
			if out := w.Run("plan"); !strings.Contains(out, " to import, 0 to add, 0 to change, 0 to destroy") {
				t.Errorf("the output:\n%s", out)
			}
			w.CheckUnchanged()
		})
	}
}

var listBlock = regexp.MustCompile(`(?m)^list "(\w+)" "(\w+)"`)

// The examples of the list resources find something, each in an account that
// has it.
func TestAccListExamples(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob(filepath.Join(examples, "list-resources", "*"))
	if err != nil || len(folders) < 5 {
		t.Fatalf("%q: %v", folders, err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			acctest.SkipWithout(t, acctest.ListResources)
			account := acctest.NewAccount(t)
			orders := account.AddStream(mockserver.Stream{Name: "Shop orders", Type: mockserver.Transactional, Tags: []string{"shop"}, IPACL: "192.0.2.1"})
			replies := account.AddStream(mockserver.Stream{Name: "Shop replies", Type: mockserver.TwoWay})
			account.AddEvent(orders.ID, mockserver.Event{Name: "Paid", Key: "paid", Template: "Thanks"})
			account.AddWebhook(replies.ID, mockserver.Webhook{URL: "https://example.com", Method: "POST"})
			w := acctest.NewWorkspace(t, account)
			copyExample(w, "list-resources/"+filepath.Base(folder))
			w.Write("main.tf", requirements)
			w.Run("init")
			out := w.Run("query")
			blocks := listBlock.FindAllStringSubmatch(w.Read("list-resource.tfquery.hcl"), -1)
			if len(blocks) == 0 {
				t.Error("the example has no list block")
			}
			for _, block := range blocks {
				if address := "list." + block[1] + "." + block[2]; !strings.Contains(out, address+" ") {
					t.Errorf("%s finds nothing:\n%s", address, out)
				}
			}
			w.CheckUnchanged()
		})
	}
}
