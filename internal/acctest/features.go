package acctest

import (
	"context"
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
	IdentityImport = Feature{"import blocks with identity", version.Must(version.NewVersion("1.12.0")), version.Must(version.NewVersion("1.12.0"))}
	Actions        = Feature{"actions", version.Must(version.NewVersion("1.14.0")), nil}
)

// SkipWithout skips the test where the CLI lacks the feature, and names it.
func SkipWithout(t *testing.T, feature Feature) {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skip("acceptance tests are skipped unless TF_ACC is set")
	}
	found, err := CLI()
	if err != nil {
		t.Fatal(err)
	}
	since := feature.terraform
	if found.Name == cli.OpenTofu {
		since = feature.openTofu
	}
	if since == nil || found.Version.LessThan(since) {
		t.Skipf("%s has no %s", found, feature.name)
	}
}

// CLI is the program that the acceptance tests drive.
var CLI = sync.OnceValues(func() (cli.CLI, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return cli.At(context.Background(), path)
	}
	return cli.Find(context.Background())
})
