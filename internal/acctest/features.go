package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// Feature is something that not every supported CLI can do.
type Feature struct {
	name string
	// The first versions that have it; nil for a CLI that lacks it.
	terraform, openTofu *version.Version
}

// The features that tests depend on.
var (
	Identity       = Feature{"identities in its state", version.Must(version.NewVersion("1.12.0")), version.Must(version.NewVersion("1.12.0"))}
	IdentityImport = Feature{"import blocks with identity", version.Must(version.NewVersion("1.12.0")), version.Must(version.NewVersion("1.12.0"))}
	Actions        = Feature{"actions", version.Must(version.NewVersion("1.14.0")), nil}
	ListResources  = Feature{"list resources (terraform query)", version.Must(version.NewVersion("1.14.0")), nil}
	// StateAtOnce is a state file that is written after each object. OpenTofu
	// writes its state every 20 seconds, and when it ends.
	StateAtOnce = Feature{"state written after each object", version.Must(version.NewVersion("1.11.0")), nil}
)

// SkipWithout skips the test where the CLI lacks the feature, and names it: in
// the log of the test, and in the list that make shows at the end.
func SkipWithout(t *testing.T, feature Feature) {
	t.Helper()
	if found := underTest(t); !Has(t, feature) {
		Skip(t, fmt.Sprintf("%s has no %s", found, feature.name))
	}
}

// Skip skips an acceptance test that cannot show anything, and adds it to the
// list that make prints at the end.
func Skip(t *testing.T, reason string) {
	t.Helper()
	if err := note(reason + ": " + t.Name()); err != nil {
		t.Fatal(err)
	}
	t.Skip(reason)
}

// Has reports whether the CLI under test has the feature.
func Has(t *testing.T, feature Feature) bool {
	t.Helper()
	found := underTest(t)
	since := feature.terraform
	if found.Name == cli.OpenTofu {
		since = feature.openTofu
	}
	return since != nil && !found.Version.LessThan(since)
}

// note adds a line to the file that make reads, if there is one. All packages
// write to it.
func note(line string) error {
	path := os.Getenv("TF_ACC_SKIPPED")
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line + "\n")
	return errors.Join(err, file.Close())
}

// underTest returns the CLI, or skips the test when TF_ACC is not set.
func underTest(t *testing.T) cli.CLI {
	t.Helper()
	requireAccName(t)
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skip("acceptance tests are skipped unless TF_ACC is set")
	}
	found, err := CLI()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// CLI is the program that the acceptance tests drive.
var CLI = sync.OnceValues(func() (cli.CLI, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return cli.At(context.Background(), path)
	}
	return cli.Find(context.Background())
})
