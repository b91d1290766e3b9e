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
	variables tfconfig.Variables
	// protected: the example guards streams against deletion.
	protected bool
}

var exampleSurroundings = map[string]surroundings{
	"demo":                          {variables: tfconfig.Variables{"whatsapp_access_token": tfconfig.StringVariable("EAAG-example-demo")}},
	"resources/commpeak_stream":     {variables: tfconfig.Variables{"whatsapp_token": tfconfig.StringVariable("EAAG-example")}, protected: true},
	"data-sources/commpeak_stream":  {account: []mockserver.Stream{{Name: "Order updates"}}},
	"data-sources/commpeak_streams": {account: []mockserver.Stream{{Name: "Old", Type: mockserver.OTP, State: mockserver.Disabled, Tags: []string{"shop"}}}},
	"data-sources/commpeak_senders": {},
	"provider":                      {},

	"resources/commpeak_event_template":     {account: []mockserver.Stream{{Name: "Order updates", Type: mockserver.Transactional}}},
	"data-sources/commpeak_event_templates": {account: []mockserver.Stream{{Name: "Order updates", Type: mockserver.Transactional}}},
	"functions/render_template":             {},
	"functions/sms_segments":                {},
	"functions/template_variables":          {},
}

// creations are the writes that make one object of each kind.
var creations = map[string]string{
	"commpeak_stream":         "POST /streams",
	"commpeak_event_template": "POST /streams/{id}/events",
}

// creationsOf are the writes that make all objects of a configuration.
func creationsOf(config string) []string {
	var writes []string
	for kind, write := range creations {
		writes = append(writes, slices.Repeat([]string{write}, strings.Count(config, fmt.Sprintf("resource %q", kind)))...)
	}
	return writes
}

// exampleFolders are the folders below examples that hold a configuration.
func exampleFolders(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
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
			account := acctest.NewAccount(t)
			var keeps []string
			for _, stream := range around.account {
				keeps = append(keeps, account.AddStream(stream).Name)
			}
			config := exampleConfig(t, folder, func(name string) bool { return !isImport(name) })
			writes := creationsOf(config)
			steps := []acctest.Step{{
				TestStep: resource.TestStep{Config: config, ConfigVariables: around.variables}, Writes: writes,
			}}
			if around.protected {
				steps = append(steps, unprotect(config, around.variables))
			}
			acctest.TestKeeping(t, account, keeps, steps...)
		})
	}
}

// unprotect lets a test clean up after an example that guards its streams.
func unprotect(config string, variables tfconfig.Variables) acctest.Step {
	open := regexp.MustCompile(`(deletion_protection\s*=) true`).ReplaceAllString(config, "$1 false")
	return acctest.Step{TestStep: resource.TestStep{Config: open, ConfigVariables: variables}}
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
	"resources/commpeak_event_template": func(account *acctest.Account) {
		account.AddStream(mockserver.Stream{ID: 101, Name: "Order updates", Type: mockserver.Transactional})
		account.AddEvent(101, mockserver.Event{Name: "Order shipped", Key: "order_shipped", Template: "Order {order} is on its way. Track it: {link}"})
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
	variables := exampleSurroundings[folder].variables
	// The example makes one object less than it has resources.
	writes := creationsOf(config)
	imported := slices.Index(writes, creations[path.Base(folder)])
	var keeps []string
	for _, stream := range exampleSurroundings[folder].account {
		keeps = append(keeps, stream.Name)
	}
	acctest.TestKeeping(t, account, keeps,
		acctest.Step{
			TestStep: resource.TestStep{Config: config + importBlock(t, folder, file), ConfigVariables: variables},
			Writes:   slices.Delete(writes, imported, imported+1),
		},
		unprotect(config, variables),
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
