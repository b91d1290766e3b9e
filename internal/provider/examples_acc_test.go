package provider_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfconfig "github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const examples = "../../examples"

// An example's surroundings: what is there before it, and what it is given.
type surroundings struct {
	account   []mockserver.Stream
	events    []mockserver.Event // of the first stream
	variables tfconfig.Variables
	// protected: the example guards streams against deletion.
	protected bool
	// nextTo is the folder whose files the example needs.
	nextTo string
	// sends are the messages that the example sends.
	sends []string
	// anyWrites: chance decides how many changes go out together.
	anyWrites bool
	// elsewhere: the example has a test of its own.
	elsewhere bool
}

var exampleSurroundings = map[string]surroundings{
	"demo":         {variables: demoVariables, anyWrites: true},
	"demo/actions": {nextTo: "demo", variables: demoVariables, anyWrites: true},
	"provider":     {},
	"rotation":     {},
	// The providers of these receivers are not at hand.
	"rotation/receivers": {elsewhere: true},

	"adopting/import":         {elsewhere: true},
	"adopting/import/settled": {elsewhere: true},
	"adopting/query":          {elsewhere: true},

	"fleet":                {elsewhere: true},
	"fleet/account":        {elsewhere: true},
	"fleet/account/stream": {elsewhere: true},

	"modules/otp-stream": {
		variables: tfconfig.Variables{
			"name":        tfconfig.StringVariable("Login codes"),
			"allowed_ips": tfconfig.SetVariable(tfconfig.StringVariable("203.0.113.7")),
			"events": tfconfig.MapVariable(map[string]tfconfig.Variable{
				"login_code": tfconfig.ObjectVariable(map[string]tfconfig.Variable{"template": tfconfig.StringVariable("{code} is your Acme code.")}),
			}),
		},
		anyWrites: true,
	},
	"modules/two-way-stream": {variables: tfconfig.Variables{
		"name":                   tfconfig.StringVariable("Help desk"),
		"webhook":                tfconfig.ObjectVariable(map[string]tfconfig.Variable{"url": tfconfig.StringVariable("https://desk.example.com/hooks/sms")}),
		"secret_headers":         tfconfig.MapVariable(map[string]tfconfig.Variable{"Authorization": tfconfig.StringVariable("Bearer key-of-the-desk")}),
		"secret_headers_version": tfconfig.IntegerVariable(1),
	}},

	"functions/render_template":    {},
	"functions/sms_segments":       {},
	"functions/template_variables": {},

	"actions/commpeak_reset_stream_token": {account: orders()},
	"actions/commpeak_send_test_message": {
		account: []mockserver.Stream{{Name: "Order updates", Type: mockserver.Transactional}},
		sends:   []string{`POST /simple_send/ {"messages": [{"sender": "GLOBAL", "recipient_phone": "447700900123", "message_content": "Release 1.0 is out"}]}`},
	},

	"data-sources/commpeak_allowed_ips":          {account: orders()},
	"data-sources/commpeak_event_templates":      {account: orders()},
	"data-sources/commpeak_realtime_performance": {account: orders()},
	"data-sources/commpeak_domains":              {},
	"data-sources/commpeak_sender":               {},
	"data-sources/commpeak_senders":              {},
	"data-sources/commpeak_stream":               {account: orders()},
	"data-sources/commpeak_stream_request_samples": {
		account: orders(), events: []mockserver.Event{{Key: "order_shipped", Template: "Order {order} is on its way."}},
	},
	"data-sources/commpeak_stream_statistics": {account: orders()},
	"data-sources/commpeak_streams":           {account: []mockserver.Stream{{Name: "Old", Type: mockserver.OTP, State: mockserver.Disabled, Tags: []string{"shop"}}}},
	"data-sources/commpeak_webhooks":          {account: []mockserver.Stream{{Name: "Replies", Type: mockserver.TwoWay}}},
	"data-sources/commpeak_whatsapp_templates": {
		account: []mockserver.Stream{{Name: "Support on WhatsApp", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "1"}}},
	},

	"ephemeral-resources/commpeak_stream_token": {account: orders()},

	"resources/commpeak_allowed_ip":     {account: orders(), anyWrites: true},
	"resources/commpeak_allowed_ips":    {account: orders(), anyWrites: true},
	"resources/commpeak_event_template": {account: orders()},
	"resources/commpeak_stream":         {variables: tfconfig.Variables{"whatsapp_token": tfconfig.StringVariable("EAAG-example")}, protected: true},
	"resources/commpeak_stream_token":   {account: orders()},
	"resources/commpeak_webhook": {
		account:   []mockserver.Stream{{Name: "Replies", Type: mockserver.TwoWay}},
		variables: tfconfig.Variables{"desk_key": tfconfig.StringVariable("key-of-the-desk")},
	},
}

var demoVariables = tfconfig.Variables{"whatsapp_access_token": tfconfig.StringVariable("EAAG-example-demo")}

// orders is the one stream that most examples look up.
func orders() []mockserver.Stream {
	return []mockserver.Stream{{Name: "Order updates", Type: mockserver.Transactional, Tags: []string{"shop"}, IPACL: "192.0.2.1"}}
}

// creations are the writes that make one object of each kind.
var creations = map[string]string{
	"commpeak_event_template": "POST /streams/{id}/events",
	"commpeak_stream":         "POST /streams",
	"commpeak_stream_token":   "POST /streams/{id}/token",
	"commpeak_webhook":        "POST /streams/{id}/webhooks",
}

// creationsOf are the writes that make all objects of a configuration.
func creationsOf(config string) []string {
	var writes []string
	for kind, write := range creations {
		writes = append(writes, slices.Repeat([]string{write}, strings.Count(config, fmt.Sprintf("resource %q", kind)))...)
	}
	return writes
}

// removeAll is a step that removes everything. It comes last, since the
// testing library cannot remove objects that for_each names.
func removeAll() acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{Config: "locals {}"}, AnyWrites: true}
}

// exampleFolders are the folders below examples that hold a configuration. What
// the tests of modules need for themselves is no example.
func exampleFolders(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && entry.Name() == "tests" {
			return fs.SkipDir
		}
		if err == nil && !entry.IsDir() && filepath.Ext(path) == ".tf" && !strings.Contains(path, ".terraform") {
			folder, relErr := filepath.Rel(examples, filepath.Dir(path))
			found[filepath.ToSlash(folder)] = true
			return relErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for folder := range found {
		folders = append(folders, folder)
	}
	slices.Sort(folders)
	return folders
}

// exampleConfig joins those files of an example that are wanted.
func exampleConfig(t *testing.T, folder string, wanted func(name string) bool) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(examples, folder))
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".tf" && wanted(entry.Name()) {
			text, err := os.ReadFile(filepath.Join(examples, folder, entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, string(text))
		}
	}
	return strings.Join(parts, "\n")
}

func isImport(name string) bool { return strings.HasPrefix(name, "import") }

// Every example can be planned and applied, and plans empty afterwards.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	for _, folder := range exampleFolders(t) {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			around, known := exampleSurroundings[folder]
			if !known {
				t.Fatalf("say in exampleSurroundings what the example needs")
			}
			if around.elsewhere {
				return
			}
			if strings.Contains(folder, "actions") {
				acctest.SkipWithout(t, acctest.Actions)
			}
			account := acctest.NewAccount(t)
			var keeps []string
			for _, stream := range around.account {
				keeps = append(keeps, account.AddStream(stream).Name)
			}
			for _, event := range around.events {
				account.AddEvent(account.Streams()[0].ID, event)
			}
			config := exampleConfig(t, folder, func(name string) bool { return !isImport(name) })
			if around.nextTo != "" {
				config += exampleConfig(t, around.nextTo, func(string) bool { return true })
			}
			writes := creationsOf(config)
			steps := []acctest.Step{{
				TestStep: resource.TestStep{Config: config, ConfigVariables: around.variables},
				Writes:   append(writes, around.sends...), AnyWrites: around.anyWrites,
			}}
			if around.protected {
				steps = append(steps, unprotect(config, around.variables))
			}
			acctest.TestKeeping(t, account, keeps, append(steps, removeAll())...)
		})
	}
}

// unprotect lets a test clean up after an example that guards its streams.
func unprotect(config string, variables tfconfig.Variables) acctest.Step {
	open := regexp.MustCompile(`(deletion_protection\s*=) true`).ReplaceAllString(config, "$1 false")
	return acctest.Step{TestStep: resource.TestStep{Config: open, ConfigVariables: variables}, AnyWrites: true}
}

// importable are the objects that the examples of importing name, made by hand
// and set up like their configurations.
var importable = map[string]func(*acctest.Account){
	"resources/commpeak_stream": func(account *acctest.Account) {
		about := "Confirmations, deliveries and refunds"
		account.AddStream(mockserver.Stream{
			ID: 101, Name: "Order updates", Type: mockserver.Transactional, Description: &about,
			Tags: []string{"checkout", "shop"}, DefaultSender: "ACME",
		})
	},
	"resources/commpeak_stream_token": func(account *acctest.Account) {
		account.AddStream(mockserver.Stream{ID: 101, Name: "Order updates"})
	},
	"resources/commpeak_allowed_ip": func(account *acctest.Account) {
		account.AddStream(mockserver.Stream{ID: 101, Name: "Order updates", IPACL: "203.0.113.7"})
	},
	"resources/commpeak_allowed_ips": func(account *acctest.Account) {
		account.AddStream(mockserver.Stream{ID: 101, Name: "Order updates", IPACL: "198.51.100.0/24, 2001:db8:42::/48; 203.0.113.7/32"})
	},
	"resources/commpeak_event_template": func(account *acctest.Account) {
		account.AddStream(mockserver.Stream{ID: 101, Name: "Order updates", Type: mockserver.Transactional})
		account.AddEvent(101, mockserver.Event{Name: "Order shipped", Key: "order_shipped", Template: "Order {order} is on its way. Track it: {link}"})
	},
	"resources/commpeak_webhook": func(account *acctest.Account) {
		account.AddStream(mockserver.Stream{ID: 101, Name: "Replies", Type: mockserver.TwoWay})
		account.AddWebhook(101, mockserver.Webhook{
			URL: "https://shop.example.com/sms/incoming", Enabled: true, Headers: []mockserver.Header{{Name: "X-Source", Value: "commpeak"}},
		})
	},
}

// Every way to import that an example shows works, and changes nothing.
func TestAccExamplesOfImport(t *testing.T) {
	t.Parallel()
	for _, folder := range exampleFolders(t) {
		if !strings.HasPrefix(folder, "resources/") {
			continue
		}
		for _, file := range []string{"import-by-string-id.tf", "import-by-identity.tf", "import.sh"} {
			t.Run(folder+"/"+file, func(t *testing.T) {
				t.Parallel()
				if file == "import-by-identity.tf" {
					acctest.SkipWithout(t, acctest.IdentityImport)
				}
				testImport(t, folder, file)
			})
		}
	}
}

func testImport(t *testing.T, folder, file string) {
	t.Helper()
	account := acctest.NewAccount(t)
	prepare, known := importable[folder]
	if !known {
		t.Fatal("say in importable what the example imports")
	}
	prepare(account)
	config := exampleConfig(t, folder, func(name string) bool { return !isImport(name) })
	around := exampleSurroundings[folder]
	// The example makes one object less than it has resources.
	writes := creationsOf(config)
	if imported := slices.Index(writes, creations[path.Base(folder)]); imported >= 0 {
		writes = slices.Delete(writes, imported, imported+1)
	}
	var keeps []string
	for _, stream := range around.account {
		keeps = append(keeps, stream.Name)
	}
	acctest.TestKeeping(t, account, keeps,
		acctest.Step{
			TestStep: resource.TestStep{Config: config + importBlock(t, folder, file), ConfigVariables: around.variables},
			Writes:   writes, AnyWrites: around.anyWrites,
		},
		unprotect(config, around.variables), removeAll(),
	)
}

var importCommand = regexp.MustCompile(`(?m)^terraform import (\S+) (\S+)$`)

// importBlock is the import that the file shows; a command becomes the block
// that does the same.
func importBlock(t *testing.T, folder, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(examples, folder, file))
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(file) == ".tf" {
		return string(text)
	}
	command := importCommand.FindStringSubmatch(string(text))
	if command == nil {
		t.Fatal("the file shows no terraform import")
	}
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", command[1], command[2])
}
